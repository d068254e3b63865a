"""iam-no-admin: no role may do everything."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings
from ..models.iam_document import (
    POLICY_TYPES,
    Statement,
    is_everything,
    judge_documents,
    permission_documents,
)


def _check(resource: Resource) -> Findings:
    return judge_documents(permission_documents(resource), _judge)


def _judge(statement: Statement) -> Iterator[str]:
    every_action = any(is_everything(action) for action in statement.actions)
    every_resource = bool(statement.not_resources) or any(
        is_everything(resource) for resource in statement.resources
    )
    if statement.allows and every_action and every_resource:
        yield "allows every action on every resource"


RULE = Rule(
    name="iam-no-admin",
    description="No policy allows every action on every resource.",
    fix="Name the actions and the resources that are needed.",
    severity=Severity.CRITICAL,
    mandatory=True,
    sources=(*security_hub("IAM.1"), *checkov("CKV_AWS_62")),
    types=POLICY_TYPES,
    check=_check,
)
