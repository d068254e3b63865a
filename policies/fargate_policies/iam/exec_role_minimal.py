"""exec-role-minimal: the role that starts tasks pulls, logs and reads named secrets; no more.

About a stack, since a role is an execution role by the task and job definitions that name it.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Member, Parameter, Stack, StackRule
from ..core.sources import guide
from ..core.values import UNKNOWN, Findings, Undecided, Violation
from ..iam_analysis.actions import expand
from ..iam_analysis.conditions import is_open
from ..iam_analysis.identities import Identity, foreign_policies, identities
from ..models.containers import CONTAINER_TYPES
from ..models.iam_document import ROLE, Statement
from ..models.roles import EXECUTION, roles

_PULL_AND_LOG: Final = frozenset(
    {
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
        # The first pull through a cache makes the repository.
        "ecr:BatchImportUpstreamImage",
        "ecr:CreateRepository",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    }
)
_READ: Final = frozenset(
    {
        "kms:Decrypt",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameters",
        # Files of environment variables.
        "s3:GetBucketLocation",
        "s3:GetObject",
    }
)
_MANAGED: Final = ("AmazonECSTaskExecutionRolePolicy",)


def _check(stack: Stack) -> Findings:
    named = set[str]()
    for definition in stack.of_type(*CONTAINER_TYPES):
        for place, role in roles(stack, definition, EXECUTION):
            if role:
                named.add(role.urn)
            elif place.value is UNKNOWN and stack.referred(definition, place.path, (ROLE,)):
                yield Undecided(f"{place.path} of {definition.name}")
    for identity in identities(stack):
        if identity.member.urn in named:
            yield from _check_role(stack, identity)


def _check_role(stack: Stack, identity: Identity) -> Findings:
    role = identity.member
    if not identity.complete:
        yield Undecided(f"policies of {role.name}")
    for statement in identity.permissions.statements:
        if statement.allows:
            for message in _judge(statement, stack.settings["actions"]):
                yield Violation(f"{statement.path}: {message}", role.urn)
    yield from _check_foreign(stack, role)


def _judge(statement: Statement, more: tuple[str, ...]) -> Iterator[str]:
    if statement.not_actions:
        yield "allows all actions but those of NotAction"
    for index, pattern in enumerate(statement.actions):
        actions = expand(pattern)
        if actions - _PULL_AND_LOG - _READ - set(more):
            yield f"Action[{index}] is for more than pulling images, writing logs, reading secrets"
        elif any(is_open(statement, action) for action in actions & _READ):
            yield f"Action[{index}] reads what isn't named"


def _check_foreign(stack: Stack, role: Member) -> Findings:
    for place in foreign_policies(stack, role):
        if not place.known:
            yield Undecided(f"{place.path} of {role.name}")
        elif place.text.rpartition("/")[2] not in stack.settings["managedPolicies"]:
            yield Violation(f"{place.path}: isn't a policy for execution roles", role.urn)


RULE = StackRule(
    name="exec-role-minimal",
    description=(
        "Execution roles of ECS and Batch pull images, write logs and read named secrets, no more."
    ),
    fix=(
        "Give what the program needs to the task role; name the secrets, parameters and keys of the"
        " execution role by ARN. The parameters `actions` and `managedPolicies` admit more."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=guide(
        "Amazon ECS developer guide",
        "task execution IAM role",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
    ),
    parameters={
        "actions": Parameter("actions that execution roles may have besides, in full", ()),
        "managedPolicies": Parameter(
            "names of policies from outside the stack that may be attached", _MANAGED
        ),
    },
    types=CONTAINER_TYPES,
    check=_check,
)
