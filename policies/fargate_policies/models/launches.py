"""Everything that starts ECS tasks: services, task sets, rules, schedules, pipes."""

from collections.abc import Mapping
from typing import Final

from ..core.rule import Member, Resource
from ..core.values import Place

SERVICE: Final = "aws:ecs/service:Service"
TASK_SET: Final = "aws:ecs/taskSet:TaskSet"
PIPE: Final = "aws:pipes/pipe:Pipe"
SERVICE_TYPES: Final = (SERVICE, TASK_SET)

_NETWORK: Final[Mapping[str, tuple[str, ...]]] = {
    SERVICE: ("networkConfiguration",),
    TASK_SET: ("networkConfiguration",),
    "aws:cloudwatch/eventTarget:EventTarget": ("ecsTarget", "networkConfiguration"),
    "aws:scheduler/schedule:Schedule": ("target", "ecsParameters", "networkConfiguration"),
    PIPE: (
        "targetParameters",
        "ecsTaskParameters",
        "networkConfiguration",
        "awsVpcConfiguration",
    ),
}
LAUNCH_TYPES: Final = tuple(_NETWORK)


def network_configuration(resource: Resource | Member) -> Place:
    """Return the network settings of the tasks that a resource starts."""
    return resource.at(*_NETWORK[resource.type])


def network_path(kind: str) -> tuple[str, ...]:
    """Return where the network settings are, by type token."""
    return _NETWORK[kind]


def network_property(kind: str) -> str:
    """Return the property that holds the network settings, by type token."""
    return _NETWORK[kind][0]
