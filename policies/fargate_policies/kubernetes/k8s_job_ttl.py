"""k8s-job-ttl: a finished Job goes, with its pods.

On Fargate a pod has its machine for as long as it is there, ended or not, and that is billed. A
CronJob keeps its last Jobs besides, three that succeeded and one that failed by default.
"""

from typing import Final

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import guide
from ..core.values import Findings, Value, as_integer

_JOBS: Final = {
    "kubernetes:batch/v1:CronJob": ("spec", "jobTemplate", "spec"),
    "kubernetes:batch/v1:Job": ("spec",),
}


def _check(resource: Resource) -> Findings:
    yield from resource.at(*_JOBS[resource.type], "ttlSecondsAfterFinished").require(
        _is_time, "finished Jobs stay, and their pods on Fargate are billed"
    )


def _is_time(value: Value) -> bool:
    seconds = as_integer(value)
    return seconds is not None and seconds >= 0


RULE = Rule(
    name="k8s-job-ttl",
    description="Finished Jobs are deleted after a time.",
    fix="Set ttlSecondsAfterFinished in the Job's spec, in a CronJob in that of its jobTemplate.",
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=guide(
        "Kubernetes documentation",
        "automatic cleanup for finished Jobs",
        "https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/",
    ),
    types=tuple(_JOBS),
    check=_check,
)
