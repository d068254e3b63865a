"""What carries security groups: services, load balancers, pods, clusters, files, jobs of Batch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from reports.errors import UnknownValueError
from reports.kubernetes import Pods, matches, namespace_of, pods_of, workloads
from reports.reach.rules import CLUSTER, DEFAULT_GROUP, Group, group_of, groups_at
from reports.stack import UNKNOWN, Resource, Stack, holds_unknown, reading

ECS_SERVICE: Final = "aws:ecs/service:Service"
BATCH_ENVIRONMENT: Final = "aws:batch/computeEnvironment:ComputeEnvironment"
POLICY: Final = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy"
SERVICE_ACCOUNT: Final = "kubernetes:core/v1:ServiceAccount"
LOAD_BALANCERS: Final = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")

KINDS: Final[Mapping[str, str]] = {
    ECS_SERVICE: "ECS service",
    CLUSTER: "EKS cluster",
    BATCH_ENVIRONMENT: "Batch environment",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "VPC endpoint",
    "aws:efs/mountTarget:MountTarget": "EFS mount target",
    **dict.fromkeys(LOAD_BALANCERS, "load balancer"),
}

PATHS: Final = (
    "computeResources.securityGroupIds",
    "networkConfiguration.securityGroups",
    "securityGroupIds",
    "securityGroups",
    "vpcConfig.securityGroupIds",
    "vpcSecurityGroupIds",
)
"""Where AWS resources name the groups they carry."""


@dataclass(frozen=True)
class Carrier:
    """Something with network interfaces.

    Attributes:
        urn: the resource's URN.
        name: what the report calls it.
        groups: the groups it carries; none where another stack decides that.
        public: whether it has public addresses; None where that isn't known.
    """

    urn: str
    name: str
    groups: tuple[Group, ...]
    public: bool | None

    @property
    def keys(self) -> frozenset[str]:
        """The keys of its groups."""
        return frozenset(group.key for group in self.groups)


def carriers(stack: Stack) -> Iterator[Carrier]:
    """Yield all that carries groups.

    Raises:
        UnknownValueError: which groups something carries isn't known yet.
    """
    for resource in stack.resources:
        if resource.custom and resource.type.startswith("aws:") and resource.type != CLUSTER:
            with reading(resource):
                groups = _named_groups(stack, resource)
                public = _public(resource)
            if groups or resource.type == ECS_SERVICE:
                kind = KINDS.get(resource.type) or resource.type.rpartition(":")[2]
                yield Carrier(resource.urn, f"{kind} {resource.name}", groups, public)
    for cluster in stack.of(CLUSTER):
        # EKS gives its group to the control plane and to every pod that no policy selects.
        with reading(cluster):
            groups = (group_of(cluster), *_named_groups(stack, cluster))
        yield Carrier(cluster.urn, f"{KINDS[CLUSTER]} {cluster.name}", groups, public=False)
    for workload in workloads(stack):
        kind = workload.type.rpartition(":")[2]
        with reading(workload):
            groups = _pod_groups(stack, pods_of(stack, workload))
        yield Carrier(workload.urn, f"{kind} {workload.name}", groups, public=False)


def _named_groups(stack: Stack, resource: Resource) -> tuple[Group, ...]:
    for path in PATHS:
        value = resource.get(path)
        if value:
            return groups_at(stack, resource, path, value)
    # A task without groups gets the VPC's default one; so does an ALB, which the provider shows.
    if resource.type == ECS_SERVICE and resource.get("networkConfiguration"):
        return tuple(group_of(group) for group in stack.of(DEFAULT_GROUP))
    return ()


def _public(resource: Resource) -> bool | None:
    if resource.type in LOAD_BALANCERS:
        return resource.known("internal") is not True
    if resource.type == ECS_SERVICE:
        return resource.known("networkConfiguration.assignPublicIp") is True
    if resource.type == BATCH_ENVIRONMENT:
        return None  # Each of its jobs decides, this stack's or another's.
    return False if resource.type in KINDS else None


def _pod_groups(stack: Stack, pods: Pods) -> tuple[Group, ...]:
    """Return the groups of the policies that select pods; without one, their clusters' groups."""
    found: dict[str, Group] = {}
    for policy in stack.of(POLICY):
        if namespace_of(stack, policy) == pods.namespace and _selects(stack, policy, pods):
            path = "spec.securityGroups.groupIds"
            for group in groups_at(stack, policy, path, policy.get(path)):
                found[group.key] = group
    return tuple(found.values()) or tuple(group_of(cluster) for cluster in stack.of(CLUSTER))


def _selects(stack: Stack, policy: Resource, pods: Pods) -> bool:
    by_pod = policy.get("spec.podSelector")
    by_account = policy.get("spec.serviceAccountSelector")
    if holds_unknown([by_pod, by_account]):
        raise UnknownValueError(f"{policy.label}: spec")
    if by_pod is None and by_account is None:
        return False
    return (by_pod is None or matches(by_pod, pods.labels)) and (
        by_account is None or matches(by_account, _account_labels(stack, pods))
    )


def _account_labels(stack: Stack, pods: Pods) -> Mapping[str, str]:
    name = pods.spec.get("serviceAccountName") or "default"
    if name is UNKNOWN:
        raise UnknownValueError(f"{pods.workload.label}: serviceAccountName")
    for account in stack.of(SERVICE_ACCOUNT):
        same = account.get("metadata.name") == name
        if same and namespace_of(stack, account) == pods.namespace:
            labels: Mapping[str, str] = account.known("metadata.labels") or {}
            return labels
    return {}
