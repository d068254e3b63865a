"""Limits of AWS that its API models don't state, as reusable checks of one input each.

A check takes a resource's inputs and returns what is wrong. Absent and unknown values pass; no
message holds a value, since the engine can't tell a check which values are secret.
"""

from __future__ import annotations

import ipaddress
import json
import re
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import models
from sandbox.standins.wire import has_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from sandbox.standins.aws.kinds import Check


def value_at(inputs: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - any JSON value
    """The value at a dotted path; None if it is absent or not wholly known."""
    found = models.value_at(inputs, path)
    return None if has_unknown(found) else found


def check(path: str, allowed: str, test: Callable[[Any], bool]) -> Check:
    """A check of one value.

    Args:
        path: dotted path of the input.
        allowed: what is allowed, completing the sentence "PATH: must …".
        test: whether a known value is allowed.
    """

    def run(inputs: Mapping[str, Any]) -> list[str]:
        value = value_at(inputs, path)
        return [] if value is None or test(value) else [f"{path}: must {allowed}"]

    return run


def number(path: str, low: int, high: int, unit: str = "") -> Check:
    """A whole number within a range, both ends included."""
    return check(path, f"be {low} to {high} {unit}".rstrip(), lambda v: _within(v, low, high))


def _within(value: object, low: int, high: int) -> bool:
    try:
        return low <= float(str(value)) <= high
    except ValueError:
        return False


def one_of(path: str, values: Collection[object]) -> Check:
    """One of a few values."""
    listed = ", ".join(str(v) for v in values)
    return check(path, f"be one of {listed}", lambda v: v in values)


def text(path: str, pattern: str, allowed: str) -> Check:
    """Text that matches a pattern as a whole."""
    compiled = re.compile(rf"(?:{pattern})\Z")
    return check(path, allowed, lambda v: compiled.match(str(v)) is not None)


def arn(path: str, service: str, what: str) -> Check:
    """The ARN of a resource of one service.

    Args:
        path: dotted path of the input.
        service: the service as ARNs write it, such as ``sqs``.
        what: what it must be, such as ``a queue``.
    """
    return text(path, rf"arn:aws[\w-]*:{service}:.+", f"be the ARN of {what}")


def standard_queue(path: str) -> Check:
    """A dead-letter queue where FIFO isn't supported (it has the suffix)."""
    allowed = "be the ARN of a standard queue, not of a FIFO queue"
    return text(path, r"arn:aws[\w-]*:sqs:.+(?<!\.fifo)", allowed)


def at_most(path: str, count: int, what: str) -> Check:
    """A list or an object of limited size."""
    return check(path, f"hold at most {count} {what}", lambda v: len(v) <= count)


def document(path: str, limit: int | None = None) -> Check:
    """A JSON object, its size without white space limited as AWS counts it.

    Args:
        path: dotted path of the input.
        limit: most characters, or None where the API model states it.
    """

    def run(inputs: Mapping[str, Any]) -> list[str]:
        value = value_at(inputs, path)
        if value is None or not isinstance(value, str):
            return []
        try:
            parsed = json.loads(value)
        except ValueError as error:
            return [f"{path}: must be JSON ({_where(error)})"]
        if not isinstance(parsed, dict):
            return [f"{path}: must be a JSON object"]
        size = len(re.sub(r"\s", "", value))
        if limit and size > limit:
            return [
                f"{path}: must be at most {limit} characters without white space; it has {size}"
            ]
        return []

    return run


def json_text(path: str) -> Check:
    """JSON of any kind."""
    return check(path, "be JSON", _is_json)


def _is_json(value: object) -> bool:
    try:
        json.loads(str(value))
    except ValueError:
        return False
    return True


def _where(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} in line {error.lineno}, column {error.colno}"
    return "malformed"


def network(path: str, shortest: int = 0, longest: int = 32) -> Check:
    """An IPv4 CIDR block whose address is the network's, its prefix within a range."""
    lengths = "" if (shortest, longest) == (0, 32) else f" from /{shortest} to /{longest}"
    allowed = f"be an IPv4 network{lengths}, such as 10.0.0.0/16, with no host bits set"
    return check(path, allowed, lambda v: _is_network(v, 4, shortest, longest))


def network_v6(path: str) -> Check:
    """An IPv6 CIDR block whose address is the network's."""
    allowed = "be an IPv6 network, such as ::/0, with no host bits set"
    return check(path, allowed, lambda v: _is_network(v, 6, 0, 128))


def networks(path: str) -> Check:
    """A list of IPv4 CIDR blocks."""
    return check(
        path,
        "hold IPv4 networks only, such as 203.0.113.0/24, with no host bits set",
        lambda v: all(_is_network(item, 4, 0, 32) for item in v),
    )


def _is_network(value: object, version: int, shortest: int, longest: int) -> bool:
    try:
        found = ipaddress.ip_network(str(value))
    except ValueError:
        return False
    return "/" in str(value) and found.version == version and shortest <= found.prefixlen <= longest


def exactly_one(*paths: str) -> Check:
    """Exactly one of several inputs."""

    def run(inputs: Mapping[str, Any]) -> list[str]:
        given = [p for p in paths if inputs.get(p) is not None]
        if len(given) == 1:
            return []
        return [f"exactly one of {', '.join(paths)} must be given; {len(given)} are"]

    return run


def not_both(first: str, second: str) -> Check:
    """Two inputs that exclude each other."""

    def run(inputs: Mapping[str, Any]) -> list[str]:
        both = inputs.get(first) and inputs.get(second)
        return [f"{second}: can't be given together with {first}"] if both else []

    return run


def ordered(low: str, high: str) -> Check:
    """Two numbers, the first at most the second."""

    def run(inputs: Mapping[str, Any]) -> list[str]:
        first, second = value_at(inputs, low), value_at(inputs, high)
        if first is None or second is None or float(first) <= float(second):
            return []
        return [f"{low}: must be at most {high}"]

    return run


def tags(inputs: Mapping[str, Any]) -> list[str]:
    """AWS's tag restrictions (EC2 user guide, "Tag restrictions"), the same for most services."""
    given = inputs.get("tags")
    if not isinstance(given, dict):
        return []
    found = [] if len(given) <= _MOST_TAGS else [f"tags: must hold at most {_MOST_TAGS} tags"]
    for key, value in given.items():
        if not 1 <= len(key) <= _LONGEST_KEY or key.lower().startswith("aws:"):
            allowed = f"must be 1 to {_LONGEST_KEY} characters, not beginning with aws:"
            found.append(f"tags, the key '{key}': {allowed}")
        if isinstance(value, str) and len(value) > _LONGEST_VALUE and not has_unknown(value):
            found.append(f"tags.{key}: must be at most {_LONGEST_VALUE} characters")
    return found


_MOST_TAGS, _LONGEST_KEY, _LONGEST_VALUE = 50, 128, 256
