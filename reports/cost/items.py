"""What each type of resource costs, or that it costs nothing by itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from reports.cost import jobs, pods, prices, tasks
from reports.cost.free import is_free
from reports.cost.model import Gap, Item, Usage, by_use, priced
from reports.cost.prices import Price
from reports.kubernetes import POD_TEMPLATES
from reports.stack import Resource, Stack

_PERFORMANCE_OF_PODS: Final = "/aws/containerinsights/"
"""Where Container Insights' metrics of EKS clusters come from."""


def items_of(stack: Stack, resource: Resource) -> Iterable[Item]:
    """Return all that one resource costs; nothing for what is free.

    Raises:
        UnknownValueError: a value that decides it isn't known yet.
        ValueError: a value isn't what the provider takes.
    """
    find = _BY_TYPE.get(resource.type)
    if find is not None:
        return find(stack, resource)
    if is_free(resource.type):
        return ()
    return (Gap(resource.label, "this report doesn't know what this type costs"),)


def _nat_gateway(stack: Stack, gateway: Resource) -> Iterator[Item]:
    yield priced(stack, gateway, "NAT gateway", prices.NAT_GATEWAY)
    yield by_use(stack, gateway, "data through NAT gateways", prices.NAT_DATA)


def _address(stack: Stack, address: Resource) -> Iterator[Item]:
    yield priced(stack, address, "public IPv4 address", prices.PUBLIC_ADDRESS)


def _load_balancer(stack: Stack, balancer: Resource) -> Iterator[Item]:
    kind = balancer.known("loadBalancerType") or "application"
    if kind != "application":
        yield Gap(balancer.label, f"no price known for a load balancer of type {kind}")
        return
    yield priced(stack, balancer, "application load balancer", prices.LOAD_BALANCER)
    yield by_use(stack, balancer, "load balancer capacity units", prices.LOAD_BALANCER_UNITS)
    if balancer.known("internal") is not True:
        zones = _subnets(stack, balancer, "subnets") or len(balancer.items("subnetMappings"))
        yield priced(
            stack, balancer, "public IPv4 address in each subnet", prices.PUBLIC_ADDRESS,
            number=zones,
        )  # fmt: skip


def _endpoint(stack: Stack, endpoint: Resource) -> Iterator[Item]:
    kind = endpoint.known("vpcEndpointType") or "Gateway"
    if kind == "Gateway":
        return
    if kind != "Interface":
        yield Gap(endpoint.label, f"no price known for an endpoint of type {kind}")
        return
    zones = _subnets(stack, endpoint, "subnetIds")
    yield priced(stack, endpoint, "interface endpoint in each zone", prices.ENDPOINT, number=zones)
    yield by_use(stack, endpoint, "data through interface endpoints", prices.ENDPOINT_DATA)


def _control_plane(stack: Stack, cluster: Resource) -> Iterator[Item]:
    yield priced(stack, cluster, "EKS control plane", prices.CONTROL_PLANE)
    if cluster.get("upgradePolicy.supportType") != "STANDARD":
        what = "EKS control plane whose version is past standard support, instead"
        yield by_use(stack, cluster, what, prices.CONTROL_PLANE_EXTENDED)


def _key(stack: Stack, key: Resource) -> Iterator[Item]:
    yield priced(stack, key, "KMS key (more after each of two rotations)", prices.KEY)
    yield by_use(stack, key, "KMS requests", prices.KEY_REQUESTS)


def _log_group(stack: Stack, group: Resource) -> Iterator[Item]:
    yield by_use(stack, group, "CloudWatch Logs", prices.LOGS_INGESTED)
    yield by_use(stack, group, "CloudWatch Logs", prices.LOGS_STORED)
    if str(group.known("name")).startswith(_PERFORMANCE_OF_PODS):
        # What reads pods writes a log here, and CloudWatch makes metrics of it.
        yield Usage(group.name, "Container Insights", Price(None, "metric"))


def _queue(stack: Stack, queue: Resource) -> Iterator[Item]:
    fifo = queue.known("fifoQueue") is True
    price = prices.FIFO_REQUESTS if fifo else prices.QUEUE_REQUESTS
    yield by_use(stack, queue, "SQS, FIFO queues" if fifo else "SQS, standard queues", price)


def _repository(stack: Stack, repository: Resource) -> Iterator[Item]:
    yield by_use(stack, repository, "ECR, images", prices.IMAGES_STORED)


def _file_system(stack: Stack, file_system: Resource) -> Iterator[Item]:
    yield by_use(stack, file_system, "EFS, Standard", prices.FILES_STORED)
    if file_system.items("lifecyclePolicies"):
        what = "EFS, Infrequent Access or Archive"
        yield by_use(stack, file_system, what, prices.FILES_STORED_INFREQUENT)
    mode = file_system.known("throughputMode") or "bursting"
    if mode == "elastic":
        yield by_use(stack, file_system, "EFS, elastic throughput", prices.FILES_READ)
        yield by_use(stack, file_system, "EFS, elastic throughput", prices.FILES_WRITTEN)
    elif mode != "bursting":
        yield Gap(file_system.label, f"no price known for {mode} throughput")


