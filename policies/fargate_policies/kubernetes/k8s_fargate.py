"""k8s-fargate: pods ask for nothing that EKS on Fargate doesn't have.

Kubernetes takes such objects without a word; their pods then wait forever, or are never made.
"""

from functools import partial
from operator import eq
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import guide
from ..core.values import Findings, Undecided, Violation, is_set
from ..models.fargate_profiles import PROFILE, on_fargate
from ..models.workloads import DAEMON_SET, WORKLOAD_TYPES, judge_pod_containers, pod

_NODE_GROUPS = ("aws:eks/nodeGroup:NodeGroup", "aws:autoscaling/group:Group")

_SELECTED: Final = {
    "kubernetes.io/arch": ("arm64", "x86_64 only; ECS on Fargate has ARM"),
    "eks.amazonaws.com/capacityType": ("SPOT", "no Spot; ECS has Fargate Spot"),
    "karpenter.sh/capacity-type": ("spot", "no Spot; ECS has Fargate Spot"),
}
"""What a node selector may ask for, and what there is instead."""

_VOLUMES: Final = ("awsElasticBlockStore", "ephemeral")
"""Volumes that are EBS, or are made when a pod starts."""


def _check(stack: Stack) -> Findings:
    profiles = any(stack.of_type(PROFILE))
    nodes = any(stack.of_type(*_NODE_GROUPS))
    for workload in stack.of_type(*WORKLOAD_TYPES):
        if workload.type == DAEMON_SET:
            if profiles and not nodes:
                yield Violation("a DaemonSet needs nodes, and there are none", workload.urn)
            continue
        taken = on_fargate(stack, workload)
        if taken is None:
            yield Undecided(f"labels and namespace of {workload.name}")
        elif taken:
            for finding in _judge(workload):
                yield _of(workload, finding)


def _judge(workload: Member) -> Findings:
    claims = workload.at("spec", "volumeClaimTemplates")
    yield from claims.forbid(is_set, "Fargate makes no volumes and mounts no EBS")
    spec = pod(workload).at("spec")
    for volume in spec.at("volumes").items():
        for kind in _VOLUMES:
            yield from volume.at(kind).forbid(is_set, "Fargate makes no volumes and mounts no EBS")
    for key, (value, instead) in _SELECTED.items():
        yield from spec.at("nodeSelector", key).forbid(
            partial(eq, value), f"EKS on Fargate has {instead}"
        )
    yield from judge_pod_containers(
        spec,
        lambda container: container.at("resources", "limits", "nvidia.com/gpu").forbid(
            is_set, "Fargate has no GPU"
        ),
    )


def _of(workload: Member, finding: Violation | Undecided) -> Violation | Undecided:
    if isinstance(finding, Violation):
        return Violation(finding.message, workload.urn)
    return finding


RULE = StackRule(
    name="k8s-fargate",
    description="Pods on Fargate ask for nothing that it doesn't have.",
    fix=(
        "Run what would be a DaemonSet as a container of each pod. In place of EBS, ask for"
        " ephemeral-storage up to 175 GiB, or mount an EFS file system by a PersistentVolume of"
        " its own. For ARM and Spot, run the task on ECS. For a GPU, run the pod on nodes of EC2."
    ),
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=guide(
        "Amazon EKS user guide",
        "AWS Fargate considerations",
        "https://docs.aws.amazon.com/eks/latest/userguide/fargate.html",
    ),
    types=WORKLOAD_TYPES,
    check=_check,
)
