"""What keeps an identity from more permissions, and what only seems to."""

from tests.policies.cases.case import AboutStack, Case, allow, document, one
from tests.policies.cases.escalations import (
    ATTACHMENT,
    ECS_TASKS,
    EXCLUSIVE,
    GLUE,
    IAM,
    PASS_ANY,
    PASSED,
    POLICY,
    ROLE,
    ROLE_POLICY,
    RUN,
    SECRET,
    Statement,
    deny,
    managed,
    may,
    policy,
    role,
)
from tests.policies.protocol import UNKNOWN, StackResource

ADMINISTRATION = allow("iam:PutRolePolicy", "*")


def bounded(*statements: Statement, policy_text: object = None) -> list[StackResource]:
    """Return a role that may change every role's policies, within a boundary."""
    text = document(*statements) if policy_text is None else policy_text
    return [
        one(ROLE, "ci", {"permissionsBoundary": ["limit"]}, name="ci-role"),
        policy(ADMINISTRATION),
        one(POLICY, "limit", arn=UNKNOWN, name="limit", policy=text),
    ]


def passing(operator: str, value: object) -> list[StackResource]:
    """Return a role that passes every role on a condition, and starts tasks."""
    return may(allow("iam:PassRole", "*", Condition={operator: {PASSED: value}}), RUN)


def not_passing(operator: str, value: object) -> list[StackResource]:
    """Return a role that passes every role but what a denial's condition says."""
    return may(PASS_ANY, RUN, deny("iam:PassRole", Condition={operator: {PASSED: value}}))


