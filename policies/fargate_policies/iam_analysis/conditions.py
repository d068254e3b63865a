"""Conditions of statements, where they decide what a statement amounts to."""

import re
from typing import Final

from ..models.iam_document import Condition, Statement, is_everything, matches

_COMPARING: Final = (
    "arnequals",
    "arnlike",
    "stringequals",
    "stringequalsignorecase",
    "stringlike",
)
_EXCLUDING: Final = ("stringnotequals", "stringnotequalsignorecase", "stringnotlike")
_CLUSTER: Final = re.compile(r"arn:aws[a-z-]*:ecs:[a-z0-9*-]+:[0-9]{12}:cluster/[\w-]+")
_RESOURCE_TAG: Final = "aws:resourcetag/"
_PASSED_TO: Final = "iam:passedtoservice"
_NOT_ABOUT_RESOURCES: Final = (_PASSED_TO, "kms:viaservice")


def narrows(condition: Condition, service: str) -> bool:
    """Whether a condition says which resources of a service: by tag, or by a key of its own."""
    about_resources = condition.key.startswith((_RESOURCE_TAG, f"{service}:"))
    return (
        about_resources
        and condition.key not in _NOT_ABOUT_RESOURCES
        and condition.operator in _COMPARING
        and condition.binding
        and bool(condition.values)
        and not any(map(is_everything, condition.values))
    )


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
