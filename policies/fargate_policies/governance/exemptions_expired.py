"""exemptions-expired: an exemption ends on its day, and is taken away or decided anew."""

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
            yield Violation(
                f"{exemption.rule}: the exemption of {exemption.resource} ended on"
                f" {exemption.expires}, and the rule is demanded again"
            )


RULE = StackRule(
    name="exemptions-expired",
    description="No exemption is kept beyond its last day.",
    fix="Take the exemption out of the pack's configuration, or give it a new day and reason.",
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=project("exemptions end"),
    types=("pulumi:pulumi:Stack",),
    check=_check,
    can_be_exempted_from=False,
)
