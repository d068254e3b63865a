"""ecs-logging: every container's output is kept."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import cdk_nag, security_hub
from ..core.values import Findings, Place, Value, is_set
from ..models.containers import TASK_DEFINITION, judge_containers


def _check(resource: Resource) -> Findings:
    return judge_containers(resource, _judge)


def _judge(container: Place) -> Findings:
    return container.at("logConfiguration", "logDriver").require(
        _keeps_logs, "what the container writes is lost"
    )


def _keeps_logs(driver: Value) -> bool:
    return is_set(driver) and driver != "none"


RULE = Rule(
    name="ecs-logging",
    description="ECS containers have a log configuration.",
    fix="Set logConfiguration with the driver awslogs, awsfirelens or splunk on every container.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("ECS.9"), *cdk_nag("ECS7")),
    types=(TASK_DEFINITION,),
    check=_check,
)
