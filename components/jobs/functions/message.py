"""What a message says: whether a task starts for it, and which variables its container gets."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

LONGEST_OVERRIDES: Final = 8192
"""Characters of a task's overrides as JSON (Amazon ECS API reference, RunTask)."""

Decide = Callable[[Any], Mapping[str, str] | None]
"""The job's own filter: None starts nothing, a mapping holds variables."""


class UnusableError(Exception):
    """A message of which nothing can start. It tells names, and no values."""


def read(body: str) -> Any:  # noqa: ANN401 - any JSON
    """Return a message's body: what it says as JSON, or itself where it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return body


def variables(
    message: Any,  # noqa: ANN401 - any JSON
    *,
    fields: Mapping[str, str],
    declared: Collection[str],
    decide: Decide | None,
) -> Mapping[str, str] | None:
    """Return the variables that a message gives the job's container; None starts nothing.

    Args:
        message: its body, or the request.
        fields: by variable, the path of a field, such as $.order.id.
        declared: variables that the filter may set.
        decide: the job's filter.

    Raises:
        UnusableError: a field isn't there, or the filter's answer isn't what it may be.
    """
    decided = decide(message) if decide else {}
    if decided is None:
        return None
    _check(decided, declared)
    found = {
        name: _field(message, path) for name, path in sorted(fields.items()) if name not in decided
    }
    return {**found, **decided}


def overrides(container: str, given: Mapping[str, str]) -> Mapping[str, Any]:
    """Return RunTask's overrides that give a container variables.

    Raises:
        UnusableError: they are longer than ECS takes.
    """
    pairs = [{"name": name, "value": value} for name, value in sorted(given.items())]
    made = {"containerOverrides": [{"name": container, "environment": pairs}]}
    length = len(json.dumps(made))
    if length > LONGEST_OVERRIDES:
        raise UnusableError(
            f"{', '.join(sorted(given))}: take {length} characters as overrides, and ECS takes "
            f"{LONGEST_OVERRIDES}: let the message say where long data is, not hold it"
        )
    return made


def _field(message: Any, path: str) -> str:  # noqa: ANN401 - any JSON
    """Return one field as text, as Step Functions' States.Format would."""
    value = message
    for name, index in re.findall(r"\.([^.\[]+)|\[(\d+)\]", path):
        try:
            value = value[name] if name and isinstance(value, dict) else value[int(index)]
        except (KeyError, IndexError, TypeError, ValueError):
            raise UnusableError(f"{path}: the message has no such field") from None
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    raise UnusableError(f"{path}: isn't text, a number, true or false")


def _check(decided: object, declared: Collection[str]) -> None:
    if not isinstance(decided, Mapping):
        kind = type(decided).__name__
        raise UnusableError(f"decide returned {kind}; it must return a mapping, or None")
    for name, value in decided.items():
        if name not in declared:
            known = ", ".join(sorted(declared)) or "none"
            raise UnusableError(
                f"decide set {name}, which the job doesn't declare; it has: {known}"
            )
        if not isinstance(value, str):
            raise UnusableError(f"decide set {name} to {type(value).__name__}; it must be text")
