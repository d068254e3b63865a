"""ecs-platform: tasks run on a Fargate platform version that gets security fixes."""

from collections.abc import Iterator
from typing import Any

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, Place
from ..models.containers import JOB_DEFINITION, judge_job, remedy_job
from ..models.launches import LAUNCH_TYPES, parameters, parameters_path

_CURRENT = (None, "", "LATEST", "1.4.0")
"""1.4.0 is the newest for Linux; a task or job without a version gets LATEST."""
_OF_ONE = "fargatePlatformConfiguration"
"""Where a job of one container has its version."""


def _check(resource: Resource) -> Findings:
    if resource.type == JOB_DEFINITION:
        return judge_job(resource, judge_task=_judge_job)
    return _judge(parameters(resource).at("platformVersion"))


def _judge_job(task: Place) -> Findings:
    yield from _judge(task.at("platformVersion"))
    yield from _judge(task.at(_OF_ONE, "platformVersion"))


def _judge(version: Place) -> Findings:
    return version.require(lambda value: value in _CURRENT, "is not the current platform version")


def _remedy(resource: Resource) -> Iterator[Change]:
    if resource.type == JOB_DEFINITION:
        yield from remedy_job(resource, mend_task=_mend_job)
    elif _is_old(parameters(resource)):
        yield Change((*parameters_path(resource.type), "platformVersion"), "LATEST")


def _mend_job(task: dict[str, Any]) -> dict[str, Any]:
    newer = {"platformVersion": "LATEST"}
    of_one = Place(task, "").at(_OF_ONE)
    mended = {**task, **newer} if _is_old(Place(task, "")) else task
    return {**mended, _OF_ONE: {**of_one.value, **newer}} if _is_old(of_one) else mended


def _is_old(holder: Place) -> bool:
    version = holder.at("platformVersion")
    return bool(version.text) and version.value not in _CURRENT


RULE = Rule(
    name="ecs-platform",
    description="Tasks of ECS and jobs of Batch run on the current Fargate platform version.",
    fix="Remove platformVersion or set it to LATEST.",
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(*security_hub("ECS.10"), *checkov("CKV_AWS_332")),
    types=(*LAUNCH_TYPES, JOB_DEFINITION),
    check=_check,
    remedy=_remedy,
)
