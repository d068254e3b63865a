"""Everything that starts ECS tasks: services, task sets, rules, schedules, pipes."""

from collections.abc import Mapping
from typing import Final

from ..core.rule import Member, Resource, Stack
from ..core.values import Place
from .containers import TASK_DEFINITION

SERVICE: Final = "aws:ecs/service:Service"
TASK_SET: Final = "aws:ecs/taskSet:TaskSet"
EVENT_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
SCHEDULE: Final = "aws:scheduler/schedule:Schedule"
PIPE: Final = "aws:pipes/pipe:Pipe"
SERVICE_TYPES: Final = (SERVICE, TASK_SET)
CLUSTER: Final = "aws:ecs/cluster:Cluster"
ENVIRONMENT: Final = "aws:batch/computeEnvironment:ComputeEnvironment"

_PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = {
    SERVICE: (),
    TASK_SET: (),
    EVENT_TARGET: ("ecsTarget",),
    SCHEDULE: ("target", "ecsParameters"),
    PIPE: ("targetParameters", "ecsTaskParameters"),
}
_CLUSTERS: Final[Mapping[str, str]] = {
    SERVICE: "cluster",
    TASK_SET: "cluster",
    EVENT_TARGET: "arn",
    SCHEDULE: "target",
    PIPE: "target",
}
LAUNCH_TYPES: Final = tuple(_PARAMETERS)
NETWORK_TYPES: Final = (*LAUNCH_TYPES, ENVIRONMENT)
"""What says in which network tasks run; in Batch that is where its jobs do."""


def parameters(launch: Resource | Member) -> Place:
    """Return what a resource says of the tasks that it starts."""
    return launch.at(*_PARAMETERS[launch.type])


def parameters_path(kind: str) -> tuple[str, ...]:
    """Return where that is, by type token."""
    return _PARAMETERS[kind]


def definitions(stack: Stack, launch: Member) -> list[Member]:
    """Return the task definitions of the stack that a resource starts tasks of."""
    key = "taskDefinition" if launch.type in SERVICE_TYPES else _PARAMETERS[launch.type][0]
    return stack.referred(launch, key, (TASK_DEFINITION,))


def clusters(stack: Stack, launch: Member) -> list[Member]:
    """Return the clusters of the stack that a resource starts tasks in."""
    return stack.referred(launch, _CLUSTERS[launch.type], (CLUSTER,))


def network_configuration(resource: Resource | Member) -> Place:
    """Return the network settings of the tasks that a resource starts."""
    return resource.at(*network_path(resource.type))


def network_path(kind: str) -> tuple[str, ...]:
    """Return where the network settings are, by type token."""
    if kind == ENVIRONMENT:
        return ("computeResources",)
    within = ("awsVpcConfiguration",) if kind == PIPE else ()
    return (*_PARAMETERS[kind], "networkConfiguration", *within)


def network_property(kind: str) -> str:
    """Return the property that holds the network settings, by type token."""
    return network_path(kind)[0]
