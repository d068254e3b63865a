"""Tasks of a stack share no roles."""

from tests.policies.cases.case import AboutStack, Case, one
from tests.policies.protocol import UNKNOWN, StackResource

TASK = "aws:ecs/taskDefinition:TaskDefinition"
ROLE = "aws:iam/role:Role"


def family(name: str, role: str, arn: object = UNKNOWN) -> StackResource:
    return one(TASK, name, {"taskRoleArn": [role]}, family=name, taskRoleArn=arn)


ABOUT = [
    AboutStack("task-role-unshared")
    .passes(
        {
            "a role each": [
                one(ROLE, "r1"),
                one(ROLE, "r2"),
                family("web", "r1"),
                family("api", "r2"),
            ],
            "two definitions of one family": [
                one(ROLE, "r1"),
                family("web", "r1"),
                one(TASK, "web2", {"taskRoleArn": ["r1"]}, family="web", taskRoleArn=UNKNOWN),
            ],
            "no roles": [one(TASK, "web", family="web"), one(TASK, "api", family="api")],
        }
    )
    .fails(
        {
            "a role for two": [one(ROLE, "r1"), family("web", "r1"), family("api", "r1")],
            "two without a family": [
                one(ROLE, "r1"),
                one(TASK, "web", {"taskRoleArn": ["r1"]}, taskRoleArn=UNKNOWN),
                one(TASK, "api", {"taskRoleArn": ["r1"]}, taskRoleArn=UNKNOWN),
            ],
            "a role by ARN": [
                one(TASK, "web", family="web", taskRoleArn="arn:aws:iam::1:role/a"),
                one(TASK, "api", family="api", taskRoleArn="arn:aws:iam::1:role/a"),
            ],
            "one refers and one writes an ARN that isn't known yet": [
                one(ROLE, "r1", name="a", computed=["arn"]),
                family("web", "r1"),
                one(TASK, "api", family="api", taskRoleArn="arn:aws:iam::111122223333:role/app/a"),
            ],
            "one refers and one writes the ARN": [
                one(ROLE, "r1", arn="arn:aws:iam::1:role/a"),
                family("web", "r1"),
                one(TASK, "api", family="api", taskRoleArn="arn:aws:iam::1:role/a"),
            ],
        }
    )
    .undecided(
        {
            "nothing known": [one(TASK, "web")],
            "an unknown role": [one(TASK, "web", family="web", taskRoleArn=UNKNOWN)],
        }
    ),
]

CASES: list[Case] = [case for about in ABOUT for case in about.cases]
