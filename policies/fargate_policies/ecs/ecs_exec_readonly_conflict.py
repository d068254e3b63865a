"""ecs-exec-readonly-conflict: tasks that are to be entered can be.

The agent of ECS Exec writes to the root filesystem: where that is read-only, a session fails.
"""

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import guide
from ..core.values import UNKNOWN, Findings, Place, Undecided, Violation, is_true
from ..models.container_keys import read
from ..models.containers import TASK_DEFINITION
from ..models.launches import SERVICE


def _check(stack: Stack) -> Findings:
    for service in stack.of_type(SERVICE):
        switch = service.at("enableExecuteCommand")
        if switch.value is UNKNOWN:
            yield Undecided(f"enableExecuteCommand of {service.name}")
        elif is_true(switch.value):
            for definition in stack.referred(service, "taskDefinition", (TASK_DEFINITION,)):
                yield from _check_definition(service, definition)


def _check_definition(service: Member, definition: Member) -> Findings:
    place = read(definition.at("containerDefinitions"))
    roots = [
        container.at("readonlyRootFilesystem")
        for container in (place.items() if isinstance(place, Place) else ())
    ]
    if any(root.value is UNKNOWN for root in roots):
        yield Undecided(f"containerDefinitions of {definition.name}")
    elif roots and all(is_true(root.value) for root in roots):
        yield Violation(
            f"enableExecuteCommand: every container of {definition.name} has a read-only root, so"
            " none can be entered",
            service.urn,
        )


RULE = StackRule(
    name="ecs-exec-readonly-conflict",
    description="ECS services with ECS Exec have a container with a writable root filesystem.",
    fix=(
        "Set enableExecuteCommand to false; or, outside of production, readonlyRootFilesystem to"
        " false on the container that is to be entered."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=guide(
        "Amazon ECS developer guide",
        "ECS Exec: considerations",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
    ),
    types=(SERVICE,),
    check=_check,
)
