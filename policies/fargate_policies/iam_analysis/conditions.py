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
_LITERAL: Final = ("stringequals", "stringnotequals")
"""Operators to which a wildcard is a character like others."""
_CLUSTER: Final = re.compile(r"arn:aws[a-z-]*:ecs:[a-z0-9*-]+:[0-9]{12}:cluster/[\w-]+")
_RESOURCE_TAG: Final = ":resourcetag/"
"""In aws:ResourceTag/team, and in keys of single services such as ssm:resourceTag/team."""
_PASSED_TO: Final = "iam:passedtoservice"
_NOT_ABOUT_RESOURCES: Final = (
    _PASSED_TO,
    *("dynamodb:enclosingoperation", "dynamodb:returnconsumedcapacity", "dynamodb:returnvalues"),
    *("dynamodb:select", "ec2:availabilityzone", "ec2:region", "ecs:container-name"),
    *("kms:calleraccount", "kms:grantoperations", "kms:keyorigin", "kms:keyspec", "kms:keyusage"),
    *("kms:viaservice", "lambda:functionurlauthtype", "lambda:principal", "lambda:vpcids"),
    *("lambda:securitygroupids", "lambda:subnetids", "s3:authtype", "s3:resourceaccount"),
    *("s3:signatureversion", "s3:versionid", "secretsmanager:versionid"),
    *("secretsmanager:versionstage", "ssm:recursive"),
)
"""Services' keys that say how, by whom or where something is done, and not to what."""
_HEADERS: Final = "s3:x-amz-"
"""Headers of a request to S3, which say the same."""


def narrows(condition: Condition, service: str) -> bool:
    """Whether a condition says which resources of a service: by tag, or by a key of its own.

    A tag that must be there does, whatever its value: somebody has given it to resources.
    """
    if _RESOURCE_TAG in condition.key:
        return _demands(condition)
    return (
        condition.key.startswith(f"{service}:")
        and condition.key not in _NOT_ABOUT_RESOURCES
        and not condition.key.startswith(_HEADERS)
        and condition.operator in _COMPARING
        and condition.binding
        and bool(condition.values)
        and not any(map(is_vague, condition.values))
    )


def is_vague(value: str) -> bool:
    """Whether a condition's value is a pattern that names nothing, such as `arn:aws:iam::*:*`."""
    return is_everything(value) or (value.lower().startswith("arn:") and is_unnamed(value))


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
        _holds_for(condition, service, otherwise=True)
        for condition in statement.conditions_on(_PASSED_TO)
    )


def denies_passing_to(statement: Statement, service: str) -> bool:
    """Whether the conditions of a statement that denies iam:PassRole hold for a service.

    As in a denial of this service, or of all services but another.
    """
    return all(
        condition.key == _PASSED_TO and _holds_for(condition, service, otherwise=False)
        for condition in statement.conditions
    )


def _holds_for(condition: Condition, service: str, *, otherwise: bool) -> bool:
    """Whether a condition on iam:PassedToService holds for a service.

    Args:
        condition: the condition.
        service: the service.
        otherwise: the answer where that can't be told, by another operator or a policy variable.
    """
    if any("${" in value for value in condition.values):
        return otherwise
    if condition.operator in _LITERAL:
        named = service in condition.values
    else:
        named = any(matches(value, service) for value in condition.values)
    if condition.operator in _COMPARING:
        return named
    return not named if condition.operator in _EXCLUDING else otherwise
