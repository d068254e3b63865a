"""iam-no-users: only roles, whose credentials expire."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, Violation

_TYPES = (
    "aws:iam/accessKey:AccessKey",
    "aws:iam/user:User",
    "aws:iam/userLoginProfile:UserLoginProfile",
)


def _check(resource: Resource) -> Findings:
    yield Violation(f"{resource.type.rpartition(':')[2]}: has credentials that don't expire")


RULE = Rule(
    name="iam-no-users",
    description="There are no IAM users and no access keys, only roles.",
    fix="Use a role: for tasks a task role, for pods IRSA, for CI an OIDC provider.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("IAM.2"), *checkov("CKV_AWS_273", "CKV_AWS_40")),
    types=_TYPES,
    check=_check,
)
