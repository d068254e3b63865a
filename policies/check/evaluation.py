"""The pack's policies, run on a printed stack as the engine runs them on a live one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

import pulumi_policy as sdk
from fargate_policies.core import exemptions
from fargate_policies.core.adapter import to_policy
from fargate_policies.core.exemptions import Exemption
from fargate_policies.core.rule import AnyRule
from pulumi_policy.proxy import UnknownValueError

from check.configuration import Configured
from check.engine_output import Entry, Printed

_STACK: Final = "pulumi:pulumi:Stack"
_NO_OPTIONS: Final[Any] = None  # no rule reads them


class Level(Enum):
    """How much a finding weighs."""

    MANDATORY = "mandatory"
    ADVISORY = "advisory"
    UNDECIDED = "undecided"
    """No violation: the input doesn't say enough."""


EXEMPT: Final = "exempt"
KINDS: Final = (*(level.value for level in Level), EXEMPT)
"""What a finding counts as."""

_LEVELS: Final = {
    sdk.EnforcementLevel.MANDATORY: Level.MANDATORY,
    # Without an engine there is nothing to correct: what is wrong stays wrong.
    sdk.EnforcementLevel.REMEDIATE: Level.MANDATORY,
    sdk.EnforcementLevel.ADVISORY: Level.ADVISORY,
}


@dataclass(frozen=True)
class Finding:
    """What a rule says.

    Attributes:
        rule: the rule.
        level: how much it weighs.
        urn: the resource; the stack's own for the stack as a whole, or empty if it isn't there.
        message: where and what, without any value.
        exemption: what frees the resource of the rule, so that the finding doesn't count.
    """

    rule: AnyRule
    level: Level
    urn: str
    message: str
    exemption: Exemption | None = None

    @property
    def kind(self) -> str:
        """What it counts as, one of KINDS."""
        return EXEMPT if self.exemption else self.level.value

    @property
    def resource(self) -> str:
        """The resource for a reader, as TYPE NAME."""
        chain, _, name = self.urn.rpartition("::")
        kind = chain.rpartition("::")[2].rpartition("$")[2]
        return f"{kind} {name}" if kind and kind != _STACK else "the stack"


def evaluate(
    rules: Sequence[AnyRule], printed: Printed, configuration: Configured
) -> list[Finding]:
    """Return what `rules` find in a stack, rule by rule, with what is exempt."""
    return [
        found
        for rule in configuration.judging(rules)
        for found in _judged(
            rule,
            _LEVELS[configuration.levels[rule.name]],
            configuration.settings[rule.name],
            printed,
        )
    ]


def _judged(
    rule: AnyRule, level: Level, given: Mapping[str, Any], printed: Printed
) -> Iterator[Finding]:
    """Yield what a rule finds, and then what it would find besides if nothing were exempt."""
    found = list(_found(rule, level, given, printed))
    yield from found
    if not given[exemptions.KEY]:
        return
    for finding in _found(rule, level, {**given, exemptions.KEY: ()}, printed):
        if finding not in found:
            name = finding.urn.rpartition("::")[2]
            yield replace(finding, exemption=exemptions.exemption_of(given, name, finding.urn))


def _found(
    rule: AnyRule, level: Level, given: Mapping[str, Any], printed: Printed
) -> Iterator[Finding]:
    policy: Any = to_policy(rule, lambda: given)  # both kinds of policies have a validate
    for subject, urn in _subjects(rule, policy, printed.entries):
        findings: list[Finding] = []

        def report(
            message: str,
            about: str | None = None,
            urn: str = urn,
            findings: list[Finding] = findings,
        ) -> None:
            findings.append(Finding(rule, level, about or urn, message))

        try:
            policy.validate(subject, report)
        except UnknownValueError as error:
            message = f"{', '.join(error.props)} {printed.kind.value}"
            findings.append(Finding(rule, Level.UNDECIDED, urn, message))
        yield from findings


def _subjects(
    rule: AnyRule, policy: sdk.Policy, entries: Sequence[Entry]
) -> Iterator[tuple[sdk.ResourceValidationArgs | sdk.StackValidationArgs, str]]:
    """Yield what the engine passes to a policy, with the URN that it is about."""
    if isinstance(policy, sdk.StackValidationPolicy):
        if any(entry.type in rule.types for entry in entries):
            whole = next((entry.urn for entry in entries if entry.type == _STACK), "")
            yield sdk.StackValidationArgs(_members(entries)), whole
        return
    for entry in entries:
        if entry.type in rule.types and not entry.external:
            yield (
                sdk.ResourceValidationArgs(
                    entry.type, entry.inputs, entry.urn, entry.name, _NO_OPTIONS, None
                ),
                entry.urn,
            )


def _members(entries: Sequence[Entry]) -> list[sdk.PolicyResource]:
    members = {
        entry.urn: sdk.PolicyResource(
            entry.type, entry.outputs, entry.urn, entry.name, _NO_OPTIONS, None, None, [], {}
        )
        for entry in entries
    }
    for entry in entries:
        members[entry.urn].property_dependencies.update(
            (key, [members[urn] for urn in urns if urn in members])
            for key, urns in entry.dependencies.items()
        )
    return list(members.values())
