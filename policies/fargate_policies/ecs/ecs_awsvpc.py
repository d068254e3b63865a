"""ecs-awsvpc: every task has a network interface, and so security groups, of its own."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import control_tower, security_hub
from ..core.values import Findings
from ..models.containers import TASK_DEFINITION


def _check(resource: Resource) -> Findings:
    return resource.at("networkMode").require(
        lambda mode: mode == "awsvpc", "tasks don't get a network interface of their own"
    )


def _remedy(resource: Resource) -> Iterator[Change]:
    mode = resource.at("networkMode").value
    if mode is None or (isinstance(mode, str) and mode != "awsvpc"):
        yield Change(("networkMode",), "awsvpc")


RULE = Rule(
    name="ecs-awsvpc",
    description="ECS tasks use the awsvpc network mode.",
    fix="Set networkMode to awsvpc, the only mode on Fargate.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("ECS.17"), *control_tower("CT.ECS.PR.4")),
    types=(TASK_DEFINITION,),
    check=_check,
    remedy=_remedy,
)
