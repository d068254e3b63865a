"""Files for `--policy-pack-config`, read as the engine reads them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fargate_policies.core.configuration import ALL, all_settings, problems
from fargate_policies.core.rule import AnyRule
from pulumi_policy import EnforcementLevel

from check.errors import InputError

_LEVEL: Final = "enforcementLevel"
_LEVELS: Final = {level.value: level for level in EnforcementLevel}
_ENVIRONMENTS: Final = "environments"
"""A key of the engine's own: what it sets in the pack's process, from which no rule reads."""


@dataclass(frozen=True)
class Configured:
    """What a configuration amounts to, by the rule's name.

    Attributes:
        levels: the rules' enforcement levels.
        settings: their parameters and exemptions.
    """

    levels: Mapping[str, EnforcementLevel]
    settings: Mapping[str, Mapping[str, Any]]

    def judging(self, rules: Sequence[AnyRule]) -> list[AnyRule]:
        """Return those of `rules` that aren't disabled."""
        return [rule for rule in rules if not self._disables(rule)]

    def disabled(self, rules: Sequence[AnyRule]) -> list[AnyRule]:
        """Return those of `rules` that are disabled."""
        return [rule for rule in rules if self._disables(rule)]

    def _disables(self, rule: AnyRule) -> bool:
        return self.levels[rule.name] is EnforcementLevel.DISABLED


def configured(rules: Sequence[AnyRule], text: str = "") -> Configured:
    """Return what a configuration file makes of `rules`; an empty one changes nothing.

    Raises:
        InputError: it isn't a configuration of these rules; with everything that is wrong with it.
    """
    document = _parsed(text)
    given = {name: _parameters(value) for name, value in document.items()}
    found = [f"{name}: {_ALLOWED}" for name, value in document.items() if not _is_sound(value)]
    found += problems(rules, given)
    if found:
        raise InputError(f"The configuration is wrong: {'; '.join(found)}.")
    levels = {name: _LEVELS[level] for name, value in document.items() if (level := _level(value))}
    return Configured(
        {rule.name: levels.get(rule.name, levels.get(ALL, _default(rule))) for rule in rules},
        all_settings(rules, given),
    )


_ALLOWED: Final = f"must be a level or an object with it as {_LEVEL}; levels: {', '.join(_LEVELS)}"


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text) if text.strip() else {}
    except json.JSONDecodeError as error:
        raise InputError(
            f"The configuration is not one JSON document (line {error.lineno}: {error.msg})."
        ) from None
    except (ValueError, RecursionError):
        raise InputError("The configuration holds a number too long, or is too deep.") from None
    if not isinstance(document, dict):
        raise InputError("The configuration is not an object of rules and what is set for each.")
    document.pop(_ENVIRONMENTS, None)
    return document


def _level(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the level that is given for a rule; None if there is none."""
    return value.get(_LEVEL) if isinstance(value, dict) else value


def _is_sound(value: object) -> bool:
    if isinstance(value, dict) and _LEVEL not in value:
        return True
    level = _level(value)
    return isinstance(level, str) and level in _LEVELS


def _parameters(value: object) -> dict[str, Any]:
    given = value if isinstance(value, dict) else {}
    return {key: each for key, each in given.items() if key != _LEVEL}


def _default(rule: AnyRule) -> EnforcementLevel:
    return EnforcementLevel.MANDATORY if rule.mandatory else EnforcementLevel.ADVISORY
