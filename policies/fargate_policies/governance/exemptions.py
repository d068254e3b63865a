"""exemptions: whoever reads the output sees what is not demanded, of what, why and until when."""

from datetime import UTC, datetime

from pulumi_policy import Severity

from ..core.exemptions import granted_by
from ..core.rule import Stack, StackRule
from ..core.sources import project
from ..core.values import Findings, Violation


def _check(stack: Stack) -> Findings:
    now = datetime.now(UTC)
    for exemption in granted_by(stack.settings):
        if exemption.has_expired(now):
            continue
        for member in stack.members:
            if exemption.covers(member.name, member.urn):
                yield Violation(f"{exemption.rule} is not demanded {exemption.because}", member.urn)


RULE = StackRule(
    name="exemptions",
    description="Resources that a rule is not demanded of are named.",
    fix="Once the resource complies, take the exemption out of the pack's configuration.",
    severity=Severity.LOW,
    mandatory=False,
    sources=project("exemptions are seen"),
    types=("pulumi:pulumi:Stack",),
    check=_check,
    can_be_exempted_from=False,
)
