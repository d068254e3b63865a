"""Kubernetes objects that run pods."""

from collections.abc import Callable
from typing import Final

from ..core.rule import Member, Resource
from ..core.values import Findings, Place, label

DAEMON_SET: Final = "kubernetes:apps/v1:DaemonSet"
"""Its pods are made for nodes, and none for Fargate's."""
_PATHS: Final = {
    DAEMON_SET: ("spec", "template"),
    "kubernetes:apps/v1:Deployment": ("spec", "template"),
    "kubernetes:apps/v1:ReplicaSet": ("spec", "template"),
    "kubernetes:apps/v1:StatefulSet": ("spec", "template"),
    "kubernetes:batch/v1:CronJob": ("spec", "jobTemplate", "spec", "template"),
    "kubernetes:batch/v1:Job": ("spec", "template"),
    "kubernetes:core/v1:Pod": (),
    "kubernetes:core/v1:ReplicationController": ("spec", "template"),
}
WORKLOAD_TYPES: Final = tuple(_PATHS)
_PATCH: Final = "Patch"
PATCH_TYPES: Final = tuple(f"{kind}{_PATCH}" for kind in WORKLOAD_TYPES)
"""What the provider writes into an object that is somebody else's: a part of a workload."""
SERVICE_ACCOUNT: Final = "kubernetes:core/v1:ServiceAccount"
SECURITY_GROUP_POLICY: Final = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy"
"""Gives the pods that it selects security groups of their own."""

_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


def pod(resource: Resource | Member) -> Place:
    """Return the pod that a workload runs: an object with metadata and spec."""
    return resource.at(*_PATHS[resource.type.removesuffix(_PATCH)])


def is_patch(resource: Resource | Member) -> bool:
    """Whether a resource is a part of a workload: what it leaves out, the rest may say."""
    return resource.type in PATCH_TYPES


def pod_path(kind: str) -> tuple[str, ...]:
    """Return where the pod that a workload runs is, by type token."""
    return _PATHS[kind]


def pod_containers(spec: Place) -> list[tuple[str, int, Place]]:
    """Return the list, the index and the place of each container of a pod, of whatever kind."""
    return [
        (kind, index, item)
        for kind in _CONTAINERS
        for index, item in enumerate(spec.at(kind).items())
    ]


def judge_pod_containers(spec: Place, judge: Callable[[Place], Findings]) -> Findings:
    """Yield what `judge` finds in each container of a pod, of whatever kind."""
    for _, _, item in pod_containers(spec):
        yield from judge(Place(item.value, f"{item.path}{label(item.at('name'))}"))


def effective(key: str, container: Place, spec: Place) -> Place:
    """Return a setting of a security context: a container's own wins over its pod's."""
    own = container.at("securityContext", key)
    inherited = spec.at("securityContext", key)
    return own if own.present or not inherited.present else inherited


def namespace(member: Resource | Member) -> Place:
    """Return the place of an object's namespace; absent means `default`."""
    return member.at("metadata", "namespace")
