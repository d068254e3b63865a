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


PASSED, GLUE = "iam:PassedToService", "glue.amazonaws.com"
ECS_TASKS = "ecs-tasks.amazonaws.com"


def inline(**properties: Json) -> StackResource:
    return one(ROLE_POLICY, "p", {"role": ["ci"]}, role="ci-role", **properties)


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
]
CASES: list[Case] = [case for about in ABOUT for case in about.cases]
