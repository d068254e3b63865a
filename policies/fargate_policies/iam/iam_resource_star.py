"""iam-resource-star: what can be allowed on named resources isn't allowed on all of them."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov
from ..core.values import Findings
from ..iam_analysis.actions import expand, resource_patterns
from ..iam_analysis.conditions import narrows
from ..models.iam_document import (
    POLICY_TYPES,
    Statement,
    is_everything,
    judge_documents,
    permission_documents,
)

_WITHOUT_RESOURCE: Final = frozenset(
    {"cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "cloudwatch:PutMetricData"}
)
"""Metrics are no resources: only who reads or writes a data set names one, and nobody else can."""


def _check(resource: Resource) -> Findings:
    return judge_documents(permission_documents(resource), _judge)


def _judge(statement: Statement) -> Iterator[str]:
    if not statement.allows or not any(map(is_everything, statement.resources)):
        return
    for index, pattern in enumerate(statement.actions):
        if any(_is_open(statement, action) for action in expand(pattern)):
            yield f"Action[{index}] is allowed on every resource, and could be on named ones"


def _is_open(statement: Statement, action: str) -> bool:
    service = action.partition(":")[0]
    narrowed = any(narrows(condition, service) for condition in statement.conditions)
    return bool(resource_patterns(action)) and action not in _WITHOUT_RESOURCE and not narrowed


RULE = Rule(
    name="iam-resource-star",
    description="Actions that can be restricted to resources aren't allowed on every resource.",
    fix=(
        "Give the ARNs as Resource, or a condition on what is acted on, such as ecs:cluster; keep a"
        " statement with `*` for the actions that can't be restricted."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=checkov("CKV_AWS_355", "CKV_AWS_290"),
    types=POLICY_TYPES,
    check=_check,
)
