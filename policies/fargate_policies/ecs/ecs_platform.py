"""ecs-platform: tasks run on a Fargate platform version that gets security fixes."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings
from ..models.launches import SERVICE_TYPES

_CURRENT = (None, "", "LATEST", "1.4.0")
"""1.4.0 is the newest for Linux; a service without a version gets LATEST."""


def _check(resource: Resource) -> Findings:
    return resource.at("platformVersion").require(
        lambda version: version in _CURRENT, "is not the current platform version"
    )


def _remedy(resource: Resource) -> Iterator[Change]:
    version = resource.at("platformVersion")
    if version.text and version.value not in _CURRENT:
        yield Change(("platformVersion",), "LATEST")


RULE = Rule(
    name="ecs-platform",
    description="ECS services run on the current Fargate platform version.",
    fix="Remove platformVersion or set it to LATEST.",
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(*security_hub("ECS.10"), *checkov("CKV_AWS_332")),
    types=SERVICE_TYPES,
    check=_check,
    remedy=_remedy,
)
