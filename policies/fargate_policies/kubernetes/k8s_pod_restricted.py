"""k8s-pod-restricted: pods give up what they don't need.

What the Pod Security Standards demand of restricted pods, beyond `k8s-pod-baseline` and
`k8s-pod-security`.
"""

from typing import Final

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, guide
from ..core.values import UNKNOWN, Findings, Place, Violation
from ..models.workloads import WORKLOAD_TYPES, effective, judge_pod_containers, pod

_PROFILES: Final = ("RuntimeDefault", "Localhost")
_ADDED: Final = ("NET_BIND_SERVICE",)
_VOLUMES: Final = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)


def _check(resource: Resource) -> Findings:
    spec = pod(resource).at("spec")
    for volume in spec.at("volumes").items():
        yield from volume.forbid(_has_another_kind, "is of a kind that isn't the cluster's own")
    yield from judge_pod_containers(spec, lambda container: _judge(container, spec))


def _has_another_kind(volume: object) -> bool:
    kinds = volume.keys() - {"name"} if isinstance(volume, dict) else {""}
    return bool(kinds - _VOLUMES)


def _judge(container: Place, spec: Place) -> Findings:
    profile = effective("seccompProfile", container, spec).at("type")
    yield from profile.require(
        lambda kind: kind in _PROFILES, "names no seccomp profile, so every system call is allowed"
    )
    capabilities = container.at("securityContext", "capabilities")
    yield from _judge_dropped(capabilities.at("drop"))
    for capability in capabilities.at("add").items():
        yield from capability.require(lambda name: name in _ADDED, "gives a Linux capability back")


def _judge_dropped(dropped: Place) -> Findings:
    items = dropped.items()
    if any(item.value == "ALL" for item in items):
        return
    unreadable = [item for item in items if not item.known]
    for item in unreadable:
        yield item.unreadable()
    if not any(item.value is UNKNOWN for item in unreadable):
        yield Violation(f"{dropped.path}: keeps Linux capabilities that a program doesn't need")


RULE = Rule(
    name="k8s-pod-restricted",
    description="Pods drop all capabilities and have a seccomp profile: restricted pods.",
    fix=(
        "Set capabilities.drop to ALL in each container's security context, with NET_BIND_SERVICE"
        " at most in capabilities.add, and seccompProfile to RuntimeDefault in the pod's; use"
        " volumes of the cluster, such as claims."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(
        *guide(
            "Kubernetes documentation",
            "Pod Security Standards: Restricted",
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
        ),
        *checkov("CKV_K8S_28", "CKV_K8S_31", "CKV_K8S_37"),
    ),
    types=WORKLOAD_TYPES,
    check=_check,
)
