"""Stack outputs: what other stacks and people read. Their names are an interface."""

import pulumi

from components.ecs.cluster import EcsCluster
from components.eks.cluster import EksCluster
from components.load_balancer.load_balancer import LoadBalancer
from components.network.network import Network
from components.workloads import Workloads


def export_outputs(
    *,
    network: Network,
    ecs: EcsCluster | None,
    eks: EksCluster | None,
    balancer: LoadBalancer | None,
    workloads: Workloads,
) -> None:
    """Export the stack's outputs; a part that the stack doesn't have exports nothing."""
    pulumi.export("vpcId", network.vpc_id)
    pulumi.export("privateSubnetIds", network.private_subnet_ids)
    if network.has_isolated_subnets:
        pulumi.export("isolatedSubnetIds", network.isolated_subnet_ids)
    if ecs:
        pulumi.export("ecsClusterName", ecs.cluster.name)
    if eks:
        pulumi.export("eksClusterName", eks.cluster_name)
    if balancer:
        pulumi.export("loadBalancerUrl", balancer.url)
    created = workloads.created
    declared = {
        "queueUrls": {name: queue.url for name, queue in created.queues.items()},
        "topicArns": {name: topic.arn for name, topic in created.topics.items()},
        "bucketNames": {name: bucket.bucket_name for name, bucket in created.buckets.items()},
        "tableNames": {name: table.table_name for name, table in created.tables.items()},
        "eventBusArns": {name: bus.arn for name, bus in created.event_buses.items()},
    }
    if workloads.job_failures:
        pulumi.export("jobFailuresTopicArn", workloads.job_failures.topic_arn)
    for output, values in declared.items():
        if values:
            pulumi.export(output, values)
