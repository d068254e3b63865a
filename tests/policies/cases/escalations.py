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
            "a statement that another rule rejects": [
                role(),
                one(ROLE_POLICY, "p", {"role": ["ci"]}, policy="{"),
            ],
        }
    )
    .fails(
        {
            "a policy of every role": may(allow("iam:PutRolePolicy", "*")),
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
                *may(RUN_ONE, PASS_TWO, allow(["sqs:ReceiveMessage", "sqs:DeleteMessage"])),
                PIPE,
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
