"""task-role-unshared: one service's permissions are no other's."""

from collections import defaultdict

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import guide
from ..core.values import Findings, Undecided, Violation
from ..models.containers import TASK_DEFINITION
from ..models.iam_document import ROLE


def _check(stack: Stack) -> Findings:
    users: defaultdict[str, list[Member]] = defaultdict(list)
    for definition in stack.of_type(TASK_DEFINITION):
        role = definition.at("taskRoleArn")
        roles = stack.referred(definition, "taskRoleArn", (ROLE,))
        if roles or (role.known and role.present):
            users[roles[0].urn if roles else role.text].append(definition)
        elif not role.known:
            yield Undecided(f"{role.path} of {definition.name}")
    for definitions in users.values():
        if len({_family(definition) for definition in definitions}) > 1:
            for definition in definitions:
                others = sorted({other.name for other in definitions} - {definition.name})
                yield Violation(
                    f"taskRoleArn: is the role of {', '.join(others)} too", definition.urn
                )


def _family(definition: Member) -> str:
    return definition.at("family").text or definition.urn


RULE = StackRule(
    name="task-role-unshared",
    description="Every task family has a task role of its own.",
    fix="Create one role for each family, with the permissions that it alone needs.",
    severity=Severity.HIGH,
    mandatory=False,
    sources=guide(
        "Amazon ECS developer guide",
        "IAM roles for tasks",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html",
    ),
    types=(TASK_DEFINITION,),
    check=_check,
)
