"""iam-passrole: a role may be handed to a named service only."""

import re
from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import trivy
from ..core.values import Findings
from ..models.iam_document import POLICY_TYPES, Statement, judge_documents, permission_documents

_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]+")


def _check(resource: Resource) -> Findings:
    return judge_documents(permission_documents(resource), _judge)


def _judge(statement: Statement) -> Iterator[str]:
    if not statement.allows or not statement.covers_action("iam:PassRole"):
        return
    named = statement.resources and all(_ROLE_ARN.fullmatch(arn) for arn in statement.resources)
    if not named:
        yield "allows iam:PassRole on more than named roles"
    if not any(condition.pins() for condition in statement.conditions_on("iam:PassedToService")):
        yield "allows iam:PassRole without saying to which service"


RULE = Rule(
    name="iam-passrole",
    description="iam:PassRole is allowed on named roles and to a named service only.",
    fix=(
        "Give the roles' full ARNs as Resource and demand iam:PassedToService with StringEquals,"
        " such as ecs-tasks.amazonaws.com."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=trivy("T0342"),
    types=POLICY_TYPES,
    check=_check,
)
