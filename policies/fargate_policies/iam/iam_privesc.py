"""iam-privesc: no role can make itself, or whoever it helps, more powerful than it was made.

About a stack, since what a role may do is spread over its policies, and one may deny what another
allows.
"""

from pulumi_policy import Severity

from ..core.rule import Stack, StackRule
from ..core.sources import checkov, prowler
from ..core.values import Findings, Undecided, Violation
from ..iam_analysis.escalation import escalations
from ..iam_analysis.identities import IDENTITY_TYPES, identities


def _check(stack: Stack) -> Findings:
    for identity in identities(stack):
        if not identity.complete:
            yield Undecided(f"policies of {identity.member.name}")
        for method in escalations(identity):
            yield Violation(f"whoever has it can {method.says}", identity.member.urn)


RULE = StackRule(
    name="iam-privesc",
    description="No identity can raise its own permissions, by all its policies together.",
    fix=(
        "Name the resources (roles with iam:PassedToService, functions, policies) by ARN in the"
        " statements that allow it, or deny the actions."
    ),
    severity=Severity.CRITICAL,
    mandatory=True,
    sources=(*checkov("CKV_AWS_286"), *prowler("policies that allow privilege escalation")),
    types=IDENTITY_TYPES,
    check=_check,
)
