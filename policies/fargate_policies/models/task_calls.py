"""Calls of ECS by which tasks start, where nothing but their text says so.

States of Step Functions, and schedules with a universal target, call ECS's API themselves.
"""

import re
from collections.abc import Iterator
from typing import Final

from ..core.rule import Resource
from ..core.values import Place, Value, Violation
from .json_text import parsed
from .launches import SCHEDULE
from .state_machines import STATE_MACHINE, states

CALLING_TYPES: Final = (SCHEDULE, STATE_MACHINE)
RUN: Final = ("runTask",)
PLACE: Final = (*RUN, "createService", "updateService", "createTaskSet")
"""Actions that say in which network tasks are."""
COMPUTED: Final = "is decided only when tasks start"

_STATE: Final = re.compile(r"arn:[^:]*:states:::(?:aws-sdk:)?ecs:(\w+)(?:\.\w+(?::2)?)?")
_SCHEDULED: Final = re.compile(r"arn:[^:]*:scheduler:::aws-sdk:ecs:(\w+)")


def task_calls(resource: Resource, actions: tuple[str, ...]) -> Iterator[Place | Violation]:
    """Yield what each call of one of the actions is given; what isn't known stands for itself."""
    if resource.type == SCHEDULE:
        return _scheduled(resource.at("target"), actions)
    return _in_states(parsed(resource.at("definition")), actions)


def _scheduled(target: Place, actions: tuple[str, ...]) -> Iterator[Place | Violation]:
    if _action(_SCHEDULED, target.at("arn")) in actions:
        given = parsed(target.at("input"))
        yield Place(_as_named(given.value), given.path) if isinstance(given, Place) else given


def _in_states(
    definition: Place | Violation, actions: tuple[str, ...]
) -> Iterator[Place | Violation]:
    if isinstance(definition, Violation) or not definition.known:
        yield definition
        return
    for state in states(definition):
        if not state.known:
            yield state
        elif _action(_STATE, state.at("Resource")) in actions:
            # JSONPath has it in Parameters, JSONata in Arguments.
            given = (state.at(key) for key in ("Parameters", "Arguments"))
            yield from (place for place in given if place.value is not None)


def given_to(call: Place, *keys: str) -> tuple[Place, bool]:
    """Return what a call is given under `keys`, and whether that is computed when it is made.

    JSONPath computes a property by another one whose name ends in `.$`, JSONata by a text.
    """
    place = call
    for key in keys:
        by_path = place.at(f"{key}.$")
        if is_expression(place.value):
            return place, True
        if by_path.known and by_path.present:
            return by_path, True
        place = place.at(key)
    return place, is_expression(place.value)


def is_expression(value: Value) -> bool:
    """Whether a value is JSONata, which may become anything."""
    return isinstance(value, str) and value.startswith("{%")


def _action(pattern: re.Pattern[str], called: Place) -> str:
    match = pattern.fullmatch(called.text)
    return match[1] if match else ""


def _as_named(value: Value) -> Value:
    """Return the input of a schedule's call with names as Step Functions has them."""
    if isinstance(value, dict):
        return {f"{str(key)[:1].upper()}{str(key)[1:]}": _as_named(v) for key, v in value.items()}
    return [_as_named(item) for item in value] if isinstance(value, list) else value
