"""iam-managed-denylist: no role carries one of AWS's administrator policies."""

from pulumi_policy import Severity

from ..core.rule import Parameter, Resource, Rule
from ..core.sources import checkov
from ..core.values import Findings, Place, Violation
from ..models.iam_document import ROLE

_LISTS = {
    ROLE: "managedPolicyArns",
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": "policyArns",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "policyArns",
}
_ATTACHMENTS = (
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
)


def _check(resource: Resource) -> Findings:
    for place in _policy_arns(resource):
        if not place.known:
            yield place.unreadable()
        elif place.text.rpartition("/")[2] in resource.settings["denied"]:
            yield Violation(f"{place.path}: is one of the denied policies")


def _policy_arns(resource: Resource) -> list[Place]:
    if resource.type in _LISTS:
        return resource.at(_LISTS[resource.type]).items()
    return [resource.at("policyArn")]


RULE = Rule(
    name="iam-managed-denylist",
    description="AWS's administrator policies are attached to nothing.",
    fix="Write a policy of the actions and resources that are needed, and attach that.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=checkov("CKV_AWS_274", "CKV2_AWS_56"),
    parameters={
        "denied": Parameter(
            "names of managed policies that must not be attached",
            ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess"),
        )
    },
    types=(*_LISTS, *_ATTACHMENTS),
    check=_check,
)
