"""ecs-capabilities: no container has more Linux capabilities than the default ones."""

from collections.abc import Iterator
from typing import Any

from pulumi_policy import Severity

from ..core.rule import Change, Parameter, Resource, Rule
from ..core.sources import guide
from ..core.values import Findings, Place
from ..models.containers import TASK_DEFINITION, judge_containers, remedy_containers


def _check(resource: Resource) -> Findings:
    allowed = resource.settings["allowed"]

    def judge(container: Place) -> Findings:
        for capability in container.at("linuxParameters", "capabilities", "add").items():
            yield from capability.require(
                lambda value: value in allowed, "adds a Linux capability that isn't allowed"
            )

    return judge_containers(resource, judge)


def _remedy(resource: Resource) -> Iterator[Change]:
    allowed = resource.settings["allowed"]

    def mend(container: dict[str, Any]) -> dict[str, Any]:
        capabilities = Place(container, "").at("linuxParameters", "capabilities")
        added = capabilities.at("add").value
        if not isinstance(added, list):
            return container
        kept = [capability for capability in added if capability in allowed]
        parameters = {
            **container["linuxParameters"],
            "capabilities": {**capabilities.value, "add": kept},
        }
        return {**container, "linuxParameters": parameters}

    return remedy_containers(resource, mend)


RULE = Rule(
    name="ecs-capabilities",
    description="ECS containers add no Linux capabilities.",
    fix=(
        "Remove linuxParameters.capabilities.add; Fargate accepts SYS_PTRACE only, which this"
        " rule's parameter `allowed` can admit."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=guide(
        "Amazon ECS developer guide",
        "task definition differences for Fargate",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html",
    ),
    parameters={"allowed": Parameter("capabilities that may be added, such as SYS_PTRACE", ())},
    types=(TASK_DEFINITION,),
    check=_check,
    remedy=_remedy,
)
