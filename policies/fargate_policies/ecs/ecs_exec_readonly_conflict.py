"""ecs-exec-readonly-conflict: tasks that are to be entered can be.

The agent of ECS Exec writes to the root filesystem: where that is read-only, a session fails.
"""

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import guide
from ..core.values import UNKNOWN, Findings, Place, Undecided, Violation, is_true
from ..models.container_keys import read
from ..models.containers import JOB_DEFINITION, containers_of, job_tasks
from ..models.launches import LAUNCH_TYPES, definitions, parameters

_SWITCH = "enableExecuteCommand"


def _check(stack: Stack) -> Findings:
    for launch in stack.of_type(*LAUNCH_TYPES):
        for definition in definitions(stack, launch):
            containers = read(definition.at("containerDefinitions"))
            if isinstance(containers, Place):
                switch = parameters(launch).at(_SWITCH)
                yield from _judge(launch, switch, containers.items(), definition)
    for job in stack.of_type(JOB_DEFINITION):
        for task in job_tasks(job):
            if isinstance(task, Place):
                yield from _judge(job, task.at(_SWITCH), containers_of(task), job)


def _judge(owner: Member, switch: Place, containers: list[Place], definition: Member) -> Findings:
    """Judge containers that can be entered where a switch is on.

    Args:
        owner: what has the switch.
        switch: whether they can be entered.
        containers: those of a task.
        definition: what has the containers.
    """
    if switch.value is UNKNOWN:
        yield Undecided(f"{switch.path} of {owner.name}")
    if not is_true(switch.value):
        return
    roots = [container.at("readonlyRootFilesystem") for container in containers]
    if any(root.value is UNKNOWN for root in roots):
        yield Undecided(f"containers of {definition.name}")
    elif roots and all(is_true(root.value) for root in roots):
        yield Violation(
            f"{switch.path}: every container of {definition.name} has a read-only root, so none can"
            " be entered",
            owner.urn,
        )


RULE = StackRule(
    name="ecs-exec-readonly-conflict",
    description="Tasks with ECS Exec have a container with a writable root filesystem.",
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
    types=(*LAUNCH_TYPES, JOB_DEFINITION),
    check=_check,
)
