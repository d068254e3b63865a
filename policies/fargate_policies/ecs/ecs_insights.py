"""ecs-insights: clusters measure their tasks."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import cdk_nag, checkov, security_hub
from ..core.values import UNKNOWN, Findings, Place, Violation

_ON = ("enabled", "enhanced")
_SETTING = {"name": "containerInsights", "value": "enabled"}


def _check(resource: Resource) -> Findings:
    settings = resource.at("settings").items()
    insights = [item for item in settings if item.at("name").value == _SETTING["name"]]
    for item in insights:
        yield from item.at("value").require(lambda value: value in _ON, "switches insights off")
    for item in settings:
        if not item.at("name").known:
            yield item.at("name").unreadable()
    if not insights and not any(item.at("name").value is UNKNOWN for item in settings):
        yield Violation("settings: Container Insights isn't switched on")


def _remedy(resource: Resource) -> Iterator[Change]:
    """Switch insights on; `enabled` costs less than `enhanced`, so the latter is for the owner."""
    settings = resource.at("settings")
    if settings.value is None:
        yield Change(("settings",), [dict(_SETTING)])
    elif all(item.at("name").known for item in settings.items()):
        yield from _switch_on(settings.items())


def _switch_on(items: list[Place]) -> Iterator[Change]:
    insights = [i for i, item in enumerate(items) if item.at("name").value == _SETTING["name"]]
    for index in insights:
        value = items[index].at("value")
        if value.known and value.value not in _ON:
            yield Change(("settings", index, "value"), _SETTING["value"])
    if not insights:
        yield Change(("settings", len(items)), dict(_SETTING))


RULE = Rule(
    name="ecs-insights",
    description="ECS clusters have Container Insights.",
    fix="Add the setting containerInsights with the value enabled or enhanced.",
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(*security_hub("ECS.12"), *checkov("CKV_AWS_65"), *cdk_nag("ECS4")),
    types=("aws:ecs/cluster:Cluster",),
    check=_check,
    remedy=_remedy,
)
