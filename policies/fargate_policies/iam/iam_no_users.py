"""iam-no-users: only roles, whose credentials expire."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, Violation, is_set

_CREDENTIALS = (
    "aws:iam/accessKey:AccessKey",
    "aws:iam/serviceSpecificCredential:ServiceSpecificCredential",
    "aws:iam/signingCertificate:SigningCertificate",
    "aws:iam/sshKey:SshKey",
    "aws:iam/user:User",
    "aws:iam/userLoginProfile:UserLoginProfile",
)
_PERMISSIONS = (
    "aws:iam/userGroupMembership:UserGroupMembership",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
)
_LISTS = {
    "aws:iam/groupMembership:GroupMembership": "users",
    "aws:iam/policyAttachment:PolicyAttachment": "users",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "policyArns",
}
"""What gives users permissions if a list isn't empty."""


def _check(resource: Resource) -> Findings:
    if resource.type in _CREDENTIALS:
        yield Violation(f"{resource.type.rpartition(':')[2]}: has credentials that don't expire")
    elif resource.type in _PERMISSIONS:
        yield Violation(f"{resource.type.rpartition(':')[2]}: gives a user permissions")
    else:
        yield from resource.at(_LISTS[resource.type]).forbid(is_set, "gives users permissions")


RULE = Rule(
    name="iam-no-users",
    description="There are no IAM users, neither access keys nor permissions for any, only roles.",
    fix="Use a role: for tasks a task role, for pods IRSA, for CI an OIDC provider.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("IAM.2"), *checkov("CKV_AWS_273", "CKV_AWS_40")),
    types=(*_CREDENTIALS, *_PERMISSIONS, *_LISTS),
    check=_check,
)
