"""Containers of ECS task definitions."""

from collections.abc import Callable
from typing import Final

from ..core.rule import Resource
from ..core.values import Findings, Place, Violation, label
from .json_text import parsed

TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"


def judge_containers(resource: Resource, judge: Callable[[Place], Findings]) -> Findings:
    """Yield what `judge` finds in each container of a task definition.

    Definitions that aren't known yet are undecided; ones that can't be read are a violation.
    """
    place = parsed(resource.at("containerDefinitions"))
    if isinstance(place, Violation):
        yield place
        return
    for item in place.items():
        yield from judge(Place(item.value, f"{item.path}{label(item.at('name'))}"))


def runs_windows(resource: Resource) -> bool:
    """Whether a task definition is for Windows, which has neither root nor a read-only root."""
    return (
        resource.at("runtimePlatform", "operatingSystemFamily").text.upper().startswith("WINDOWS")
    )
