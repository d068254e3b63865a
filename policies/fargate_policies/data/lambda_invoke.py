"""lambda-invoke: a function runs for named callers only."""

import re
from collections.abc import Mapping
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, security_hub, trivy
from ..core.values import Findings, Violation
from ..models.iam_document import has_wildcard

_PERMISSION: Final = "aws:lambda/permission:Permission"
_URL: Final = "aws:lambda/functionUrl:FunctionUrl"
_NAMED_PRINCIPAL: Final = re.compile(r"[0-9]{12}|arn:.+", re.DOTALL)
_LIMITS: Final[Mapping[str, re.Pattern[str]]] = {
    "sourceAccount": re.compile(r"[0-9]{12}"),
    # A bucket's ARN holds no account: whoever gets its name after a deletion would be admitted.
    "sourceArn": re.compile(r"arn:[^:]*:[^:]*:[^:]*:[0-9]{12}:.*", re.DOTALL),
    "principalOrgId": re.compile(r"o-[a-z0-9]+"),
}
"""Properties that say for whom a function runs, and what they have to look like."""
_TOKEN: Final = "eventSourceToken"  # noqa: S105 - a property's name
"""A skill of Alexa is named by a token instead."""


def _check(resource: Resource) -> Findings:
    if resource.type == _URL:
        yield from resource.at("authorizationType").require(
            lambda kind: kind == "AWS_IAM", "anybody on the internet may run the function"
        )
        return
    principal = resource.at("principal")
    if not principal.known:
        yield principal.unreadable()
    elif has_wildcard(principal.text):
        yield from _check_limits(resource, "anybody may run the function")
    elif not _NAMED_PRINCIPAL.fullmatch(principal.text) and not resource.at(_TOKEN).present:
        yield from _check_limits(resource, "a service may run the function for anybody's resources")


def _check_limits(resource: Resource, message: str) -> Findings:
    limits = {key: resource.at(key) for key in _LIMITS}
    if any(_LIMITS[key].fullmatch(limit.text) for key, limit in limits.items()):
        return
    unknown = [limit for limit in limits.values() if not limit.known]
    for limit in unknown:
        yield limit.unreadable()
    if not unknown:
        yield Violation(f"principal: {message}")


RULE = Rule(
    name="lambda-invoke",
    description="Lambda functions are invoked by named accounts and resources only.",
    fix=(
        "Set sourceArn to the resource that calls, and sourceAccount where that ARN, as a bucket's,"
        " holds no account; or principalOrgId; set authorizationType of a function URL to AWS_IAM."
    ),
    severity=Severity.CRITICAL,
    mandatory=True,
    sources=(
        *security_hub("Lambda.1"),
        *checkov("CKV_AWS_364", "CKV_AWS_301", "CKV_AWS_258"),
        *trivy("T0067"),
    ),
    types=(_PERMISSION, _URL),
    check=_check,
)
