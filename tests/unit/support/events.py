"""EventBridge's matching of patterns and filling in of templates, as AWS documents them."""

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from moto.events.models import EventPattern

PRESENT: list[object] = []
"""A value that no filter accepts, but that is there."""


def matches(pattern: str, event: Mapping[str, Any]) -> bool:
    """Say whether EventBridge's pattern matches an event: moto's matcher, and arrays besides.

    Of an array of objects, which moto takes for one value, all fields have to match in one and the
    same element (event-ruler's README, "JSON Array Matching"): so each element is tried by itself.
    A field that another element has is there, for filters that demand its absence.
    """
    return any(EventPattern.load(pattern).matches_event(one) for one in _elements(dict(event)))


def _elements(event: dict[str, Any]) -> Iterator[Any]:
    """Yield an event once for each way to choose an element of each of its arrays of objects."""
    names = [name for name, value in event.items() if isinstance(value, dict) or _objects(value)]
    choices = [list(_choices(event[name])) for name in names]
    for chosen in itertools.product(*choices):
        yield {**event, **dict(zip(names, chosen, strict=True))}


def _choices(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        yield from _elements(value)
        return
    present = {name: PRESENT for element in value for name in element}
    for element in value:
        yield from _elements({**present, **element})


def _objects(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return isinstance(value, list) and bool(value) and all(isinstance(e, dict) for e in value)


def filled(template: str, paths: Mapping[str, str], event: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return what a target gets, from a template whose variables stand outside of quotes.

    Such a variable becomes the value's JSON (EventBridge user guide, "Input transformation": its
    example "Simple JSON"). One whose path isn't in the event is left out, which leaves no JSON.
    """
    text = template
    for name, path in paths.items():
        found: Any = event
        for part in path.removeprefix("$.").split("."):
            found = found.get(part) if isinstance(found, dict) else None
        text = text.replace(f"<{name}>", "" if found is None else json.dumps(found))
    return json.loads(text)
