"""ecs-insights: clusters measure their tasks."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import cdk_nag, checkov, security_hub
from ..core.values import UNKNOWN, Findings, Violation

_ON = ("enabled", "enhanced")


def _check(resource: Resource) -> Findings:
    settings = resource.at("settings").items()
    insights = [item for item in settings if item.at("name").value == "containerInsights"]
    for item in insights:
        yield from item.at("value").require(lambda value: value in _ON, "switches insights off")
    for item in settings:
        if not item.at("name").known:
            yield item.at("name").unreadable()
    if not insights and not any(item.at("name").value is UNKNOWN for item in settings):
        yield Violation("settings: Container Insights isn't switched on")


RULE = Rule(
    name="ecs-insights",
    description="ECS clusters have Container Insights.",
    fix="Add the setting containerInsights with the value enabled or enhanced.",
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(*security_hub("ECS.12"), *checkov("CKV_AWS_65"), *cdk_nag("ECS4")),
    types=("aws:ecs/cluster:Cluster",),
    check=_check,
)
