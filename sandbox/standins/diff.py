"""What changed between the old and the new inputs of a resource, path by path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Kind = Literal["add", "delete", "update"]
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*\Z")
_INDEX = re.compile(r"\[(?:\d+|\"(?:[^\"\\]|\\.)*\")\]")


@dataclass(frozen=True)
class Change:
    """One changed value.

    Attributes:
        path: property path in Pulumi's notation, such as ``tags.Name`` or ``subnets[0]``.
        kind: whether the value was added, deleted or updated.
    """

    path: str
    kind: Kind


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Every difference between two sets of inputs, the ``__defaults`` note aside."""
    keys = sorted((old.keys() | new.keys()) - {"__defaults"})
    return [change for key in keys for change in _at(_step("", key), old.get(key), new.get(key))]


def without_ignored(found: Iterable[Change], ignored: Iterable[str]) -> list[Change]:
    """The changes that lie at or under none of the ignored paths (``*`` matches one step)."""
    patterns = [_matcher(path) for path in ignored]
    return [c for c in found if not any(matches(c.path) for matches in patterns)]


def general(path: str) -> str:
    """A path without indices: ``vpcConfig.subnetIds[0]`` becomes ``vpcConfig.subnetIds``."""
    return _INDEX.sub("", path)


def top(path: str) -> str:
    """The property that a path begins with."""
    return general(path).split(".", 1)[0]


def _at(path: str, old: Any, new: Any) -> Iterator[Change]:  # noqa: ANN401 - any JSON value
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _at(_step(path, key), old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            yield from _at(f"{path}[{index}]", _item(old, index), _item(new, index))
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        kind: Kind = "add" if old is None else "delete" if new is None else "update"
        yield Change(path, kind)


def _item(items: list[Any], index: int) -> Any:  # noqa: ANN401 - any JSON value
    return items[index] if index < len(items) else None


def _step(path: str, key: str) -> str:
    if not _IDENTIFIER.match(key):
        escaped = key.replace("\\", "\\\\").replace('"', '\\"')
        return f'{path}["{escaped}"]'
    return f"{path}.{key}" if path else key


def _matcher(pattern: str) -> Callable[[str], bool]:
    wild = re.escape(pattern).replace(r"\[\*\]", r"\[[^\]]*\]").replace(r"\*", r"[^.\[]*")
    compiled = re.compile(rf"{wild}(?:[.\[].*)?\Z", re.DOTALL)
    return lambda path: compiled.match(path) is not None
