"""Containers of ECS task definitions, and of AWS Batch's job definitions."""

from collections.abc import Callable
from typing import Final

from ..core.rule import Resource
from ..core.values import Findings, Place, Violation, label
from .json_text import parsed

TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"
JOB_DEFINITION: Final = "aws:batch/jobDefinition:JobDefinition"
CONTAINER_TYPES: Final = (TASK_DEFINITION, JOB_DEFINITION)


def judge_containers(resource: Resource, judge: Callable[[Place], Findings]) -> Findings:
    """Yield what `judge` finds in each container of a task or job definition.

    Definitions that aren't known yet are undecided; ones that can't be read are a violation.
    """
    if resource.type == JOB_DEFINITION:
        yield from judge_job(resource, judge_container=judge)
        return
    place = parsed(resource.at("containerDefinitions"))
    if isinstance(place, Violation):
        yield place
        return
    for item in place.items():
        yield from judge(Place(item.value, f"{item.path}{label(item.at('name'))}"))


def judge_job(
    resource: Resource,
    *,
    judge_container: Callable[[Place], Findings] | None = None,
    judge_task: Callable[[Place], Findings] | None = None,
) -> Findings:
    """Yield what is found in the containers of a job definition, and in what holds them.

    A job of one container has it in containerProperties, which is container and task in one; one of
    several has ecsProperties. Jobs on EKS and on several nodes are of other kinds, and not read.

    Args:
        resource: the job definition.
        judge_container: judges each container.
        judge_task: judges what has the network and the roles.
    """
    for key in ("containerProperties", "ecsProperties"):
        if not resource.at(key).present:
            continue
        place = parsed(resource.at(key))
        if isinstance(place, Violation):
            yield place
            continue
        tasks = [place] if key == "containerProperties" else place.at("taskProperties").items()
        for task in tasks:
            if not task.known:
                yield task.unreadable()
                continue
            if judge_task:
                yield from judge_task(task)
            if judge_container:
                one = key == "containerProperties"
                for container in [task] if one else task.at("containers").items():
                    yield from judge_container(container)


def runs_windows(resource: Resource) -> bool:
    """Whether a definition is for Windows, which has neither root nor a read-only root."""
    family = ("runtimePlatform", "operatingSystemFamily")
    if resource.type == TASK_DEFINITION:
        return resource.at(*family).text.upper().startswith("WINDOWS")
    place = parsed(resource.at("containerProperties"))
    if isinstance(place, Violation) or not isinstance(place.value, dict):
        return False
    return place.at(*family).text.upper().startswith("WINDOWS")
