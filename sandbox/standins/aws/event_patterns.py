"""Event patterns of EventBridge rules.

Source: EventBridge user guide, "Creating event patterns" and "Comparison operators for use in
event patterns in Amazon EventBridge".
"""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sandbox.standins.aws.kinds import Check

_QUOTA = 2048  # EventBridge quotas, "Event pattern size"; it can be raised to 4096
_LONGEST_FILTER = 4096
_COMPARISONS = ("<", "<=", "=", ">", ">=")


def pattern(path: str, longest: int = _QUOTA) -> Check:
    """An event pattern: JSON, in size, and of a form that can match.

    Args:
        path: the input that holds it as text.
        longest: most characters; for a rule, what the quota is where nobody raised it.
    """

    def run(inputs: Mapping[str, Any]) -> list[str]:
        value = limits.value_at(inputs, path)
        problems = limits.document(path)(inputs)
        if value is None or problems:
            return problems
        if len(value) > longest:
            return [f"{path}: must be at most {longest} characters; this has {len(value)}"]
        return list(_object(json.loads(value), path))

    return run


def filters(path: str, most: int) -> Check:
    """The filters of a pipe or an event source mapping, whose patterns are those of rules.

    Args:
        path: the input that holds them.
        most: how many there may be.
    """

    def run(inputs: Mapping[str, Any]) -> list[str]:
        found = limits.at_most(path, most, "filters")(inputs)
        for index, each in enumerate(limits.value_at(inputs, path) or []):
            problems = pattern("pattern", _LONGEST_FILTER)(each)
            found += [f"{path}[{index}].{problem}" for problem in problems]
        return found

    return run


def _object(value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if not isinstance(value, dict) or not value:
        yield f"{path}: must be an object with at least one field"
        return
    for key, item in value.items():
        at = f"{path}.{key}"
        if key == "$or":
            yield from _alternatives(item, at)
        elif isinstance(item, dict):
            yield from _object(item, at)
        elif isinstance(item, list) and item:
            for index, each in enumerate(item):
                yield from _match(each, f"{at}[{index}]")
        else:
            yield f"{at}: must be an array of the values to match, or an object"


def _alternatives(value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if not isinstance(value, list) or len(value) < 2:  # noqa: PLR2004 - one is no alternative
        yield f"{path}: must be an array of at least two patterns"
        return
    for index, item in enumerate(value):
        yield from _object(item, f"{path}[{index}]")


def _match(value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        yield f"{path}: must not be an array"
    if not isinstance(value, dict):
        return
    operator = next(iter(value), "")
    allowed = _OPERATORS.get(operator)
    if len(value) != 1 or allowed is None:
        yield f"{path}: must hold one of {', '.join(_OPERATORS)}"
        return
    what, test = allowed
    if not test(value[operator]):
        yield f"{path}.{operator}: must be {what}"


def _text(value: object) -> bool:
    return isinstance(value, str)


def _part(value: object) -> bool:
    """Text, or text whose case doesn't matter."""
    if isinstance(value, dict):
        return set(value) == {"equals-ignore-case"} and _text(value["equals-ignore-case"])
    return _text(value)


def _wildcard(value: object) -> bool:
    return isinstance(value, str) and "**" not in value


def _other(value: object) -> bool:
    """What anything-but takes: a value, some of one kind, or another comparison of text."""
    if isinstance(value, dict):
        tests = {"equals-ignore-case": _texts, "prefix": _texts, "suffix": _texts,
                 "wildcard": _texts}  # fmt: skip
        return len(value) == 1 and all(k in tests and tests[k](v) for k, v in value.items())
    return _texts(value) or _numbers(value)


def _texts(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return bool(items) and all(isinstance(item, str) for item in items)


def _numbers(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return bool(items) and all(_number(item) for item in items)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numeric(value: object) -> bool:
    """One or two pairs of comparison and number."""
    if not isinstance(value, list) or len(value) not in {2, 4}:
        return False
    return all(v in _COMPARISONS for v in value[::2]) and all(_number(v) for v in value[1::2])


def _cidr(value: object) -> bool:
    try:
        ipaddress.ip_network(str(value), strict=False)
    except ValueError:
        return False
    return "/" in str(value)


_OPERATORS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "prefix": ("text, or equals-ignore-case with text", _part),
    "suffix": ("text, or equals-ignore-case with text", _part),
    "equals-ignore-case": ("text", _text),
    "wildcard": ("text without two asterisks in a row", _wildcard),
    "anything-but": ("a value, an array of texts or of numbers, or a comparison", _other),
    "numeric": ("one or two comparisons with their numbers", _numeric),
    "cidr": ("a network, such as 10.0.0.0/24", _cidr),
    "exists": ("true or false", lambda value: isinstance(value, bool)),
}
