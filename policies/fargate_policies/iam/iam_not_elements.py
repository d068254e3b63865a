"""iam-not-elements: nothing is allowed by leaving something out."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import parliament
from ..core.values import Findings
from ..models.iam_document import POLICY_TYPES, Statement, judge_documents, permission_documents


def _check(resource: Resource) -> Findings:
    return judge_documents(permission_documents(resource), _judge)


def _judge(statement: Statement) -> Iterator[str]:
    if statement.allows and statement.not_actions:
        yield "allows all actions but those of NotAction, new ones included"
    if statement.allows and statement.not_resources:
        yield "allows all resources but those of NotResource, new ones included"


RULE = Rule(
    name="iam-not-elements",
    description="Policies allow with Action and Resource, never with NotAction or NotResource.",
    fix="Name what is allowed; keep NotAction and NotResource for statements that deny.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=parliament("Allow with NotAction or NotResource"),
    types=POLICY_TYPES,
    check=_check,
)
