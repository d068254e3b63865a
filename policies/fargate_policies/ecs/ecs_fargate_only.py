"""ecs-fargate-only: tasks run on Fargate, where each has a kernel of its own."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import project
from ..core.values import Findings, Place, Violation
from ..models.containers import TASK_DEFINITION
from ..models.launches import LAUNCH_TYPES, parameters
from ..models.state_machines import STATE_MACHINE
from ..models.task_calls import CALLING_TYPES, COMPUTED, RUN, given_to, task_calls

_PROVIDERS = ("FARGATE", "FARGATE_SPOT")
_DAEMONS = ("aws:ecs/daemon:Daemon", "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition")
_CALLED = ("LaunchType", "CapacityProviderStrategy")
_DECLARED = ("launchType", "capacityProviderStrategies")
"""What says where tasks run: a launch type, or providers of capacity by name."""


def _check(resource: Resource) -> Findings:
    if resource.type in _DAEMONS:
        yield Violation("daemons run on managed instances, which are EC2")
    if resource.type == TASK_DEFINITION:
        yield from _check_definition(resource)
    if resource.type in LAUNCH_TYPES:
        yield from _check_launch(resource)
    if resource.type in CALLING_TYPES:
        for call in task_calls(resource, RUN):
            yield from [call] if isinstance(call, Violation) else _check_call(call)


def _check_definition(resource: Resource) -> Findings:
    declared = resource.at("requiresCompatibilities")
    if declared.value is None or declared.value == []:
        yield Violation(f"{declared.path}: FARGATE isn't required, so EC2 is accepted too")
    for item in declared.items():
        yield from item.require(
            lambda value: value == "FARGATE", "the task may run on something other than Fargate"
        )


def _check_launch(resource: Resource) -> Findings:
    if resource.at("deploymentController", "type").value == "EXTERNAL":
        return  # Its task sets say where tasks run.
    launch = parameters(resource)
    if launch.value is not None:  # Otherwise it starts something else.
        yield from _check_capacity(launch, _DECLARED, "capacityProvider")


def _check_call(call: Place) -> Findings:
    computed = [place for place, is_so in (given_to(call, key) for key in _CALLED) if is_so]
    found = [Violation(f"{place.path}: {COMPUTED}") for place in computed]
    yield from found or _check_capacity(call, _CALLED, "CapacityProvider")


def _check_capacity(place: Place, names: tuple[str, str], provider: str) -> Findings:
    launch_type, strategies = map(place.at, names)
    if launch_type.present:
        yield from launch_type.require(
            lambda value: value == "FARGATE", "tasks don't run on Fargate"
        )
    for strategy in strategies.items():
        yield from strategy.at(provider).require(
            lambda value: value in _PROVIDERS, "the capacity provider isn't one of Fargate's"
        )
    if not launch_type.present and not strategies.items():
        yield Violation(
            f"{launch_type.path}: is missing, and so is a capacity provider: the cluster's default"
            " decides, and where it has none EC2"
        )


RULE = Rule(
    name="ecs-fargate-only",
    description="Tasks of ECS run on Fargate, never on EC2 or elsewhere, whatever starts them.",
    fix=(
        "Set requiresCompatibilities to FARGATE only, and in whatever starts tasks launchType"
        " FARGATE or capacityProviderStrategies of FARGATE and FARGATE_SPOT."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=project("tasks are isolated by Fargate"),
    types=(TASK_DEFINITION, *LAUNCH_TYPES, STATE_MACHINE, *_DAEMONS),
    check=_check,
)
