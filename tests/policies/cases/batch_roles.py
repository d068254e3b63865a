"""Roles of jobs of AWS Batch: whom they are for, and what they may do."""

import json
from typing import Any

from tests.policies.cases.batch import JOB
from tests.policies.cases.case import AboutStack, Case, Json, allow, document, one
from tests.policies.cases.escalations import ECR, LOGS, SECRET, deny
from tests.policies.cases.task_isolation import ROLE, family
from tests.policies.protocol import UNKNOWN, StackResource

IAM = "arn:aws:iam::111122223333:role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"


def job(name: str, role: str | None = None, **inputs: Json) -> StackResource:
    """Return a job of one container with a role of its own, given by its name."""
    container = {"jobRoleArn": f"{IAM}/{role}"} if role else {}
    given: dict[str, Any] = {"name": name, "containerProperties": json.dumps(container), **inputs}
    return one(JOB, name, **given)


def several(name: str, **task: object) -> StackResource:
    """Return a job of two containers."""
    tasks = {"taskProperties": [{"containers": [{}, {}], **task}]}
    return one(JOB, name, name=name, ecsProperties=json.dumps(tasks))


def role(name: str) -> StackResource:
    """Return a role as a preview has it: its name is known, its ARN isn't."""
    return one(ROLE, name, computed=["arn"], name=name)


def starts(*statements: Json, key: str = "executionRoleArn") -> list[StackResource]:
    """Return a job, the role that starts it, and the role's inline policy."""
    started = one(JOB, "job", containerProperties=json.dumps({key: f"{IAM}/starter"}))
    policy = document(*statements)
    return [
        started,
        role("starter"),
        one(ROLE_POLICY, "grants", {"role": ["starter"]}, role="starter", policy=policy),
    ]


def of_several(*statements: Json) -> list[StackResource]:
    """Return the same for a job of two containers."""
    return [several("job", executionRoleArn=f"{IAM}/starter"), *starts(*statements)[1:]]


SEND = allow("sqs:SendMessage")

ABOUT = [
    AboutStack("task-role-unshared")
    .passes(
        {
            "a role for each job": [role("a"), role("b"), job("one", "a"), job("two", "b")],
            "two definitions of one job": [
                role("a"),
                job("one", "a"),
                one(
                    JOB,
                    "other",
                    name="one",
                    containerProperties=json.dumps({"jobRoleArn": f"{IAM}/a"}),
                ),
            ],
            "jobs without roles": [job("one"), job("two"), several("three")],
            "jobs that another rule rejects": [job("one", containerProperties="{"), job("two")],
            "jobs on EKS": [one(JOB, "one", eksProperties={}), one(JOB, "two", eksProperties={})],
        }
    )
    .fails(
        {
            "a role for two jobs": [role("a"), job("one", "a"), job("two", "a")],
            "a role of elsewhere for two jobs": [job("one", "a"), job("two", "a")],
            "a role for jobs of one container and of two": [
                role("a"),
                job("one", "a"),
                several("two", taskRoleArn=f"{IAM}/a"),
            ],
            "a role for a job and a task": [
                one(ROLE, "a", name="a", arn=f"{IAM}/a"),
                job("web", "a"),
                family("web", "a"),
            ],
            "a role for a job and a task in a preview": [
                role("a"),
                job("web", "a"),
                family("web", "a"),
            ],
            "jobs without names": [
                one(JOB, "one", containerProperties=json.dumps({"jobRoleArn": f"{IAM}/a"})),
                one(JOB, "two", containerProperties=json.dumps({"jobRoleArn": f"{IAM}/a"})),
            ],
        }
    )
    .undecided(
        {
            "an unknown job": [job("one", containerProperties=UNKNOWN)],
            "an unknown role of a job": [job("one", containerProperties={"jobRoleArn": UNKNOWN})],
        }
    ),
    AboutStack("exec-role-minimal")
    .passes(
        {
            "a job's pull, logs and a secret": starts(
                allow(["ecr:GetAuthorizationToken"], "*"),
                allow(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], f"{ECR}/web"),
                allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"{LOGS}:/batch/web:*"),
                allow("secretsmanager:GetSecretValue", f"{SECRET}:orders-a1b2c3"),
            ),
            "a job's denial": starts(deny("*")),
            "a job's own role": starts(SEND, key="jobRoleArn"),
            "a job's role of another account": [
                starts()[0],
                one(ROLE, "starter", name="starter", arn="arn:aws:iam::999988887777:role/starter"),
                starts(SEND)[2],
            ],
            "an unknown job without a role of the stack": [
                one(JOB, "job", containerProperties=UNKNOWN),
                *starts(SEND)[1:],
            ],
            "a job that another rule rejects": [
                one(JOB, "job", containerProperties="{"),
                *starts(SEND)[1:],
            ],
            "a job of another shape, which another rule rejects": [
                one(JOB, "job", {"ecsProperties": ["starter"]}, ecsProperties="[]"),
                *starts(SEND)[1:],
            ],
        }
    )
    .fails(
        {
            "what a job's program needs": starts(SEND),
            "what the program of a job of two needs": of_several(SEND),
            "every secret for a job": starts(allow("secretsmanager:GetSecretValue", "*")),
            "by the ARN of a job's role": [
                starts()[0],
                one(ROLE, "starter", name="starter", arn=f"{IAM}/starter"),
                starts(SEND)[2],
            ],
        }
    )
    .undecided(
        {
            "an unknown job": [
                one(
                    JOB,
                    "job",
                    {"containerProperties": ["starter"]},
                    containerProperties=UNKNOWN,
                ),
                *starts(SEND)[1:],
            ],
            "an unknown policy of a job's role": [
                *starts()[:2],
                one(ROLE_POLICY, "p", {"role": ["starter"]}, policy=UNKNOWN),
            ],
        }
    ),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
