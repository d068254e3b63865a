"""Conditions of statements, where they decide what a statement amounts to."""

import re
from typing import Final

from ..models.iam_document import Condition, Statement, is_everything, matches
from .permissions import is_unnamed

_COMPARING: Final = (
    "arnequals",
    "arnlike",
    "stringequals",
    "stringequalsignorecase",
    "stringlike",
)
_EXCLUDING: Final = ("stringnotequals", "stringnotequalsignorecase", "stringnotlike")
_CLUSTER: Final = re.compile(r"arn:aws[a-z-]*:ecs:[a-z0-9*-]+:[0-9]{12}:cluster/[\w-]+")
_RESOURCE_TAG: Final = ":resourcetag/"
"""In aws:ResourceTag/team, and in keys of single services such as ssm:resourceTag/team."""
_PASSED_TO: Final = "iam:passedtoservice"
_NOT_ABOUT_RESOURCES: Final = (_PASSED_TO, "kms:viaservice")


def narrows(condition: Condition, service: str) -> bool:
    """Whether a condition says which resources of a service: by tag, or by a key of its own.

    A tag that must be there does, whatever its value: somebody has given it to resources.
    """
    if _RESOURCE_TAG in condition.key:
        return _demands(condition)
    return (
        condition.key.startswith(f"{service}:")
        and condition.key not in _NOT_ABOUT_RESOURCES
        and condition.operator in _COMPARING
        and condition.binding
        and bool(condition.values)
        and not any(map(is_everything, condition.values))
    )


def _demands(condition: Condition) -> bool:
    """Whether a request without the key fails."""
    if condition.operator == "null":
        return condition.values == ("false",)
    return condition.operator in _COMPARING and condition.binding and bool(condition.values)


def is_open(statement: Statement, action: str) -> bool:
    """Whether a statement allows an action on what it doesn't name, neither by ARN nor by tag."""
    service = action.partition(":")[0]
    broad = bool(statement.not_resources) or any(map(is_unnamed, statement.resources))
    return broad and not any(narrows(condition, service) for condition in statement.conditions)


def names_cluster(condition: Condition) -> bool:
    """Whether a condition demands one of some clusters of ECS, each by its full name."""
    return (
        condition.operator in _COMPARING
        and condition.binding
        and bool(condition.values)
        and all(map(_CLUSTER.fullmatch, condition.values))
    )


def passes_to(statement: Statement, service: str) -> bool:
    """Whether a statement that allows iam:PassRole lets a role be passed to a service."""
    return all(
        any(matches(value, service) for value in condition.values)
        for condition in statement.conditions_on(_PASSED_TO)
        if condition.operator in _COMPARING
    )


def denies_passing_to(statement: Statement, service: str) -> bool:
    """Whether the conditions of a statement that denies iam:PassRole hold for a service.

    As in a denial of all services but one.
    """
    return all(
        condition.key == _PASSED_TO
        and condition.operator in _EXCLUDING
        and not any(matches(value, service) for value in condition.values)
        for condition in statement.conditions
    )