ABOUT = [
    AboutStack("iam-privesc")
    .passes(
        {
            "a boundary that allows something else": bounded(allow("s3:*", "*")),
            "a boundary that allows all but that": bounded(
                {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
            ),
            "a boundary that denies it": bounded(allow("*", "*"), deny("iam:Put*")),
            "a boundary alone": [bounded(allow("*", "*"))[2], bounded()[0]],
            "every role to all services but that": passing("StringNotEquals", ECS_TASKS),
            "every role to no service but by a pattern": passing("StringNotLike", "ecs-*"),
            "every role to a service whose name is a wildcard": passing("StringEquals", "*"),
            "denied for the service": not_passing("StringEquals", ECS_TASKS),
            "denied for services by a pattern": not_passing("StringLike", "ecs*"),
            "denied for several services": not_passing("StringEqualsIfExists", [GLUE, ECS_TASKS]),
            "denied for all roles of any account": may(
                ADMINISTRATION, deny("iam:*", "arn:aws:iam::*:role/*")
            ),
            "denied for services by patterns": not_passing("StringLike", ["glue*", "ecs*"]),
            "denied for all roles and all users": may(
                ADMINISTRATION, deny("iam:*", ["arn:aws:iam::*:user/*", "arn:aws:iam::*:role/*"])
            ),
            "a policy of elsewhere for a role of elsewhere": [
                one(
                    ATTACHMENT,
                    "attached",
                    role="elsewhere",
                    policyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
                ),
                role(),
            ],
            "a managed policy, denied by another of the role": [
                role(),
                managed(ADMINISTRATION),
                one(ATTACHMENT, "a", {"policyArn": ["managed"]}, role="ci-role", policyArn=UNKNOWN),
                policy(deny("iam:*")),
            ],
            "over attachments to roles that aren't known yet": [
                one(POLICY, "a", arn=UNKNOWN, name="a", policy=document(PASS_ANY)),
                one(POLICY, "b", arn=UNKNOWN, name="b", policy=document(RUN)),
                one(ATTACHMENT, "c", {"policyArn": ["a"]}, role=UNKNOWN, policyArn=UNKNOWN),
                one(ATTACHMENT, "d", {"policyArn": ["b"]}, role=UNKNOWN, policyArn=UNKNOWN),
            ],
            "over policies of two roles elsewhere": [
                one(ROLE_POLICY, "a", role="elsewhere", policy=document(PASS_ANY)),
                one(ROLE_POLICY, "b", role="other", policy=document(RUN)),
            ],
            "of a role elsewhere, denied by another of its policies": [
                one(ROLE_POLICY, "a", role="elsewhere", policy=document(ADMINISTRATION)),
                one(ROLE_POLICY, "b", role="elsewhere", policy=document(deny("iam:*"))),
            ],
            "of roles that aren't known yet, with a half each": [
                one(ROLE_POLICY, "a", role=UNKNOWN, policy=document(PASS_ANY)),
                one(ROLE_POLICY, "b", role=UNKNOWN, policy=document(RUN)),
            ],
            "its own role, denied for this and another": may(
                allow("iam:PutRolePolicy", f"{IAM}:role/ci-*"),
                deny("iam:*", [f"{IAM}:role/ci*", f"{IAM}:role/admin"]),
            ),
            "denied for everything of IAM": may(ADMINISTRATION, deny("iam:*", "arn:aws:iam:*")),
        }
    )
    .fails(
        {
            "a boundary that allows it too": bounded(allow("iam:*", "*")),
            "a boundary that denies something else": bounded(allow("*", "*"), deny("s3:*")),
            "a boundary that denies it on one role": bounded(
                allow("*", "*"), deny("iam:*", f"{IAM}:role/admin")
            ),
            "a boundary that isn't known": bounded(policy_text=UNKNOWN),
            "a boundary that isn't known in part": bounded(
                policy_text={"Statement": [allow("s3:*", "*"), UNKNOWN]}
            ),
            "a boundary that can't be read": bounded(policy_text="{"),
            "a boundary of nothing": bounded(policy_text=""),
            "a boundary that it has as a policy too": [
                bounded()[0],
                bounded(allow("iam:*", "*"))[2],
                one(ATTACHMENT, "a", {"role": ["ci"], "policyArn": ["limit"]}, policyArn=UNKNOWN),
            ],
            "every role to a service, compared with itself": passing(
                "StringEquals", f"${{{PASSED}}}"
            ),
            "every role to all services but another": passing("StringNotEquals", GLUE),
            "every role to all services but a wildcard's name": passing("StringNotEquals", "*"),
            "every role on a condition that says nothing of texts": passing("Bool", "true"),
            "denied for a service whose name is a wildcard": not_passing("StringEquals", "*"),
            "denied for a service that somebody is tagged with": not_passing(
                "StringEquals", "${aws:PrincipalTag/service}"
            ),
            "denied on a condition that says nothing of texts": not_passing("Bool", "true"),
            "denied for all roles of one account": may(
                ADMINISTRATION, deny("iam:*", f"{IAM}:role/*")
            ),
            "sessions in tasks, denied on instances": may(
                allow("ssm:StartSession", "*"),
                deny("ssm:*", ["arn:aws:ec2:*:*:instance/*", "arn:aws:ssm:*:*:managed-instance/*"]),
            ),
            "denied for services that somebody is tagged with, among others": not_passing(
                "StringEquals", [ECS_TASKS, "${aws:PrincipalTag/service}"]
            ),
            "denied for all users": may(ADMINISTRATION, deny("iam:*", "arn:aws:iam::*:user/*")),
            "one role, denied for all roles of another path": may(
                allow("iam:PutRolePolicy", f"{IAM}:role/ci-role"),
                deny("iam:*", "arn:aws:iam::*:role/app/*"),
            ),
            **{
                f"policies as {value}": may(
                    allow(
                        "iam:AttachRolePolicy", "*", Condition={"ArnLike": {"iam:PolicyARN": value}}
                    )
                )
                for value in (
                    "arn:aws:*",
                    "arn:aws:iam::*:policy/*",
                    "${iam:PolicyARN}",
                    [f"{IAM}:policy/read", "${iam:PolicyARN}"],
                )
            },
            **{
                f"everything on a condition on {key}": may(
                    allow(action, "*", Condition={"StringEquals": {key: value}})
                )
                for action, key, value in (
                    ("ecs:ExecuteCommand", "ecs:container-name", "web"),
                    ("lambda:UpdateFunctionConfiguration", "lambda:SecurityGroupIds", "sg-1"),
                    ("lambda:UpdateFunctionConfiguration", "lambda:SubnetIds", "subnet-1"),
                    ("lambda:UpdateFunctionConfiguration", "lambda:VpcIds", "vpc-1"),
                )
            },
            "its own role, by its path": [
                one(ROLE, "ci", name="ci-role", path="/app/"),
                policy(allow("iam:PutRolePolicy", f"{IAM}:role/app/ci-role")),
            ],
            "its own policy, by its path": [
                role(),
                one(
                    POLICY,
                    "managed",
                    arn=UNKNOWN,
                    name="ci-policy",
                    path="/app/",
                    policy=document(
                        allow("iam:CreatePolicyVersion", f"{IAM}:policy/app/ci-policy")
                    ),
                ),
                one(ATTACHMENT, "attached", {"policyArn": ["managed"]}, role="ci-role"),
            ],
            "over two policies of a role elsewhere": [
                one(ROLE_POLICY, "a", role="elsewhere", policy=document(PASS_ANY)),
                one(ROLE_POLICY, "b", role="elsewhere", policy=document(RUN)),
            ],
            "over two attachments to a role elsewhere": [
                one(POLICY, "a", arn=UNKNOWN, name="a", policy=document(PASS_ANY)),
                one(POLICY, "b", arn=UNKNOWN, name="b", policy=document(RUN)),
                one(ATTACHMENT, "c", {"policyArn": ["a"]}, role="elsewhere", policyArn=UNKNOWN),
                one(
                    "aws:iam/policyAttachment:PolicyAttachment",
                    "d",
                    {"policyArn": ["b"]},
                    roles=["elsewhere", "other"],
                    policyArn=UNKNOWN,
                ),
            ],
            "over a list of roles by their names": [
                role(),
                policy(PASS_ANY),
                managed(RUN),
                one(
                    "aws:iam/policyAttachment:PolicyAttachment",
                    "attached",
                    {"policyArn": ["managed"]},
                    roles=["other", "ci-role"],
                    policyArn=UNKNOWN,
                ),
            ],
            "over an exclusive list of the role's name": [
                role(),
                policy(PASS_ANY),
                managed(RUN),
                one(
                    EXCLUSIVE,
                    "attached",
                    {"policyArns": ["managed"]},
                    roleName="ci-role",
                    policyArns=[UNKNOWN],
                ),
            ],
            "over a managed policy's ARN as a text": [
                role(managedPolicyArns=[f"{IAM}:policy/ci-policy"]),
                policy(PASS_ANY),
                managed(RUN),
            ],
        }
    ),
    AboutStack("iam-exposure")
    .passes(
        {
            "a boundary without it": [
                one(ROLE, "ci", {"permissionsBoundary": ["limit"]}, name="ci-role"),
                policy(allow("secretsmanager:GetSecretValue", "*")),
                one(POLICY, "limit", name="limit", policy=document(allow("s3:PutObject", "*"))),
            ],
        }
    )
    .fails(
        {
            **{
                f"everything on a condition on {key}": may(
                    allow(action, "*", Condition={"StringEquals": {key: value}})
                )
                for action, key, value in (
                    ("secretsmanager:GetSecretValue", "secretsmanager:VersionStage", "AWSCURRENT"),
                    ("secretsmanager:GetSecretValue", "secretsmanager:VersionId", "1"),
                    ("s3:GetObject", "s3:signatureversion", "AWS4-HMAC-SHA256"),
                    ("s3:GetObject", "s3:authType", "REST-HEADER"),
                    ("s3:GetObject", "s3:ResourceAccount", "111122223333"),
                    ("s3:GetObject", "s3:versionid", "1"),
                    ("s3:PutObjectAcl", "s3:x-amz-acl", "private"),
                    ("dynamodb:Query", "dynamodb:Select", "COUNT"),
                    ("dynamodb:Query", "dynamodb:ReturnValues", "NONE"),
                    ("dynamodb:Query", "dynamodb:ReturnConsumedCapacity", "NONE"),
                    ("dynamodb:Query", "dynamodb:EnclosingOperation", "PartiQLSelect"),
                    ("ssm:GetParametersByPath", "ssm:Recursive", "true"),
                    ("ec2:CreateSnapshot", "ec2:Region", "eu-west-1"),
                    ("ec2:CreateSnapshot", "ec2:AvailabilityZone", "eu-west-1a"),
                    ("kms:CreateGrant", "kms:CallerAccount", "111122223333"),
                    ("kms:CreateGrant", "kms:GrantOperations", "Decrypt"),
                    ("kms:PutKeyPolicy", "kms:KeyOrigin", "AWS_KMS"),
                    ("kms:PutKeyPolicy", "kms:KeySpec", "SYMMETRIC_DEFAULT"),
                    ("kms:PutKeyPolicy", "kms:KeyUsage", "ENCRYPT_DECRYPT"),
                    ("lambda:AddPermission", "lambda:Principal", "events.amazonaws.com"),
                    ("lambda:AddPermission", "lambda:FunctionUrlAuthType", "AWS_IAM"),
                )
            },
            "what can't be restricted, denied on something": may(
                allow("cognito-identity:GetCredentialsForIdentity", "*"),
                deny("*", "arn:aws:s3:::one"),
            ),
            "every secret by its ARN": may(
                allow(
                    "secretsmanager:GetSecretValue",
                    "*",
                    Condition={"ArnLike": {"secretsmanager:SecretId": f"{SECRET}:*"}},
                )
            ),
        }
    ),
]
CASES: list[Case] = [case for about in ABOUT for case in about.cases]
