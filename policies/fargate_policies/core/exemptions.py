"""Exemptions: single resources that a rule is not demanded of, for a reason and until a day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from typing import Any, Final

from .values import Value

KEY: Final = "exemptions"
"""The key of a rule's configuration that holds its exemptions."""

SCHEMA: Final[Mapping[str, Any]] = {
    "type": "array",
    "description": "resources that the rule is not demanded of",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["resource", "reason", "expires"],
        "properties": {
            "resource": {
                "type": "string",
                "minLength": 1,
                "description": "a resource's name or URN; * stands for any text",
            },
            "reason": {"type": "string", "pattern": "\\S", "description": "why, for a reader"},
            "expires": {
                "type": "string",
                "format": "date",
                "description": "the last day, in UTC, as 2026-12-31",
            },
        },
    },
}


@dataclass(frozen=True)
class Exemption:
    """What a rule is not demanded of.

    Attributes:
        rule: the rule's name.
        resource: name or URN of the resource; * stands for any text.
        reason: why.
        expires: the last day on which it holds, in UTC.
    """

    rule: str
    resource: str
    reason: str
    expires: date

    @classmethod
    def read(cls, rule: str, value: Mapping[str, Any]) -> "Exemption":
        """Read an exemption that `problems` has nothing to say of."""
        expires = date.fromisoformat(value["expires"])
        return cls(rule, value["resource"], value["reason"], expires)

    @property
    def because(self) -> str:
        """Until when and why, for a reader."""
        return f"until {self.expires}: {self.reason}"

    def has_expired(self, now: datetime) -> bool:
        """Whether its last day is over at an instant."""
        return now.astimezone(UTC).date() > self.expires

    def covers(self, name: str, urn: str) -> bool:
        """Whether it is about a resource."""
        return fnmatchcase(name, self.resource) or fnmatchcase(urn, self.resource)


def granted_by(settings: Mapping[str, Any]) -> tuple[Exemption, ...]:
    """Return the exemptions among a rule's settings."""
    granted: tuple[Exemption, ...] = settings.get(KEY, ())
    return granted


def exemption_of(settings: Mapping[str, Any], name: str, urn: str) -> Exemption | None:
    """Return the exemption, among a rule's settings, that frees a resource of the rule today."""
    now = datetime.now(UTC)
    covering = (each for each in granted_by(settings) if each.covers(name, urn))
    return next((each for each in covering if not each.has_expired(now)), None)


def problems(value: Value) -> list[str]:
    """Return what is wrong with the exemptions of a rule's configuration."""
    if not isinstance(value, list):
        return [f"{KEY} must be a list"]
    return [
        f"{KEY}[{index}]{problem}"
        for index, item in enumerate(value)
        for problem in _problems_of_one(item)
    ]


def _problems_of_one(item: Value) -> list[str]:
    if not isinstance(item, dict):
        return [" must be an object"]
    keys = SCHEMA["items"]["required"]
    found = [f" has an unknown key; it has {', '.join(keys)}"] if item.keys() - {*keys} else []
    found += [
        f".{key} is missing" if key not in item else f".{key} must be a text that isn't empty"
        for key in keys
        if not isinstance(item.get(key), str) or not item[key].strip()
    ]
    expires = item.get("expires")
    if isinstance(expires, str) and expires.strip() and not _is_day(expires):
        found.append(".expires must be a day as 2026-12-31")
    return found


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
