"""ecs-namespaces: tasks share no process or memory namespace with a host."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import REMOVED, Findings, is_set
from ..models.containers import TASK_DEFINITION


def _check(resource: Resource) -> Findings:
    yield from resource.at("pidMode").forbid(
        lambda mode: mode == "host", "containers see the host's processes"
    )
    yield from resource.at("ipcMode").forbid(is_set, "containers share memory between processes")


def _remedy(resource: Resource) -> Iterator[Change]:
    if resource.at("pidMode").value == "host":
        yield Change(("pidMode",), REMOVED)
    if resource.at("ipcMode").text:
        yield Change(("ipcMode",), REMOVED)


RULE = Rule(
    name="ecs-namespaces",
    description="ECS tasks have process and memory namespaces of their own.",
    fix="Remove ipcMode, and remove pidMode or set it to task.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("ECS.3"), *checkov("CKV_AWS_335")),
    types=(TASK_DEFINITION,),
    check=_check,
    remedy=_remedy,
)
