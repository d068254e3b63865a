"""ecs-fargate-only: tasks run on Fargate, where each has a kernel of its own."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import project
from ..core.values import Findings, Place, Violation
from ..models.containers import TASK_DEFINITION
from ..models.launches import LAUNCH_TYPES, parameters

_PROVIDERS = ("FARGATE", "FARGATE_SPOT")


def _check(resource: Resource) -> Findings:
    if resource.type == TASK_DEFINITION:
        return _check_definition(resource)
    if resource.at("deploymentController", "type").value == "EXTERNAL":
        return iter(())  # Its task sets say where tasks run.
    return _check_launch(parameters(resource))


def _check_definition(resource: Resource) -> Findings:
    declared = resource.at("requiresCompatibilities")
    if declared.value is None or declared.value == []:
        yield Violation(f"{declared.path}: FARGATE isn't required, so EC2 is accepted too")
    for item in declared.items():
        yield from item.require(
            lambda value: value == "FARGATE", "the task may run on something other than Fargate"
        )


def _check_launch(given: Place) -> Findings:
    launch_type = given.at("launchType")
    strategies = given.at("capacityProviderStrategies")
    if launch_type.present:
        yield from launch_type.require(
            lambda value: value == "FARGATE", "tasks don't run on Fargate"
        )
    for strategy in strategies.items():
        yield from strategy.at("capacityProvider").require(
            lambda value: value in _PROVIDERS, "the capacity provider isn't one of Fargate's"
        )
    if given.value is not None and not launch_type.present and not strategies.items():
        yield Violation(
            f"{launch_type.path}: is missing, and so is a capacity provider: the cluster's default"
            " decides, and where it has none EC2"
        )


RULE = Rule(
    name="ecs-fargate-only",
    description="Tasks of ECS run on Fargate, never on EC2 or elsewhere.",
    fix=(
        "Set requiresCompatibilities to FARGATE only, and in what starts tasks launchType FARGATE"
        " or capacityProviderStrategies of FARGATE and FARGATE_SPOT."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=project("tasks are isolated by Fargate"),
    types=(TASK_DEFINITION, *LAUNCH_TYPES),
    check=_check,
)
