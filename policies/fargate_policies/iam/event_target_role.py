"""event-target-role: what starts a task or a job by itself may start that one, and nothing else.

About a stack, since a role starts tasks for the rules, schedules, pipes and state machines that
name it. A state machine may start the families and jobs that its states name. Whatever else its
states do, its role may do to what it names, and so may what can't be restricted: logs and traces.
"""

import re
from collections.abc import Iterable
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import guide
from ..core.values import Findings, Undecided, Violation
from ..iam_analysis.conditions import names_cluster
from ..iam_analysis.identities import Identity, foreign_policies, identities
from ..iam_analysis.starting import DEFINITION, FAMILY, QUEUE, Use, problems
from ..models.iam_document import ROLE, Statement
from ..models.roles import roles_of_families
from ..models.starters import STARTER_TYPES, Starter, starters

_ROLES_OF_A_TASK: Final = 2
"""A task's own role and its execution role."""

_FOR_EVERYTHING: Final = frozenset(
    {
        *("AWSBatchFullAccess", "AWSBatchServiceEventTargetRole"),
        *("AmazonEC2ContainerServiceEventsRole", "AmazonECS_FullAccess"),
    }
)
"""AWS's own policies that let a role start every task, or submit every job."""


def _check(stack: Stack) -> Findings:
    uses: dict[str, list[Starter]] = {}
    for starter in starters(stack):
        for role in stack.referred(starter.member, starter.role, (ROLE,)):
            uses.setdefault(role.urn, []).append(starter)
    for identity in identities(stack):
        if found := uses.get(identity.member.urn):
            yield from _check_role(stack, identity, Use(tuple(found)))


def _check_role(stack: Stack, identity: Identity, use: Use) -> Findings:
    role = identity.member
    allowing = [s for s in identity.permissions.statements if s.allows]
    if not identity.complete:
        yield Undecided(f"policies of {role.name}")
    if not use.starts(allowing):
        return
    for statement in allowing:
        for message in problems(statement, use):
            yield Violation(f"{statement.path}: {message}", role.urn)
    for place in foreign_policies(stack, role):
        if not place.known:
            yield Undecided(f"{place.path} of {role.name}")
        elif place.text.rpartition("/")[2] in _FOR_EVERYTHING:
            yield Violation(f"{place.path}: starts every task or job there is", role.urn)
    yield from _check_names(stack, allowing, role, use)


def _check_names(stack: Stack, allowing: list[Statement], role: Member, use: Use) -> Findings:
    """One family or one job, or those of the states, over all statements."""
    families = _named(allowing, "ecs:RunTask", FAMILY)
    definitions = _named(allowing, "batch:SubmitJob", DEFINITION)
    queues = _named(allowing, "batch:SubmitJob", QUEUE)
    passed = {
        resource
        for statement in allowing
        if statement.covers_action("iam:PassRole")
        for resource in statement.resources
    }
    if use.by_states:
        called = [call for starter in use.starters for call in starter.calls]
        yield from _check_states(
            use,
            role,
            families - {call.family for call in called},
            (definitions - {call.definition for call in called})
            | (queues - {call.queue for call in called}),
        )
    else:
        if len(families) > 1:
            yield Violation("may start tasks of several families", role.urn)
        if len(_clusters(allowing)) > 1:
            yield Violation("may start tasks in several clusters", role.urn)
        if len(definitions) > 1 or len(queues) > 1:
            yield Violation("may submit several jobs, or to several queues", role.urn)
    own = roles_of_families(stack, families)
    if own is not None and not own.issuperset(arn.rpartition("/")[2] for arn in passed):
        yield Violation("may pass roles other than those of the tasks that it starts", role.urn)
    elif len(passed) > _ROLES_OF_A_TASK * max(1, len(families)):
        yield Violation("may pass more roles than a task has", role.urn)


def _check_states(
    use: Use, role: Member, families: frozenset[str], jobs: frozenset[str]
) -> Findings:
    """Judge what no state names; unless a state computes it, or the states aren't known yet."""
    if any(call.computed for starter in use.starters for call in starter.calls if starter.known):
        return
    unknown = [starter for starter in use.starters if not starter.known]
    if (families or jobs) and unknown:
        yield Undecided(f"definition of {unknown[0].member.name}")
        return
    if families:
        yield Violation("may start tasks of a family that no state starts", role.urn)
    if jobs:
        yield Violation("may submit a job, or to a queue, that no state names", role.urn)


def _clusters(statements: Iterable[Statement]) -> frozenset[str]:
    return frozenset(
        cluster
        for statement in statements
        for condition in filter(names_cluster, statement.conditions_on("ecs:cluster"))
        for cluster in condition.values
    )


def _named(
    statements: Iterable[Statement], action: str, pattern: re.Pattern[str]
) -> frozenset[str]:
    return frozenset(
        match[1]
        for statement in statements
        if statement.covers_action(action)
        for match in map(pattern.fullmatch, statement.resources)
        if match
    )


RULE = StackRule(
    name="event-target-role",
    description=(
        "Rules, schedules and pipes may start one family's tasks or one job, state machines what"
        " their states name, no more."
    ),
    fix=(
        "Allow ecs:RunTask on task-definition/FAMILY:* with a condition on ecs:cluster and"
        " iam:PassRole on the task's two roles, or batch:SubmitJob on job-definition/NAME:* and"
        " job-queue/QUEUE; besides only sqs:SendMessage on the dead-letter queue, ecs:TagResource"
        " with ecs:CreateAction, and reading a pipe's source. A state machine may also watch and"
        " stop the tasks of its cluster, and put Step Functions' own rules."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(
        *guide(
            "Amazon ECS developer guide",
            "EventBridge IAM role",
            "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html",
        ),
        *guide(
            "AWS Step Functions developer guide",
            "IAM policies for Amazon ECS",
            "https://docs.aws.amazon.com/step-functions/latest/dg/ecs-iam.html",
        ),
        *guide(
            "AWS Batch user guide",
            "restricting job submission",
            "https://docs.aws.amazon.com/batch/latest/userguide/iam-example-restrict-job-submission.html",
        ),
    ),
    types=STARTER_TYPES,
    check=_check,
)
