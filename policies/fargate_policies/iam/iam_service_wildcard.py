"""iam-service-wildcard: no role may do everything that a service offers."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import cdk_nag, checkov, security_hub, trivy
from ..core.values import Findings
from ..models.iam_document import (
    POLICY_TYPES,
    Statement,
    has_wildcard,
    is_everything,
    judge_documents,
    permission_documents,
)


def _check(resource: Resource) -> Findings:
    return judge_documents(permission_documents(resource), _judge)


def _judge(statement: Statement) -> Iterator[str]:
    if not statement.allows:
        return
    for index, action in enumerate(statement.actions):
        service, _, name = action.partition(":")
        if has_wildcard(service) or is_everything(name):
            yield f"Action[{index}] allows every action of a service"


RULE = Rule(
    name="iam-service-wildcard",
    description="No policy allows every action of a service.",
    fix="Name the actions that are needed, or a group of them such as sqs:Get*.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=(
        *security_hub("IAM.21"),
        *checkov("CKV_AWS_63"),
        *trivy("T0057"),
        *cdk_nag("IAM5"),
    ),
    types=POLICY_TYPES,
    check=_check,
)
