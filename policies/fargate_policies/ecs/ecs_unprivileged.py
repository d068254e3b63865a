"""ecs-unprivileged: no container is privileged."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, Place, is_true
from ..models.containers import TASK_DEFINITION, judge_containers


def _check(resource: Resource) -> Findings:
    return judge_containers(resource, _judge)


def _judge(container: Place) -> Findings:
    return container.at("privileged").forbid(is_true, "the container has the host's root powers")


RULE = Rule(
    name="ecs-unprivileged",
    description="ECS containers are not privileged.",
    fix="Remove privileged, which Fargate rejects anyway.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("ECS.4"), *checkov("CKV_AWS_334")),
    types=(TASK_DEFINITION,),
    check=_check,
)
