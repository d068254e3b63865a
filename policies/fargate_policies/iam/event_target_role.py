"""event-target-role: what starts a task by itself may start that one task.

About a stack, since a role starts tasks for the rules, schedules and pipes that name it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import guide
from ..core.values import Findings, Undecided, Violation
from ..iam_analysis.actions import expand
from ..iam_analysis.conditions import names_cluster
from ..iam_analysis.identities import Identity, identities
from ..iam_analysis.permissions import is_unnamed
from ..models.iam_document import ROLE, Statement


@dataclass(frozen=True)
class _Starter:
    """Where a resource that starts tasks says so, and which property names its role."""

    tasks: tuple[str, ...]
    role: str


_PIPE: Final = "aws:pipes/pipe:Pipe"
_STARTERS: Final[Mapping[str, _Starter]] = {
    "aws:cloudwatch/eventTarget:EventTarget": _Starter(("ecsTarget",), "roleArn"),
    "aws:scheduler/schedule:Schedule": _Starter(("target", "ecsParameters"), "target"),
    _PIPE: _Starter(("targetParameters", "ecsTaskParameters"), "roleArn"),
}

_FAMILY: Final = re.compile(
    r"arn:aws[a-z-]*:ecs:[a-z0-9-]+:[0-9]{12}:task-definition/([\w-]+)(?::[0-9*]+)?"
)
_MOST_ROLES: Final = 2
"""A task's own role and its execution role."""
_DEAD_LETTERS: Final = frozenset({"sqs:SendMessage", "kms:Decrypt", "kms:GenerateDataKey"})
_SOURCES: Final = frozenset(
    {
        *("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
        *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords"),
        *("kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:ListStreams"),
        *("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
        *("dynamodb:ListStreams", "logs:CreateLogStream", "logs:PutLogEvents"),
    }
)
"""What a pipe reads, and where it logs."""


def _check(stack: Stack) -> Findings:
    kinds: dict[str, set[str]] = {}
    for kind, starter in _STARTERS.items():
        for member in stack.of_type(kind):
            if member.at(*starter.tasks).value is not None:
                for role in stack.referred(member, starter.role, (ROLE,)):
                    kinds.setdefault(role.urn, set()).add(kind)
    for identity in identities(stack):
        if identity.member.urn in kinds:
            yield from _check_role(identity, from_pipe=_PIPE in kinds[identity.member.urn])


def _check_role(identity: Identity, *, from_pipe: bool) -> Findings:
    role = identity.member
    if not identity.complete:
        yield Undecided(f"policies of {role.name}")
    allowing = [s for s in identity.permissions.statements if s.allows]
    for statement in allowing:
        for message in _judge(statement, _DEAD_LETTERS | (_SOURCES if from_pipe else frozenset())):
            yield Violation(f"{statement.path}: {message}", role.urn)
    yield from _check_counts(allowing, role)


def _check_counts(allowing: list[Statement], role: Member) -> Findings:
    """One family, and the roles of one task, over all statements."""
    families = {
        match[1]
        for statement in allowing
        if statement.covers_action("ecs:RunTask")
        for match in map(_FAMILY.fullmatch, statement.resources)
        if match
    }
    if len(families) > 1:
        yield Violation("may start tasks of several families", role.urn)
    passed = {
        resource
        for statement in allowing
        if statement.covers_action("iam:PassRole")
        for resource in statement.resources
    }
    if len(passed) > _MOST_ROLES:
        yield Violation("may pass more roles than a task has", role.urn)


def _judge(statement: Statement, besides: frozenset[str]) -> Iterator[str]:
    if statement.not_actions or statement.not_resources:
        yield "allows by leaving something out"
    for index, pattern in enumerate(statement.actions):
        for message in {_problem(statement, action, besides) for action in expand(pattern)}:
            if message:
                yield f"Action[{index}] {message}"


def _problem(statement: Statement, action: str, besides: frozenset[str]) -> str:
    if action == "ecs:RunTask":
        named = all(map(_FAMILY.fullmatch, statement.resources))
        clusters = any(map(names_cluster, statement.conditions_on("ecs:cluster")))
        return "" if named and clusters else "starts more than one family's tasks in one cluster"
    if action == "iam:PassRole":
        return "passes roles that aren't named" if any(map(is_unnamed, statement.resources)) else ""
    if action == "ecs:TagResource":
        pinned = any(c.pins() for c in statement.conditions_on("ecs:CreateAction"))
        return "" if pinned else "tags more than what it starts"
    if action not in besides:
        return "is for more than starting a task"
    return "is allowed on what isn't named" if any(map(is_unnamed, statement.resources)) else ""


RULE = StackRule(
    name="event-target-role",
    description="Rules, schedules and pipes that start tasks may start one family's, no more.",
    fix=(
        "Allow ecs:RunTask on task-definition/FAMILY:* with a condition on ecs:cluster,"
        " iam:PassRole on the task's two roles, and besides only sqs:SendMessage on the dead-letter"
        " queue, ecs:TagResource with ecs:CreateAction, and reading a pipe's source."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=guide(
        "Amazon ECS developer guide",
        "EventBridge IAM role",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html",
    ),
    types=tuple(_STARTERS),
    check=_check,
)
