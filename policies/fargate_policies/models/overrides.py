"""What those who start tasks and jobs say of their containers, in place of the definition."""

from collections.abc import Iterator
from typing import Final

from ..core.rule import Resource
from ..core.values import Place, Value, Violation
from .container_keys import read
from .json_text import parsed
from .launches import EVENT_TARGET, PIPE, SCHEDULE
from .state_machines import STATE_MACHINE
from .task_calls import is_expression

_TEXTS: Final = {
    EVENT_TARGET: ("input",),
    SCHEDULE: ("target", "input"),
    STATE_MACHINE: ("definition",),
}
"""Where a JSON text is that may hold overrides, by type token."""
OVERRIDING_TYPES: Final = (*_TEXTS, PIPE)
_STARTS: Final = {
    EVENT_TARGET: (("ecsTarget",), ("batchTarget",)),
    SCHEDULE: (("target", "ecsParameters"),),
    STATE_MACHINE: ((),),
}
"""What says that the text is for tasks or jobs, so that it matters while it isn't known."""
_KEY: Final = "containeroverrides"


def overrides(resource: Resource) -> Iterator[Place | Violation]:
    """Yield what a resource says of containers, spelled as ECS spells it.

    A text that isn't JSON has nothing to say of them: a target may be something else than a task.
    """
    if resource.type == PIPE:
        yield from _spelled(_within(resource.at("targetParameters")))
        return
    place = parsed(resource.at(*_TEXTS[resource.type]))
    starts = any(resource.at(*path).value is not None for path in _STARTS[resource.type])
    if isinstance(place, Place) and (place.known or starts):
        yield from _spelled(_within(Place(_as_written(place.value), place.path)))


def _as_written(value: Value) -> Value:
    """Return a value without JSONata: what a state computes isn't written anywhere."""
    if isinstance(value, dict):
        return {key: _as_written(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_written(item) for item in value]
    return None if is_expression(value) else value


def _spelled(found: Iterator[Place]) -> Iterator[Place | Violation]:
    return map(read, found)


def _within(place: Place) -> Iterator[Place]:
    """Yield the overrides in a value, at any depth: a list of them, or the only one of a job."""
    if not place.known:
        yield place
    for key, inner in _children(place):
        if key.lower() != _KEY:
            yield from _within(inner)
        elif isinstance(inner.value, list):
            yield from inner.items()
        else:
            yield inner


def _children(place: Place) -> Iterator[tuple[str, Place]]:
    value: Value = place.value
    if isinstance(value, dict):
        yield from ((str(key), place.at(key)) for key in value)
    elif isinstance(value, list):
        yield from (("", item) for item in place.items())
