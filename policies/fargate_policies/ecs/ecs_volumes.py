"""ecs-volumes: no container reaches a host's files."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import guide
from ..core.values import Findings, is_set
from ..models.containers import TASK_DEFINITION


def _check(resource: Resource) -> Findings:
    for volume in resource.at("volumes").items():
        yield from volume.at("hostPath").forbid(is_set, "mounts a path of the host")
        yield from volume.at("dockerVolumeConfiguration").forbid(is_set, "is a volume of the host")


RULE = Rule(
    name="ecs-volumes",
    description="ECS tasks mount no host paths and no Docker volumes.",
    fix=(
        "Remove hostPath and dockerVolumeConfiguration; use a volume without either (scratch"
        " space of the task), EFS or EBS."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=guide(
        "Amazon ECS developer guide",
        "storage options for Fargate tasks",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_data_volumes.html",
    ),
    types=(TASK_DEFINITION,),
    check=_check,
)
