"""Roles that can, and can't, raise their own permissions or lay open what isn't theirs."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.policies.cases.case import AboutStack, Case, Json, allow, document, one
from tests.policies.protocol import UNKNOWN, StackResource

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
EXCLUSIVE = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
IAM = "arn:aws:iam::111122223333"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret"  # noqa: S105 - an ARN
PARAMETER = "arn:aws:ssm:eu-west-1:111122223333:parameter"
ECR = "arn:aws:ecr:eu-west-1:111122223333:repository"
LOGS = "arn:aws:logs:eu-west-1:111122223333:log-group"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
STARTED = one(TASK, "task", {"executionRoleArn": ["ci"]}, executionRoleArn=UNKNOWN, family="web")
TASKS = {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
TO_TASKS = {"StringEquals": TASKS}
PASS_ANY = allow("iam:PassRole", "*", Condition=TO_TASKS)
RUN = allow("ecs:RunTask", "arn:aws:ecs:eu-west-1:111122223333:task-definition/orders:*")

Statement = Mapping[str, Any]


def deny(action: object, resource: object = "*", **more: object) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def role(**properties: Json) -> StackResource:
    return one(ROLE, "ci", **{"name": "ci-role", "assumeRolePolicy": document(), **properties})


def policy(*statements: Statement, name: str = "grants") -> StackResource:
    """Return an inline policy of the role, as a resource of its own."""
    refers = {"role": ["ci"]}
    return one(ROLE_POLICY, name, refers, role="ci-role", policy=document(*statements))


def may(*statements: Statement) -> list[StackResource]:
    """Return a role with one inline policy."""
    return [role(), policy(*statements)]


def managed(*statements: Statement) -> StackResource:
    given: Json = {"arn": UNKNOWN, "name": "ci-policy", "policy": document(*statements)}
    return one(POLICY, "managed", **given)


def attachment(kind: str, **refers: Sequence[str]) -> StackResource:
    return StackResource(kind, "attached", dict.fromkeys(refers, UNKNOWN), refers)


def starts(*statements: Statement) -> list[StackResource]:
    """Return a task definition, its execution role and the role's inline policy."""
    return [STARTED, *may(*statements)]


def foreign(name: str) -> StackResource:
    arn = f"arn:aws:iam::aws:policy/{name}"
    return one(ATTACHMENT, "attached", {"role": ["ci"]}, role="ci-role", policyArn=arn)


