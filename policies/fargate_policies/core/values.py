"""Values of a resource's properties, and what can be said about them.

A value may be known, absent, not known before the deployment, or of the wrong shape. `Place` keeps
the four apart, together with the path that a message names. Messages name places, never values; of
what only names a thing they show the name, unless it is secret.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final


class Marker(Enum):
    """What stands where there is no value."""

    UNKNOWN = "unknown"
    """Not known before the deployment, such as the id of a resource yet to be created."""
    NOT_AN_OBJECT = "must be an object"
    NOT_A_LIST = "must be a list"
    REMOVED = "removed"
    """What a remediation writes to take a property away."""


UNKNOWN: Final = Marker.UNKNOWN
REMOVED: Final = Marker.REMOVED


class Secret:
    """A text or a number that came as a secret. It is judged as any other, and never shown."""


class _SecretText(str, Secret):
    __slots__ = ()


class _SecretInteger(int, Secret):
    __slots__ = ()


class _SecretFloat(float, Secret):
    __slots__ = ()


def as_secret(value: Any) -> Any:  # noqa: ANN401 - any single value
    """Return a text or a number as one that is secret; of a flag, messages show nothing."""
    if isinstance(value, str):
        return _SecretText(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _SecretInteger(value)
    return _SecretFloat(value) if isinstance(value, float) else value


Value = Any
"""None, bool, int, float, str, list, dict or Marker; deeper values likewise."""


@dataclass(frozen=True)
class Violation:
    """What breaks the rule.

    Attributes:
        message: where and what, without any value from the resource.
        urn: the resource, for rules about a whole stack; empty for rules about one resource.
    """

    message: str
    urn: str = ""


@dataclass(frozen=True)
class Undecided:
    """A place whose value the rule needs and the preview doesn't know."""

    path: str


Finding = Violation | Undecided
Findings = Iterator[Finding]


@dataclass(frozen=True)
class Place:
    """A value and where it stands in the resource."""

    value: Value
    path: str

    @property
    def known(self) -> bool:
        """Whether the value can be judged: present or absent, but neither unknown nor misshapen."""
        return not isinstance(self.value, Marker)

    @property
    def present(self) -> bool:
        """Whether there is something, even if unknown. AWS reports an absent text as empty."""
        return self.value is not None and self.value != ""

    @property
    def text(self) -> str:
        """The value if it is a text, otherwise an empty one."""
        return self.value if isinstance(self.value, str) else ""

    def at(self, *keys: str) -> "Place":
        """Return the place under `keys`; absent where something on the way is absent."""
        place = self
        for key in keys:
            place = place._child(key)
        return place

    def items(self) -> list["Place"]:
        """Return a place for each element of a list: none if absent, itself if it can't be read."""
        if self.value is None:
            return []
        if isinstance(self.value, Marker):
            return [self]
        if not isinstance(self.value, list):
            return [Place(Marker.NOT_A_LIST, self.path)]
        return [Place(item, f"{self.path}[{index}]") for index, item in enumerate(self.value)]

    def require(self, accepts: Callable[[Value], bool], message: str) -> Findings:
        """Yield `message` as a violation unless `accepts` holds for the value."""
        return self.forbid(lambda value: not accepts(value), message)

    def forbid(self, rejects: Callable[[Value], bool], message: str) -> Findings:
        """Yield `message` as a violation if `rejects` holds for the value."""
        if not self.known:
            yield self.unreadable()
        elif rejects(self.value):
            yield Violation(f"{self.path}: {message}")

    def unreadable(self) -> Finding:
        """Return the finding for a value that is not known or has the wrong shape."""
        if self.value is UNKNOWN:
            return Undecided(self.path)
        return Violation(f"{self.path}: {self.value.value}")

    def _child(self, key: str) -> "Place":
        shown = key if _is_plain(key) else "*"
        path = f"{self.path}.{shown}" if self.path else shown
        if self.value is None:
            return Place(None, path)
        if isinstance(self.value, Marker):
            return self
        if not isinstance(self.value, dict):
            return Place(Marker.NOT_AN_OBJECT, self.path)
        return Place(self.value.get(key), path)


def _is_plain(key: str) -> bool:
    """Whether a key may stand in a path: some are a user's own, and some of those are secret."""
    return not isinstance(key, Secret) and key.isascii() and key.isprintable() and len(key) < _LONG


_LONG: Final = 128
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")


def label(place: Place) -> str:
    """Return ` (name)` for a message if the place holds an ordinary identifier, else nothing.

    Nothing either if it is secret, as all is that a secret document says.

    Only for what names a thing (a container, a statement, an environment variable), never for what
    a thing is set to.
    """
    return f" ({place.text})" if is_showable(place.value) else ""


def is_showable(name: Value) -> bool:
    """Whether a name may stand in a message: an ordinary identifier that isn't secret."""
    return (
        isinstance(name, str) and not isinstance(name, Secret) and bool(_IDENTIFIER.fullmatch(name))
    )


def is_true(value: Value) -> bool:
    """Whether a flag is on; also as a text, in which some tools write it."""
    return value is True or (isinstance(value, str) and value.lower() in {"true", "enabled"})


def is_false(value: Value) -> bool:
    """Whether a flag is set and off."""
    return value is False


def is_set(value: Value) -> bool:
    """Whether there is anything: neither absent nor empty."""
    return value is not None and value not in ("", [], {})


def contains_unknown(value: Value) -> bool:
    """Whether a value, or anything in it, isn't known before the deployment."""
    if isinstance(value, dict):
        return any(contains_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(contains_unknown(item) for item in value)
    return value is UNKNOWN


def as_integer(value: Value) -> int | None:
    """Return a whole number, also from a text; None for anything else. What was secret stays it."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        number = int(value)
        return as_secret(number) if isinstance(value, Secret) else number
    return None
