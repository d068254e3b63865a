"""The two roles of an EKS cluster on Fargate."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.iam import allow, create_role, document, service_trust
from components.images.images import Images


def create_cluster_role(
    name: str, cluster_name: str, *, environment: Environment, parent: pulumi.Resource
) -> tuple[aws.iam.Role, pulumi.Resource]:
    """Create the role with which EKS runs the control plane of exactly this cluster.

    Security groups for pods need no more on Fargate: AmazonEKSVPCResourceController is for the
    network interfaces of EC2 nodes (EKS user guide, "Security groups for pods").

    Args:
        name: prefix of the resources' names.
        cluster_name: the cluster's fixed name.
        environment: where the cluster is.
        parent: the cluster's component.

    Returns:
        The role, and its policy for the cluster to depend on.
    """
    child = pulumi.ResourceOptions(parent=parent)
    role, _ = create_role(
        f"{name}-cluster",
        fixed_name=environment.global_name(name, "cluster"),
        trust=service_trust(
            environment,
            "eks.amazonaws.com",
            environment.arn("eks", f"cluster/{cluster_name}"),
        ),
        environment=environment,
        parent=parent,
    )
    policy = aws.iam.RolePolicyAttachment(
        f"{name}-cluster-policy",
        role=role.name,
        policy_arn=environment.aws_managed_policy("AmazonEKSClusterPolicy"),
        opts=child,
    )
    return role, policy


def create_pod_execution_role(
    name: str,
    cluster_name: str,
    *,
    log_group: pulumi.Input[str],
    images: Images,
    parent: pulumi.Resource,
) -> tuple[aws.iam.Role, Sequence[pulumi.Resource]]:
    """Create the role with which Fargate pulls images and writes logs for this cluster's pods.

    Its path is /: EKS does not accept an ARN with a path.

    Args:
        name: prefix of the resources' names.
        cluster_name: the cluster's fixed name.
        log_group: name of the pods' log group.
        images: where images come from: a cache is filled at the first pull.
        parent: the cluster's component.

    Returns:
        The role, and its policies for profiles to depend on.
    """
    environment = images.environment
    child = pulumi.ResourceOptions(parent=parent)
    role, _ = create_role(
        f"{name}-pod-execution",
        fixed_name=environment.global_name(name, "pod-execution"),
        trust=service_trust(
            environment,
            "eks-fargate-pods.amazonaws.com",
            environment.arn("eks", f"fargateprofile/{cluster_name}/*"),
        ),
        environment=environment,
        parent=parent,
    )
    pull = aws.iam.RolePolicyAttachment(
        f"{name}-pod-execution-policy",
        role=role.name,
        policy_arn=environment.aws_managed_policy("AmazonEKSFargatePodExecutionRolePolicy"),
        opts=child,
    )
    group_arn = environment.arn("logs", pulumi.Output.concat("log-group:", log_group))
    write = aws.iam.RolePolicy(
        f"{name}-pod-logs-policy",
        role=role.name,
        policy=document(
            [
                allow(
                    ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    [group_arn, pulumi.Output.concat(group_arn, ":*")],
                )
            ]
        ),
        opts=child,
    )
    if not images.caches:
        return role, [pull, write]
    fill = aws.iam.RolePolicy(
        f"{name}-pod-images-policy",
        role=role.name,
        policy=document(images.import_statements()),
        opts=child,
    )
    return role, [pull, write, fill]
