"""Who may assume a role, and what conditions bind an AWS service to this account's resources."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from .iam_document import Condition, Statement, has_wildcard, is_written_out

_HERE = r"arn:aws[a-z-]*:{service}:[a-z0-9*-]+:[0-9]{{12}}:"


def _source(service: str, resource: str) -> re.Pattern[str]:
    return re.compile(_HERE.format(service=service) + resource)


SOURCES: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "ecs-tasks.amazonaws.com": (_source("ecs", r"\*"), "arn:aws:ecs:REGION:ACCOUNT:*"),
    "scheduler.amazonaws.com": (
        _source("scheduler", r"schedule-group/[^/*?]+"),
        "arn:aws:scheduler:REGION:ACCOUNT:schedule-group/NAME",
    ),
    "events.amazonaws.com": (
        _source("events", r"rule/.+"),
        "arn:aws:events:REGION:ACCOUNT:rule/NAME",
    ),
    "pipes.amazonaws.com": (
        _source("pipes", r"pipe/.+"),
        "arn:aws:pipes:REGION:ACCOUNT:pipe/NAME",
    ),
    "lambda.amazonaws.com": (
        _source("lambda", r"function:.+"),
        "arn:aws:lambda:REGION:ACCOUNT:function:NAME",
    ),
    "states.amazonaws.com": (
        _source("states", r"stateMachine:.+"),
        "arn:aws:states:REGION:ACCOUNT:stateMachine:NAME",
    ),
    "eks.amazonaws.com": (_source("eks", r"cluster/.+"), "arn:aws:eks:REGION:ACCOUNT:cluster/NAME"),
    "eks-fargate-pods.amazonaws.com": (
        _source("eks", r"fargateprofile/[^/*?]+/.+"),
        "arn:aws:eks:REGION:ACCOUNT:fargateprofile/CLUSTER/*",
    ),
    "vpc-flow-logs.amazonaws.com": (
        _source("ec2", r"vpc-flow-log/.+"),
        "arn:aws:ec2:REGION:ACCOUNT:vpc-flow-log/*",
    ),
}
"""The aws:SourceArn that each service sends when it assumes a role, as a pattern and in words.

From the services' guides on the confused deputy problem. Other services are exempt: a role whose
service doesn't send the key could never be assumed.
"""

_SERVICE: Final = re.compile(
    r"^([a-z0-9-]+)(?:\.[a-z]+(?:-[a-z]+)+-[0-9]+)?\.amazonaws\.com(?:\.cn)?$"
)
_ACCOUNT = re.compile(r"[0-9]{12}")
_LITERAL_OPERATORS = {"stringequals", "stringequalsignorecase"}
_EQUALITY = {*_LITERAL_OPERATORS, "stringlike"}  # StringLike without a wildcard is StringEquals
_PATTERN_OPERATORS = {"arnlike", "arnequals", "stringlike"}


def services(statement: Statement) -> tuple[str, ...]:
    """Return the AWS services that a statement names as principals.

    Without the region and China's ending that some of their names may have.
    """
    named = statement.principals.get("Service", ())
    return tuple(_SERVICE.sub(r"\1.amazonaws.com", name.lower()) for name in named)


def pins_account(statement: Statement) -> bool:
    """Whether aws:SourceAccount must be one of some written-out accounts."""
    return any(
        condition.pins() and all(_ACCOUNT.fullmatch(value) for value in condition.values)
        for condition in statement.conditions_on("aws:SourceAccount")
    )


def demands(statement: Statement, key: str, accepts: Callable[[str], bool]) -> bool:
    """Whether a key must equal one of some written-out values, each of which is accepted."""
    return any(
        condition.binding
        and condition.operator in _EQUALITY
        and bool(condition.values)
        and all(is_written_out(value) and accepts(value) for value in condition.values)
        for condition in statement.conditions_on(key)
    )


def source_arn_problem(statement: Statement, service: str) -> str | None:
    """Return what is wrong with the conditions on aws:SourceArn for a service of SOURCES.

    Returns:
        None if a binding condition has the form that the service sends, an empty text if there is
        no condition on the key at all, otherwise the problem.
    """
    conditions = statement.conditions_on("aws:SourceArn")
    if not conditions:
        return ""
    problems = [_arn_problem(condition, service) for condition in conditions]
    return next((problem for problem in problems if problem), None)


def _arn_problem(condition: Condition, service: str) -> str | None:
    form, words = SOURCES[service]
    if not condition.binding:
        return "the condition on aws:SourceArn passes when the key is missing"
    if condition.operator in _LITERAL_OPERATORS and any(map(has_wildcard, condition.values)):
        return "StringEquals takes the wildcard in aws:SourceArn literally, use ArnLike"
    if condition.operator not in _LITERAL_OPERATORS | _PATTERN_OPERATORS:
        return "aws:SourceArn must be compared with ArnLike"
    if not condition.values or not all(form.fullmatch(value) for value in condition.values):
        return f"aws:SourceArn doesn't have the form that {service} sends, {words}"
    return None
