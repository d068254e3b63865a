"""iam-assume-scoped: a role may become named other roles only."""

import re
from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import prowler
from ..core.values import Findings
from ..models.iam_document import POLICY_TYPES, Statement, judge_documents, permission_documents

_SCOPED_ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[^*?].*", re.DOTALL)


def _check(resource: Resource) -> Findings:
    return judge_documents(permission_documents(resource), _judge)


def _judge(statement: Statement) -> Iterator[str]:
    if not statement.allows or not statement.covers_action("sts:AssumeRole"):
        return
    scoped = statement.resources and all(_SCOPED_ARN.fullmatch(arn) for arn in statement.resources)
    if not scoped:
        yield "allows sts:AssumeRole on roles that aren't named"


RULE = Rule(
    name="iam-assume-scoped",
    description="sts:AssumeRole is allowed on named roles of named accounts only.",
    fix="Give the roles' ARNs as Resource, with the account and at least the name's beginning.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=prowler("policies that allow sts:AssumeRole on all resources"),
    types=POLICY_TYPES,
    check=_check,
)
