"""ecs-volumes: no container reaches a host's files."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import guide
from ..core.values import Findings, Place, is_set
from ..models.containers import CONTAINER_TYPES, JOB_DEFINITION, judge_job


def _check(resource: Resource) -> Findings:
    if resource.type == JOB_DEFINITION:
        return judge_job(resource, judge_task=_judge_job)
    return _judge(resource.at("volumes"))


def _judge_job(task: Place) -> Findings:
    for volume in task.at("volumes").items():
        yield from volume.at("host", "sourcePath").forbid(is_set, "mounts a path of the host")


def _judge(volumes: Place) -> Findings:
    for volume in volumes.items():
        yield from volume.at("hostPath").forbid(is_set, "mounts a path of the host")
        yield from volume.at("dockerVolumeConfiguration").forbid(is_set, "is a volume of the host")


RULE = Rule(
    name="ecs-volumes",
    description="Tasks of ECS and jobs of Batch mount no host paths and no Docker volumes.",
    fix=(
        "Remove hostPath (in Batch host) and dockerVolumeConfiguration; use a volume without either"
        " (scratch space of the task), EFS or EBS."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=guide(
        "Amazon ECS developer guide",
        "storage options for Fargate tasks",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_data_volumes.html",
    ),
    types=CONTAINER_TYPES,
    check=_check,
)
