"""k8s-readonly-root: no container of a pod can change its own program."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov
from ..core.values import Findings, Place, is_true
from ..models.workloads import WORKLOAD_TYPES, judge_pod_containers, pod


def _check(resource: Resource) -> Findings:
    return judge_pod_containers(pod(resource).at("spec"), _judge)


def _judge(container: Place) -> Findings:
    return container.at("securityContext", "readOnlyRootFilesystem").require(
        is_true, "the container can write to its root filesystem"
    )


RULE = Rule(
    name="k8s-readonly-root",
    description="Containers of pods have a read-only root filesystem.",
    fix=(
        "Set readOnlyRootFilesystem to true in each container's security context, and mount an"
        " emptyDir where the program has to write."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=checkov("CKV_K8S_22"),
    types=WORKLOAD_TYPES,
    check=_check,
)