def _file_backups(stack: Stack, policy: Resource) -> Iterator[Item]:
    if policy.known("backupPolicy.status") == "ENABLED":
        yield by_use(stack, policy, "backups of EFS", prices.FILES_BACKED_UP)


def _topic(stack: Stack, topic: Resource) -> Iterator[Item]:
    if topic.known("fifoTopic") is True:
        yield Gap(topic.label, "no price known for a FIFO topic")
        return
    yield by_use(
        stack, topic, "SNS, standard topics (some deliveries besides)", prices.TOPIC_REQUESTS
    )


def _event_bus(stack: Stack, bus: Resource) -> Iterator[Item]:
    yield by_use(stack, bus, "EventBridge, custom events", prices.EVENTS)


def _bucket(stack: Stack, bucket: Resource) -> Iterator[Item]:
    yield by_use(stack, bucket, "S3, objects and their old versions", Price(None, "GB-month"))
    yield by_use(stack, bucket, "S3, requests", Price(None, "1,000 requests"))


def _table(stack: Stack, table: Resource) -> Iterator[Item]:
    if table.known("billingMode") != "PAY_PER_REQUEST":
        yield Gap(table.label, "no price known for a table of provisioned capacity")
        return
    yield by_use(stack, table, "DynamoDB, reads (indexes too)", prices.TABLE_READS)
    yield by_use(stack, table, "DynamoDB, writes (each index once more)", prices.TABLE_WRITES)
    yield by_use(stack, table, "DynamoDB, items (indexes too)", prices.TABLE_STORAGE)
    if table.known("pointInTimeRecovery.enabled") is True:
        yield by_use(stack, table, "DynamoDB, point-in-time recovery", Price(None, "GB-month"))


def _web_acl(stack: Stack, acl: Resource) -> Iterator[Item]:
    yield priced(stack, acl, "WAF web ACL", prices.WEB_ACL)
    rules = len(acl.items("rules"))
    if rules:
        yield priced(stack, acl, "WAF rules and groups", prices.WEB_ACL_RULE, number=rules)
    yield by_use(stack, acl, "WAF, requests", prices.WEB_ACL_REQUESTS)


def _ecs_cluster(_: Stack, cluster: Resource) -> Iterator[Item]:
    for setting in cluster.items("settings"):
        if setting.get("name") == "containerInsights" and setting.get("value") != "disabled":
            yield Usage(cluster.name, "Container Insights", Price(None, "metric"))


def _scaling_policy(_: Stack, policy: Resource) -> Iterator[Item]:
    if policy.known("policyType") == "StepScaling":
        return  # the alarm is a resource of its own
    what = "CloudWatch alarms that target tracking makes"
    yield Usage(policy.name, what, Price(None, "alarm"))


def _vpc(_: Stack, vpc: Resource) -> Iterator[Item]:
    yield Usage(vpc.name, "data out to the internet and between zones", Price(None, "GB"))


def _service(_: Stack, service: Resource) -> Iterator[Item]:
    if service.known("spec.type") == "LoadBalancer":
        yield Gap(service.label, "what the load balancer it makes costs isn't known")


def _task_definition(stack: Stack, definition: Resource) -> Iterator[Item]:
    found = tasks.definition_usage(stack, definition)
    if found:
        yield found


def _subnets(stack: Stack, resource: Resource, path: str) -> int:
    """Count a resource's subnets; in a preview, those that the list comes from."""
    found = stack.sources(resource, path, "aws:ec2/subnet:Subnet")
    value = resource.get(path)
    if isinstance(value, list):
        return len(value)
    return len(found) if found else len(resource.items(path))


_BY_TYPE: Final[Mapping[str, Callable[[Stack, Resource], Iterable[Item]]]] = {
    **jobs.ITEMS,
    "aws:alb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:appautoscaling/policy:Policy": _scaling_policy,
    "aws:cloudwatch/eventBus:EventBus": _event_bus,
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:dynamodb/table:Table": _table,
    "aws:ec2/eip:Eip": _address,
    "aws:ec2/natGateway:NatGateway": _nat_gateway,
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:ecr/repository:Repository": _repository,
    "aws:ecs/cluster:Cluster": _ecs_cluster,
    "aws:ecs/service:Service": tasks.service_items,
    "aws:ecs/taskDefinition:TaskDefinition": _task_definition,
    "aws:efs/backupPolicy:BackupPolicy": _file_backups,
    "aws:efs/fileSystem:FileSystem": _file_system,
    "aws:eks/addon:Addon": pods.addon_items,
    "aws:eks/cluster:Cluster": _control_plane,
    "aws:kms/key:Key": _key,
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:s3/bucket:Bucket": _bucket,
    "aws:sns/topic:Topic": _topic,
    "aws:sqs/queue:Queue": _queue,
    "aws:wafv2/webAcl:WebAcl": _web_acl,
    "kubernetes:core/v1:Service": _service,
    "kubernetes:helm.sh/v3:Release": pods.release_items,
    **dict.fromkeys(POD_TEMPLATES, pods.workload_items),
}
