"""Containers of ECS task definitions, and of AWS Batch's job definitions."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ..core.rule import Change, Member, Resource
from ..core.values import Findings, Place, Value, Violation, label
from .container_keys import read

TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"
JOB_DEFINITION: Final = "aws:batch/jobDefinition:JobDefinition"
CONTAINER_TYPES: Final = (TASK_DEFINITION, JOB_DEFINITION)
_ONE: Final = "containerProperties"
_SEVERAL: Final = "ecsProperties"

Mend = Callable[[dict[str, Any]], dict[str, Any]]
"""Returns a container, or a task, as it should be; what it is given stays as it was."""


def _unchanged(value: dict[str, Any]) -> dict[str, Any]:
    return value


def judge_containers(resource: Resource | Member, judge: Callable[[Place], Findings]) -> Findings:
    """Yield what `judge` finds in each container of a task or job definition.

    Definitions that aren't known yet are undecided; ones that can't be read are a violation.
    """
    if resource.type == JOB_DEFINITION:
        return judge_job(resource, judge_container=judge)
    return _judge_task_definition(resource, judge)


def _judge_task_definition(
    resource: Resource | Member, judge: Callable[[Place], Findings]
) -> Findings:
    place = read(resource.at("containerDefinitions"))
    if isinstance(place, Violation):
        yield place
        return
    for item in place.items():
        yield from judge(Place(item.value, f"{item.path}{label(item.at('name'))}"))


def judge_job(
    resource: Resource | Member,
    *,
    judge_container: Callable[[Place], Findings] | None = None,
    judge_task: Callable[[Place], Findings] | None = None,
) -> Findings:
    """Yield what is found in the containers of a job definition, and in what holds them.

    Args:
        resource: the job definition.
        judge_container: judges each container.
        judge_task: judges what has the network, the volumes and the roles.
    """
    for task in job_tasks(resource):
        if isinstance(task, Violation):
            yield task
        elif not task.known:
            yield task.unreadable()
        else:
            if judge_task:
                yield from judge_task(task)
            if judge_container:
                for container in containers_of(task):
                    yield from judge_container(container)


def job_tasks(definition: Resource | Member) -> Iterator[Place | Violation]:
    """Yield what a job definition runs; what isn't known stands for itself.

    A job of one container has it in containerProperties, which is container and task in one; one of
    several has ecsProperties. Jobs on EKS and on several nodes are of other kinds, and not read.
    """
    for key in (_ONE, _SEVERAL):
        place = read(definition.at(key))
        if isinstance(place, Violation):
            yield place
        elif place.value is not None:
            yield from [place] if key == _ONE else place.at("taskProperties").items()


def own_role(task: Place) -> Place:
    """Return the ARN of the role that the program of a job has."""
    one = task.at("jobRoleArn")
    return one if one.present else task.at("taskRoleArn")


def containers_of(task: Place) -> list[Place]:
    """Return the containers of one of `job_tasks`."""
    return [task] if task.path == _ONE else task.at("containers").items()


def remedy_containers(resource: Resource, mend: Mend) -> Iterator[Change]:
    """Yield the changes of a task definition for whose containers `mend` returns others."""
    return _remedy_text(
        resource,
        "containerDefinitions",
        lambda value: _each(value, mend) if isinstance(value, list) else value,
    )


def remedy_job(
    resource: Resource, *, mend_container: Mend = _unchanged, mend_task: Mend = _unchanged
) -> Iterator[Change]:
    """Yield the changes of a job definition; what is mended is what `judge_job` judges."""

    def mend_several(task: dict[str, Any]) -> dict[str, Any]:
        return mend_task(with_each(task, "containers", mend_container))

    mends: Mapping[str, Mend] = {
        _ONE: lambda one: mend_task(mend_container(one)),
        _SEVERAL: lambda several: with_each(several, "taskProperties", mend_several),
    }
    for key, mend in mends.items():
        yield from _remedy_text(resource, key, _of_objects(mend))


def _of_objects(mend: Mend) -> Callable[[Value], Value]:
    return lambda value: mend(value) if isinstance(value, dict) else value


def _remedy_text(resource: Resource, key: str, mend: Callable[[Value], Value]) -> Iterator[Change]:
    place = read(resource.at(key))
    if isinstance(place, Violation):
        return
    mended = mend(place.value)
    if mended != place.value:
        yield Change((key,), json.dumps(mended))


def with_each(holder: dict[str, Any], key: str, mend: Mend) -> dict[str, Any]:
    """Return an object with each object of the list under `key` mended."""
    items = holder.get(key)
    return {**holder, key: _each(items, mend)} if isinstance(items, list) else holder


def _each(items: list[Any], mend: Mend) -> list[Any]:
    return [_of_objects(mend)(item) for item in items]


def runs_windows(resource: Resource | Member) -> bool:
    """Whether a definition is for Windows, which has neither root nor a read-only root."""
    family = ("runtimePlatform", "operatingSystemFamily")
    if resource.type == TASK_DEFINITION:
        return resource.at(*family).text.upper().startswith("WINDOWS")
    place = read(resource.at(_ONE))
    if isinstance(place, Violation):
        return False
    return place.at(*family).text.upper().startswith("WINDOWS")
