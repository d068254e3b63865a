"""ecs-no-public-ip: no task can be reached from the internet directly."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, is_true
from ..models.launches import LAUNCH_TYPES, network_configuration


def _check(resource: Resource) -> Findings:
    return (
        network_configuration(resource)
        .at("assignPublicIp")
        .forbid(is_true, "tasks get a public IP address")
    )


RULE = Rule(
    name="ecs-no-public-ip",
    description="ECS tasks get no public IP address.",
    fix="Set assignPublicIp to false and run tasks in private subnets behind a load balancer.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("ECS.2", "ECS.16"), *checkov("CKV_AWS_333")),
    types=LAUNCH_TYPES,
    check=_check,
)
