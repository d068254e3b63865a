"""iam-exposure: no identity can lay open what isn't its own.

About a stack, since what a role may do is spread over its policies, and one may deny what another
allows.
"""

from pulumi_policy import Severity

from ..core.rule import Stack, StackRule
from ..core.sources import checkov
from ..core.values import Findings, Undecided, Violation
from ..iam_analysis.exposure import exposures
from ..iam_analysis.identities import IDENTITY_TYPES, identities


def _check(stack: Stack) -> Findings:
    for identity in identities(stack):
        if not identity.complete:
            yield Undecided(f"policies of {identity.member.name}")
        for says in exposures(identity):
            yield Violation(f"whoever has it can {says}", identity.member.urn)


RULE = StackRule(
    name="iam-exposure",
    description="No identity reads, hands out or opens what isn't named in its policies.",
    fix=(
        "Give the ARNs of the secrets, parameters, tables, buckets and other resources that are"
        " needed as Resource, or a condition on their tags."
    ),
    severity=Severity.HIGH,
    mandatory=False,
    sources=checkov("CKV_AWS_287", "CKV_AWS_288", "CKV_AWS_289"),
    types=IDENTITY_TYPES,
    check=_check,
)
