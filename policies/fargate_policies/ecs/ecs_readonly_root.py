"""ecs-readonly-root: no container can change its own program."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, Place, is_true
from ..models.containers import CONTAINER_TYPES, judge_containers, runs_windows


def _check(resource: Resource) -> Findings:
    if runs_windows(resource):
        return iter(())
    return judge_containers(resource, _judge)


def _judge(container: Place) -> Findings:
    return container.at("readonlyRootFilesystem").require(
        is_true, "the container can write to its root filesystem"
    )


RULE = Rule(
    name="ecs-readonly-root",
    description="Containers of ECS and Batch have a read-only root filesystem.",
    fix="Set readonlyRootFilesystem to true and mount a volume where the program has to write.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("ECS.5"), *checkov("CKV_AWS_336")),
    types=CONTAINER_TYPES,
    check=_check,
)
