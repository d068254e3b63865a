"""ecs-unprivileged: no container is privileged."""

from collections.abc import Iterator
from typing import Any

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, Place, is_true
from ..models.containers import TASK_DEFINITION, judge_containers, remedy_containers


def _check(resource: Resource) -> Findings:
    return judge_containers(resource, _judge)


def _judge(container: Place) -> Findings:
    return container.at("privileged").forbid(is_true, "the container has the host's root powers")


def _remedy(resource: Resource) -> Iterator[Change]:
    return remedy_containers(resource, _mend)


def _mend(container: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in container.items() if k != "privileged" or not is_true(v)}


RULE = Rule(
    name="ecs-unprivileged",
    description="ECS containers are not privileged.",
    fix="Remove privileged, which Fargate rejects anyway.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("ECS.4"), *checkov("CKV_AWS_334")),
    types=(TASK_DEFINITION,),
    check=_check,
    remedy=_remedy,
)
