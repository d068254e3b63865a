"""ecs-nonroot: no container runs as root."""

import re

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import control_tower, security_hub
from ..core.values import Findings, Place, Value
from ..models.containers import CONTAINER_TYPES, judge_containers, runs_windows

_LOG_ROUTERS = ("fluentbit", "fluentd")
_ROOT = re.compile(r"(root|[+-]?0+)(:.*)?", re.DOTALL)


def _check(resource: Resource) -> Findings:
    if runs_windows(resource):
        return iter(())
    return judge_containers(resource, _judge)


def _judge(container: Place) -> Findings:
    if container.at("firelensConfiguration", "type").text in _LOG_ROUTERS:
        return iter(())  # ECS refuses a log router that doesn't run as root.
    return container.at("user").require(_is_ordinary, "the container runs as root")


def _is_ordinary(user: Value) -> bool:
    text = user.strip() if isinstance(user, str) else ""
    return bool(text) and not text.startswith(":") and not _ROOT.fullmatch(text)


RULE = Rule(
    name="ecs-nonroot",
    description=(
        "Containers of ECS and Batch run as a user other than root; FireLens log routers can't."
    ),
    fix=(
        "Set user to a numeric id other than 0, such as 1000:1000; an image's own USER isn't"
        " visible here."
    ),
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=(*security_hub("ECS.20"), *control_tower("CT.ECS.PR.3")),
    types=CONTAINER_TYPES,
    check=_check,
)
