"""IAM: roles, their policies, OIDC providers."""

from __future__ import annotations

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import Facts, Kind, operation

_CREATED = "2026-01-01T00:00:00Z"


def _host(facts: Facts) -> str:
    return facts.text("url").removeprefix("https://")


def _provider_arn(facts: Facts) -> str:
    return facts.place.global_arn("iam", f"oidc-provider/{_host(facts)}")


KINDS = {
    "aws:iam/role:Role": Kind(
        id=lambda f: f.text("name"),
        outputs=lambda f: {
            "arn": f.place.global_arn("iam", f"role{f.text('path') or '/'}{f.text('name')}"),
            "createDate": _CREATED,
            "uniqueId": f"AROA{f.hex('unique', 17).upper()}",
        },
        replaces=("name", "namePrefix", "path"),
        defaults={"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"},
        name_limit=64,
        unique=lambda f: f.text("name"),
        operations=(
            operation(
                "iam",
                "CreateRole",
                renames={"assumeRolePolicy": "AssumeRolePolicyDocument", "name": "RoleName"},
                skips={
                    "forceDetachPolicies": "decides how the role is deleted",
                    "inlinePolicies": "PutRolePolicy",
                    "managedPolicyArns": "AttachRolePolicy",
                },
            ),
        ),
        # IAM quotas: 2,048 characters of trust policy by default.
        checks=(limits.document("assumeRolePolicy", 2048),),
    ),
    "aws:iam/rolePolicy:RolePolicy": Kind(
        # PutRolePolicy overwrites: two of the same name are no error to AWS.
        id=lambda f: f"{f.text('role')}:{f.text('name')}",
        replaces=("name", "namePrefix", "role"),
        name_limit=128,
        operations=(
            operation(
                "iam",
                "PutRolePolicy",
                renames={"name": "PolicyName", "policy": "PolicyDocument", "role": "RoleName"},
            ),
        ),
        # IAM quotas: 10,240 characters of inline policies in one role.
        checks=(limits.document("policy", 10240),),
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Kind(
        id=lambda f: f"{f.text('role')}/{f.text('policyArn')}",
        replaces=("*",),
        operations=(operation("iam", "AttachRolePolicy", renames={"role": "RoleName"}),),
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Kind(
        id=_provider_arn,
        outputs=lambda f: {"arn": f.id, "thumbprintLists": [f.hex("thumbprint", 40)]},
        replaces=("url",),
        unique=_host,
        operations=(operation("iam", "CreateOpenIDConnectProvider"),),
        checks=(limits.text("url", "https://.+", "begin with https://"),),
    ),
}