ECS = "arn:aws:ecs:eu-west-1:111122223333"
RUN_ONE = {**RUN, "Condition": {"ArnEquals": {"ecs:cluster": f"{ECS}:cluster/dev"}}}
ORDERS = f"{ECS}:task-definition/orders"
SOURCES = (
    (
        ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
        "arn:aws:sqs:eu-west-1:111122223333:orders",
    ),
    (
        [
            *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords"),
            *("kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:ListStreams"),
        ],
        "arn:aws:kinesis:eu-west-1:111122223333:stream/orders",
    ),
    (
        [
            *("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
            "dynamodb:ListStreams",
        ],
        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/2026",
    ),
    (["logs:CreateLogStream", "logs:PutLogEvents"], f"{LOGS}:/pipes/orders:*"),
)
"""What pipes read, and where they log: actions and a resource."""
NO_TASK = {"arn": "arn:aws:sns:eu-west-1:111122223333:failures", "roleArn": UNKNOWN}
PASS_TWO = allow("iam:PassRole", [f"{IAM}:role/task", f"{IAM}:role/execution"], Condition=TO_TASKS)
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
RULE_TARGET = one(TARGET, "rule", {"roleArn": ["ci"]}, roleArn=UNKNOWN, ecsTarget={"taskCount": 1})
SCHEDULE = one(
    "aws:scheduler/schedule:Schedule",
    "nightly",
    {"target": ["ci"]},
    target={"roleArn": UNKNOWN, "ecsParameters": {"taskCount": 1}},
)
PIPE = one(
    "aws:pipes/pipe:Pipe",
    "pipe",
    {"roleArn": ["ci"]},
    roleArn=UNKNOWN,
    targetParameters={"ecsTaskParameters": {"taskCount": 1}},
)


PASSED, GLUE = "iam:PassedToService", "glue.amazonaws.com"
ECS_TASKS = "ecs-tasks.amazonaws.com"
LAYING_OPEN = (
    *("cognito-identity:GetCredentialsForIdentity", "iam:CreateAccessKey"),
    *("cognito-identity:GetOpenIdTokenForDeveloperIdentity", "iam:CreateLoginProfile"),
    *("iam:CreateServiceSpecificCredential", "iam:ResetServiceSpecificCredential"),
    *("iam:UpdateAccessKey", "lightsail:GetInstanceAccessDetails", "rds-db:connect"),
    *("lightsail:GetRelationalDatabaseMasterUserPassword", "redshift:GetClusterCredentials"),
    *("redshift:GetClusterCredentialsWithIAM", "sts:GetFederationToken", "dynamodb:BatchGetItem"),
    *("dynamodb:ExportTableToPointInTime", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"),
    *("ec2:CreateSnapshot", "rds:CopyDBSnapshot", "rds:CreateDBSnapshot", "s3:GetObject"),
    *("secretsmanager:BatchGetSecretValue", "ssm:GetParameter"),
    *("ssm:GetParameters", "ssm:GetParametersByPath"),
)
"""Actions that give credentials or data away."""


def inline(**properties: Json) -> StackResource:
    return one(ROLE_POLICY, "p", {"role": ["ci"]}, role="ci-role", **properties)


def by_rule(*statements: Statement) -> list[StackResource]:
    """Return a rule that starts tasks, with its role and the role's inline policy."""
    return [*may(*statements), RULE_TARGET]


ABOUT = [
    AboutStack("iam-privesc")
    .passes(
        {
            "least privilege": may(allow("sqs:SendMessage")),
            "a role without policies": [role()],
            "a named role to a service": may(
                allow("iam:PassRole", f"{IAM}:role/task", Condition=TO_TASKS), RUN
            ),
            "roles that begin alike": may(
                allow("iam:PassRole", f"{IAM}:role/app-*", Condition=TO_TASKS), RUN
            ),
            "every role, to a service that it can't use": may(
                allow(
                    "iam:PassRole",
                    "*",
                    Condition={"StringEquals": {"iam:PassedToService": "glue.amazonaws.com"}},
                ),
                RUN,
            ),
            "every role, with nothing to pass it to": may(PASS_ANY),
            "a policy of another role": may(allow("iam:PutRolePolicy", f"{IAM}:role/other")),
            "everything but that is denied": may(allow("iam:*", "*"), deny("iam:*")),
            "denied by another policy": [
                *may(allow("iam:PutRolePolicy", "*")),
                policy(deny("iam:Put*", f"{IAM}:*"), deny("iam:PutRolePolicy"), name="limits"),
            ],
            "denied for all services but another": may(
                PASS_ANY,
                RUN,
                deny(
                    "iam:PassRole",
                    Condition={"StringNotEquals": {"iam:PassedToService": "glue.amazonaws.com"}},
                ),
            ),
            "everything of a bucket": may(allow("*", "arn:aws:s3:::one/*")),
            "named policies only": may(
                allow(
                    "iam:AttachRolePolicy",
                    "*",
                    Condition={"ArnEquals": {"iam:PolicyARN": f"{IAM}:policy/read"}},
                )
            ),
            "resources of a tag": may(
                allow(
                    "lambda:UpdateFunctionCode",
                    "*",
                    Condition={"StringEquals": {"aws:ResourceTag/team": "orders"}},
                )
            ),
            "two roles with a half each": [
                *may(PASS_ANY),
                one(ROLE, "other", name="other-role"),
                one(
                    ROLE_POLICY,
                    "others",
                    {"role": ["other"]},
                    role="other-role",
                    policy=document(RUN),
                ),
            ],
            **{
                f"denied for all services but another, by {operator}": may(
                    PASS_ANY, RUN, deny("iam:PassRole", Condition={operator: {PASSED: GLUE}})
                )
                for operator in ("StringNotEqualsIgnoreCase", "StringNotLike")
            },
            "roles of a tag": may(
                allow(
                    "iam:PassRole",
                    "*",
                    Condition={"StringEquals": {**TASKS, "aws:ResourceTag/team": "orders"}},
                ),
                RUN,
            ),
            "every bucket": may(allow("*", "arn:aws:s3:::*")),
            "a denial in some cases": may(
                deny("iam:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})
            ),
            "denied for some and for all": may(
                allow("iam:PutRolePolicy", "*"),
                deny("iam:PutRolePolicy", [f"{IAM}:role/admin", "*"]),
            ),
            "its own role, denied for all but another": may(
                allow("iam:PutRolePolicy", f"{IAM}:role/ci-*"),
                {"Effect": "Deny", "Action": "iam:*", "NotResource": f"{IAM}:role/other"},
            ),
            "a policy that is called as its inline one": [
                role(),
                inline(
                    name="inline",
                    policy=document(allow("iam:CreatePolicyVersion", f"{IAM}:policy/inline")),
                ),
            ],
            "a statement that another rule rejects": [
                role(),
                one(ROLE_POLICY, "p", {"role": ["ci"]}, policy="{"),
            ],
        }
    )
    .fails(
        {
            "a policy of every role": may(allow("iam:PutRolePolicy", "*")),
            "a policy of one role and of every role": may(
                allow("iam:PutRolePolicy", [f"{IAM}:role/other", "*"])
            ),
            "one role and every role to a service": may(
                allow("iam:PassRole", [f"{IAM}:role/task", "*"], Condition=TO_TASKS), RUN
            ),
            "every role to one of two services": may(
                allow("iam:PassRole", "*", Condition={"StringEquals": {PASSED: [GLUE, ECS_TASKS]}}),
                RUN,
            ),
            "denied for all services but two": may(
                PASS_ANY,
                RUN,
                deny("iam:PassRole", Condition={"StringNotEquals": {PASSED: [GLUE, ECS_TASKS]}}),
            ),
            "denied for one service": may(
                PASS_ANY, RUN, deny("iam:PassRole", Condition={"StringEquals": {PASSED: GLUE}})
            ),
            "denied for all teams but one": may(
                PASS_ANY,
                RUN,
                deny(
                    "iam:PassRole",
                    Condition={"StringNotEquals": {"aws:PrincipalTag/team": "orders"}},
                ),
            ),
            "denied for all services but another, in some cases": may(
                PASS_ANY,
                RUN,
                deny(
                    "iam:PassRole",
                    Condition={
                        "StringNotEquals": {PASSED: GLUE},
                        "Bool": {"aws:MultiFactorAuthPresent": "false"},
                    },
                ),
            ),
            "sessions on every instance": may(
                allow("ssm:StartSession", "arn:aws:ec2:eu-west-1:111122223333:instance/*")
            ),
            "another action is denied": may(
                allow("iam:PutRolePolicy", "*"), deny("sqs:SendMessage")
            ),
            **{
                f"{title}, the rest is denied": may(
                    allow("iam:PutRolePolicy", f"{IAM}:{resource}"),
                    {"Effect": "Deny", "Action": "iam:*", "NotResource": kept},
                )
                for title, resource, kept in (
                    ("its own role", "role/ci-role", f"{IAM}:role/*"),
                    ("its own role among others", "role/ci-*", [f"{IAM}:role/*", f"{IAM}:user/*"]),
                    ("every role, one of them", "role/*", f"{IAM}:role/admin"),
                )
            },
            "everything, of which one is left": may(
                allow("iam:PutRolePolicy", "*"),
                {"Effect": "Deny", "Action": "iam:*", "NotResource": f"{IAM}:role/admin"},
            ),
            "the name of a managed policy that no role has": [
                managed(allow("iam:CreatePolicyVersion", f"{IAM}:policy/ci-policy"))
            ],
            "a policy of a role elsewhere": [
                one(ROLE_POLICY, "p", role="elsewhere", policy=document(allow("iam:*", "*")))
            ],
            "a group's policy": [
                one("aws:iam/groupPolicy:GroupPolicy", "p", policy=document(allow("iam:*", "*")))
            ],
            "a policy of its own role": may(allow("iam:PutRolePolicy", f"{IAM}:role/ci-role")),
            "a policy of roles, its own among them": may(
                allow("iam:PutRolePolicy", f"{IAM}:role/ci-*")
            ),
            "every role to a service": may(PASS_ANY, RUN),
            "every role of the account": may(
                allow("iam:PassRole", f"{IAM}:role/*", Condition=TO_TASKS), RUN
            ),
            "every role to every service": may(allow("iam:PassRole", "*"), RUN),
            "all of IAM as the permission to pass": may(allow("iam:P*", "*"), RUN),
            "functions with any role": may(
                allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], "*")
            ),
            "everything": may(allow("*", "*")),
            "everything but a bucket": may(
                {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::one"}
            ),
            "everything but one action": may(
                {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}
            ),
            "over two policies": [
                role(),
                policy(PASS_ANY, name="one"),
                policy(RUN, name="two"),
            ],
            "over an inline and a managed policy": [
                role(inlinePolicies=[{"name": "p", "policy": document(PASS_ANY)}]),
                managed(RUN),
                attachment(ATTACHMENT, role=["ci"], policyArn=["managed"]),
            ],
            "over an exclusive list": [
                role(),
                policy(PASS_ANY),
                managed(RUN),
                attachment(EXCLUSIVE, roleName=["ci"], policyArns=["managed"]),
            ],
            "over a list for several roles": [
                role(),
                policy(PASS_ANY),
                managed(RUN),
                attachment(
                    "aws:iam/policyAttachment:PolicyAttachment", roles=["ci"], policyArn=["managed"]
                ),
            ],
            "over the role's own list": [
                one(ROLE, "ci", {"managedPolicyArns": ["managed"]}, name="ci-role"),
                policy(PASS_ANY),
                managed(RUN),
            ],
            "by the role's name as a text": [
                role(),
                one(ROLE_POLICY, "one", role="ci-role", policy=document(PASS_ANY)),
                one(ROLE_POLICY, "two", role="ci-role", policy=document(RUN)),
            ],
            "new versions of its own policy": [
                role(),
                managed(allow("iam:CreatePolicyVersion", f"{IAM}:policy/ci-policy")),
                attachment(ATTACHMENT, role=["ci"], policyArn=["managed"]),
            ],
            "denied elsewhere": may(
                allow("iam:PutRolePolicy", "*"), deny("iam:PutRolePolicy", f"{IAM}:role/admin")
            ),
            "denied in some cases": may(
                allow("iam:PutRolePolicy", "*"),
                deny("iam:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}),
            ),
            "denied for another service": may(
                PASS_ANY,
                RUN,
                deny(
                    "iam:PassRole",
                    Condition={"StringNotEquals": TASKS},
                ),
            ),
            "denied one character short": may(
                allow("iam:PutRolePolicy", f"{IAM}:role/*"),
                deny("iam:PutRolePolicy", f"{IAM}:role/?"),
            ),
            "a condition that says nothing": may(
                allow("iam:PutRolePolicy", "*", Condition={"Bool": {"aws:SecureTransport": "true"}})
            ),
            "a managed policy that no role of the stack has": [managed(allow("iam:*", "*"))],
            "a user's policy": [
                one("aws:iam/userPolicy:UserPolicy", "p", policy=document(allow("iam:*", "*")))
            ],
        }
    )
    .undecided(
        {
            "an unknown policy": [role(), one(ROLE_POLICY, "p", {"role": ["ci"]}, policy=UNKNOWN)],
            "an unknown statement": [
                role(),
                one(ROLE_POLICY, "p", {"role": ["ci"]}, policy={"Statement": [UNKNOWN]}),
            ],
            "nothing known": [one(ROLE, "ci")],
        }
    ),
    AboutStack("iam-exposure")
    .passes(
        {
            "least privilege": may(allow("sqs:SendMessage")),
            "a secret": may(allow("secretsmanager:GetSecretValue", f"{SECRET}:orders-a1b2c3")),
            "secrets that begin alike": may(
                allow("secretsmanager:GetSecretValue", f"{SECRET}:orders-*")
            ),
            "every object of a bucket": may(allow("s3:GetObject", "arn:aws:s3:::one/*")),
            "secrets of a tag": may(
                allow(
                    "secretsmanager:GetSecretValue",
                    "*",
                    Condition={"StringEquals": {"aws:ResourceTag/team": "orders"}},
                )
            ),
            **{
                f"secrets of a tag, by {operator}": may(
                    allow(
                        "secretsmanager:GetSecretValue",
                        "*",
                        Condition={operator: {"aws:ResourceTag/team": "orders"}},
                    )
                )
                for operator in ("StringLike", "StringEqualsIgnoreCase")
            },
            "secrets by the service's own key": may(
                allow(
                    "secretsmanager:GetSecretValue",
                    "*",
                    Condition={"StringLike": {"secretsmanager:SecretId": f"{SECRET}:orders-*"}},
                )
            ),
            "secrets of a tag, and one by its name": may(
                allow(
                    "secretsmanager:GetSecretValue",
                    "*",
                    Condition={"StringEquals": {"aws:ResourceTag/team": "orders"}},
                ),
                allow("secretsmanager:GetSecretValue", f"{SECRET}:orders-a1b2c3"),
            ),
            "what can't be restricted, on buckets": may(
                allow("cognito-identity:GetCredentialsForIdentity", "arn:aws:s3:::*")
            ),
            "what every pull needs": may(allow("ecr:GetAuthorizationToken", "*")),
            "denied by another policy": [
                *may(allow("ssm:GetParameter", "*")),
                policy(deny("ssm:*"), name="limits"),
            ],
            "lists": may(allow(["s3:ListAllMyBuckets", "dynamodb:ListTables"], "*")),
            "every action on a bucket": may(allow("s3:*", ["arn:aws:s3:::one"])),
        }
    )
    .fails(
        {
            "every secret": may(allow("secretsmanager:GetSecretValue", "*")),
            "one secret and every secret": may(
                allow("secretsmanager:GetSecretValue", [f"{SECRET}:orders-a1b2c3", "*"])
            ),
            **{
                f"secrets {title}": may(
                    allow(
                        "secretsmanager:GetSecretValue",
                        "*",
                        Condition={operator: {key: values}},
                    )
                )
                for title, operator, key, values in (
                    ("of all teams but one", "StringNotEquals", "aws:ResourceTag/team", "orders"),
                    ("of no team", "StringEquals", "aws:ResourceTag/team", []),
                    ("but one", "StringNotEquals", "secretsmanager:SecretId", "orders"),
                    ("by no name", "StringEquals", "secretsmanager:SecretId", []),
                    ("by a name and any", "StringLike", "secretsmanager:SecretId", ["orders", "*"]),
                )
            },
            "policies of keys, through a service": may(
                allow(
                    "kms:PutKeyPolicy",
                    "*",
                    Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
                )
            ),
            "every secret of the account": may(
                allow("secretsmanager:GetSecretValue", f"{SECRET}:*")
            ),
            "every object": may(allow("s3:Get*", "arn:aws:s3:::*")),
            "every parameter": may(
                allow("ssm:GetParameters", "arn:aws:ssm:eu-west-1:111122223333:parameter/*")
            ),
            "every key": may(allow("iam:CreateAccessKey", f"{IAM}:user/*")),
            "the policy of every queue": may(allow("sqs:AddPermission", "*")),
            "everything": may(allow("*", "*")),
            "everything but a service": may(
                {"Effect": "Allow", "NotAction": "ec2:*", "Resource": "*"}
            ),
            "everything but a resource": may(
                {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::one/*"}
            ),
            "denied for one": may(
                allow("secretsmanager:GetSecretValue", "*"),
                deny("secretsmanager:GetSecretValue", f"{SECRET}:orders-a1b2c3"),
            ),
            "a managed policy": [managed(allow("ssm:GetParameter", "*"))],
            **{f"everything by {action}": may(allow(action, "*")) for action in LAYING_OPEN},
        }
    )
    .undecided(
        {
            "an unknown policy": [role(), one(ROLE_POLICY, "p", {"role": ["ci"]}, policy=UNKNOWN)],
        }
    ),
    AboutStack("exec-role-minimal")
    .passes(
        {
            "pull, logs and a secret": starts(
                allow(["ecr:GetAuthorizationToken"], "*"),
                allow(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], f"{ECR}/web"),
                allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"{LOGS}:/ecs/web:*"),
                allow("secretsmanager:GetSecretValue", f"{SECRET}:orders-a1b2c3"),
                allow("ssm:GetParameters", f"{PARAMETER}/orders/*"),
            ),
            "pull through a cache": starts(
                allow(
                    [
                        "ecr:BatchCheckLayerAvailability",
                        "ecr:BatchImportUpstreamImage",
                        "ecr:CreateRepository",
                    ],
                    f"{ECR}/web",
                )
            ),
            "a file of variables": starts(
                allow("s3:GetObject", "arn:aws:s3:::variables/web.env"),
                allow("s3:GetBucketLocation", "arn:aws:s3:::variables"),
            ),
            "keys by alias": starts(
                allow(
                    "kms:Decrypt",
                    "arn:aws:kms:eu-west-1:111122223333:key/*",
                    Condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/app"}},
                )
            ),
            "a denial": starts(deny("*")),
            "no policy": starts()[:2],
            "AWS's policy": [*starts()[:2], foreign("AmazonECSTaskExecutionRolePolicy")],
            "a policy of the stack": [
                *starts()[:2],
                managed(allow("logs:PutLogEvents", f"{LOGS}:/ecs/web:*")),
                attachment(ATTACHMENT, role=["ci"], policyArn=["managed"]),
            ],
            "a role that starts no tasks": may(allow("sqs:SendMessage")),
            "a role that is in no stack": [
                one(TASK, "task", executionRoleArn=f"{IAM}:role/elsewhere"),
                *may(allow("sqs:SendMessage")),
            ],
        }
    )
    .fails(
        {
            "what the program needs": starts(allow("sqs:SendMessage")),
            "a pattern for more": starts(allow("ecr:*", f"{ECR}/web")),
            "by what is left out": starts(
                {"Effect": "Allow", "NotAction": "iam:*", "Resource": f"{ECR}/web"}
            ),
            "every secret": starts(allow("secretsmanager:GetSecretValue", "*")),
            "every secret of the account": starts(
                allow("secretsmanager:GetSecretValue", f"{SECRET}:*")
            ),
            "a secret and every secret": starts(
                allow("secretsmanager:GetSecretValue", [f"{SECRET}:orders-a1b2c3", "*"])
            ),
            "every parameter": starts(allow("ssm:GetParameters", f"{PARAMETER}/*")),
            "every secret but one": starts(
                {
                    "Effect": "Allow",
                    "Action": "secretsmanager:GetSecretValue",
                    "NotResource": f"{SECRET}:orders-a1b2c3",
                }
            ),
            "by a managed policy": [
                *starts()[:2],
                managed(allow("sqs:SendMessage")),
                attachment(ATTACHMENT, role=["ci"], policyArn=["managed"]),
            ],
            "AWS's policy for something else": [*starts()[:2], foreign("AmazonS3FullAccess")],
            "AWS's policy beside the stack's": [
                STARTED,
                one(
                    ROLE,
                    "ci",
                    {"managedPolicyArns": ["managed"]},
                    managedPolicyArns=[UNKNOWN, "arn:aws:iam::aws:policy/AmazonS3FullAccess"],
                ),
                managed(allow("logs:PutLogEvents", f"{LOGS}:/ecs/web:*")),
            ],
        }
    )
    .undecided(
        {
            "an unknown policy": [
                *starts()[:2],
                one(ROLE_POLICY, "p", {"role": ["ci"]}, policy=UNKNOWN),
            ],
            "an unknown attachment": [
                *starts()[:2],
                one(ATTACHMENT, "attached", {"role": ["ci"]}, policyArn=UNKNOWN),
            ],
        }
    ),
    AboutStack("event-target-role")
    .passes(
        {
            "one family in one cluster": by_rule(RUN_ONE, PASS_TWO),
            "a family with a revision and without": by_rule(
                {**RUN_ONE, "Resource": [f"{ORDERS}:1", ORDERS]}, PASS_TWO
            ),
            "with a key for dead letters": by_rule(
                RUN_ONE,
                PASS_TWO,
                allow(
                    ["kms:Decrypt", "kms:GenerateDataKey"],
                    "arn:aws:kms:eu-west-1:111122223333:key/1234abcd",
                ),
            ),
            "with dead letters and tags": by_rule(
                RUN_ONE,
                PASS_TWO,
                allow("sqs:SendMessage"),
                allow(
                    "ecs:TagResource",
                    "*",
                    Condition={"StringEquals": {"ecs:CreateAction": ["RunTask"]}},
                ),
            ),
            "a schedule": [*may(RUN_ONE, PASS_TWO), SCHEDULE],
            "a pipe with its source": [
                *may(RUN_ONE, PASS_TWO, *(allow(*source) for source in SOURCES)),
                PIPE,
            ],
            "a schedule that starts no task": [
                *may(allow("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:failures")),
                one("aws:scheduler/schedule:Schedule", "s", {"target": ["ci"]}, target=NO_TASK),
            ],
            "a pipe that starts no task": [
                *may(allow("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:failures")),
                one(
                    "aws:pipes/pipe:Pipe",
                    "pipe",
                    {"roleArn": ["ci"]},
                    roleArn=UNKNOWN,
                    targetParameters={"inputTemplate": "<$.body>"},
                ),
            ],
            "a denial": by_rule(RUN_ONE, PASS_TWO, deny("*")),
            "a rule that starts no task": [
                *may(allow("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:failures")),
                one(TARGET, "rule", {"roleArn": ["ci"]}, roleArn=UNKNOWN),
            ],
        }
    )
    .fails(
        {
            "any cluster": by_rule(RUN, PASS_TWO),
            "any cluster by its condition": by_rule(
                {**RUN, "Condition": {"ArnLike": {"ecs:cluster": f"{ECS}:cluster/*"}}}
            ),
            "every family": by_rule({**RUN_ONE, "Resource": f"{ECS}:task-definition/*"}),
            "families that begin alike": by_rule(
                {**RUN_ONE, "Resource": f"{ECS}:task-definition/orders-*"}
            ),
            "two families": by_rule(
                RUN_ONE, {**RUN_ONE, "Resource": f"{ECS}:task-definition/audit:*"}
            ),
            "a family and every family": by_rule({**RUN_ONE, "Resource": [RUN["Resource"], "*"]}),
            "every family but one": by_rule(
                {
                    "Effect": "Allow",
                    "Action": "ecs:RunTask",
                    "NotResource": RUN["Resource"],
                    "Condition": RUN_ONE["Condition"],
                }
            ),
            "a role and every role": by_rule(
                RUN_ONE, allow("iam:PassRole", [f"{IAM}:role/task", "*"], Condition=TO_TASKS)
            ),
            "messages to a queue and every queue": by_rule(
                RUN_ONE,
                allow("sqs:SendMessage", ["arn:aws:sqs:eu-west-1:111122223333:failed", "*"]),
            ),
            "every role": by_rule(RUN_ONE, PASS_ANY),
            "three roles": by_rule(
                RUN_ONE,
                PASS_TWO,
                allow("iam:PassRole", f"{IAM}:role/admin", Condition=TO_TASKS),
            ),
            "tags on everything": by_rule(RUN_ONE, allow("ecs:TagResource", "*")),
            "messages to every queue": by_rule(RUN_ONE, allow("sqs:SendMessage", "*")),
            "something else": by_rule(RUN_ONE, allow("s3:GetObject", "arn:aws:s3:::one/*")),
            "a pattern for more": by_rule({**RUN_ONE, "Action": "ecs:*"}),
            "by what is left out": by_rule(
                {"Effect": "Allow", "NotAction": "iam:*", "Resource": RUN["Resource"]}
            ),
            "a pipe's source for a rule": by_rule(RUN_ONE, allow("sqs:ReceiveMessage")),
            "a schedule for any cluster": [*may(RUN, PASS_TWO), SCHEDULE],
            "a pipe for any cluster": [*may(RUN, PASS_TWO), PIPE],
        }
    )
    .undecided(
        {
            "an unknown policy": [
                role(),
                one(ROLE_POLICY, "p", {"role": ["ci"]}, policy=UNKNOWN),
                RULE_TARGET,
            ],
        }
    ),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
