"""iam-exec-command: a shell into named clusters' tasks, not into everybody's."""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import prowler
from ..core.values import Findings
from ..iam_analysis.conditions import names_cluster
from ..models.iam_document import (
    POLICY_TYPES,
    Statement,
    concerns,
    judge_documents,
    permission_documents,
)

_NAMED: Final = re.compile(
    r"arn:aws[a-z-]*:ecs:[a-z0-9*-]+:[0-9]{12}:(cluster/[\w-]+|task/[\w-]+/.+)", re.DOTALL
)


def _check(resource: Resource) -> Findings:
    return judge_documents(permission_documents(resource), _judge)


def _judge(statement: Statement) -> Iterator[str]:
    if not statement.allows or not statement.covers_action("ecs:ExecuteCommand"):
        return
    if any(map(names_cluster, statement.conditions_on("ecs:cluster"))):
        return
    about_ecs = [arn for arn in statement.resources if concerns(arn, "ecs")]
    if statement.not_resources or not all(map(_NAMED.fullmatch, about_ecs)):
        yield "allows ecs:ExecuteCommand on tasks of clusters that aren't named"


RULE = Rule(
    name="iam-exec-command",
    description="ecs:ExecuteCommand is allowed on the tasks of named clusters only.",
    fix=(
        "Give as Resource the cluster's ARN and the ARNs of its tasks,"
        " arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/*, or demand ecs:cluster with ArnEquals."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=prowler("policies that allow ecs:ExecuteCommand on all resources"),
    types=POLICY_TYPES,
    check=_check,
)
