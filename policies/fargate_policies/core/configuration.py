"""The pack's configuration: what a file for `--policy-pack-config` may say."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

from . import exemptions
from .exemptions import Exemption, granted_by
from .rule import AnyRule
from .values import Value

ALL: Final = "all"
"""In place of a rule's name: the level of all rules that the file doesn't name."""

Configuration = Mapping[str, Mapping[str, Value]]
"""Parameters and exemptions by the rule's name; levels are the engine's affair."""


def problems(rules: Sequence[AnyRule], configuration: Configuration) -> list[str]:
    """Return what is wrong with a configuration, without the values in it."""
    by_name = {rule.name: rule for rule in rules}
    found: list[str] = []
    for name, given in sorted(configuration.items()):
        if name == ALL:
            found += [f"{ALL}: takes a level only"] if given else []
        elif name in by_name:
            found += [f"{name}: {problem}" for problem in _problems_of(by_name[name], given)]
        else:
            close = get_close_matches(name, by_name, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            found.append(f"{name}: there is no such rule{hint}")
    return found


def _problems_of(rule: AnyRule, given: Mapping[str, Value]) -> Iterator[str]:
    for key, value in sorted(given.items()):
        if key == exemptions.KEY and rule.can_be_exempted_from:
            yield from exemptions.problems(value)
        elif key not in rule.parameters:
            known = ", ".join(rule.parameters) or "none"
            yield f"has no parameter {key}; its parameters: {known}"
        elif not rule.parameters[key].accepts(value):
            yield f"{key} must be {rule.parameters[key].kind}"


def settings(rule: AnyRule, given: Mapping[str, Value]) -> dict[str, Any]:
    """Return the parameters of a rule, and its exemptions, as the rule reads them."""
    result = rule.defaults
    for key in rule.parameters.keys() & given.keys():
        value = given[key]
        result[key] = tuple(value) if isinstance(value, list) else value
    result[exemptions.KEY] = tuple(
        Exemption.read(rule.name, item) for item in given.get(exemptions.KEY, ())
    )
    return result


def all_settings(
    rules: Sequence[AnyRule], configuration: Configuration
) -> dict[str, Mapping[str, Any]]:
    """Return each rule's settings by its name, of a configuration that has no problems.

    The rules that are about exemptions get those of all rules.
    """
    own = {rule.name: settings(rule, configuration.get(rule.name, {})) for rule in rules}
    granted = tuple(each for name in sorted(own) for each in granted_by(own[name]))
    for rule in rules:
        if not rule.can_be_exempted_from:
            own[rule.name][exemptions.KEY] = granted
    return {name: MappingProxyType(each) for name, each in own.items()}
