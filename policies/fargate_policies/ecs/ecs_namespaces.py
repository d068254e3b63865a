"""ecs-namespaces: tasks share no process or memory namespace with a host.

Batch hands pidMode and ipcMode of a job's task on to ECS.
"""

from collections.abc import Iterator
from typing import Any

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import REMOVED, Findings, Place, is_set
from ..models.containers import CONTAINER_TYPES, JOB_DEFINITION, judge_job, remedy_job


def _check(resource: Resource) -> Findings:
    if resource.type == JOB_DEFINITION:
        return judge_job(resource, judge_task=_judge)
    return _judge(resource.properties)


def _judge(task: Place) -> Findings:
    yield from task.at("pidMode").forbid(
        lambda mode: mode == "host", "containers see the host's processes"
    )
    yield from task.at("ipcMode").forbid(is_set, "containers share memory between processes")


def _remedy(resource: Resource) -> Iterator[Change]:
    if resource.type == JOB_DEFINITION:
        yield from remedy_job(resource, mend_task=_mend)
    else:
        for key in _shared(resource.properties):
            yield Change((key,), REMOVED)


def _mend(task: dict[str, Any]) -> dict[str, Any]:
    shared = _shared(Place(task, ""))
    return {key: value for key, value in task.items() if key not in shared}


def _shared(task: Place) -> list[str]:
    """Return the properties that make a task share a namespace."""
    found = ["pidMode"] if task.at("pidMode").value == "host" else []
    return [*found, "ipcMode"] if task.at("ipcMode").text else found


RULE = Rule(
    name="ecs-namespaces",
    description="Tasks of ECS and Batch have process and memory namespaces of their own.",
    fix="Remove ipcMode, and remove pidMode or set it to task.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("ECS.3"), *checkov("CKV_AWS_335")),
    types=CONTAINER_TYPES,
    check=_check,
    remedy=_remedy,
)
