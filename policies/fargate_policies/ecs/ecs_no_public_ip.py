"""ecs-no-public-ip: no task can be reached from the internet directly."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, Place, Value, Violation, is_true
from ..models.containers import JOB_DEFINITION, judge_job
from ..models.launches import LAUNCH_TYPES, network_configuration
from ..models.state_machines import STATE_MACHINE, task_networks

_PUBLIC = "tasks get a public IP address"


def _check(resource: Resource) -> Findings:
    if resource.type == STATE_MACHINE:
        for network in task_networks(resource):
            yield from _check_call(network)
    elif resource.type == JOB_DEFINITION:
        yield from judge_job(resource, judge_task=_judge_job)
    else:
        yield from network_configuration(resource).at("assignPublicIp").forbid(is_true, _PUBLIC)


def _check_call(network: Place | Violation) -> Findings:
    """Judge what a state calls RunTask with; a path or an expression may become anything."""
    if isinstance(network, Violation):
        yield network
        return
    given, by_path = network.at("AssignPublicIp"), network.at("AssignPublicIp.$")
    yield from given.forbid(is_true, _PUBLIC)
    if _is_expression(given.value) or (by_path.known and by_path.present):
        yield Violation(f"{given.path}: is decided only when tasks start")


def _is_expression(value: Value) -> bool:
    return isinstance(value, str) and value.startswith("{%")


def _judge_job(task: Place) -> Findings:
    return task.at("networkConfiguration", "assignPublicIp").forbid(
        lambda value: value not in (None, "DISABLED"), "jobs get a public IP address"
    )


RULE = Rule(
    name="ecs-no-public-ip",
    description="Tasks of ECS and jobs of Batch get no public IP address, whatever starts them.",
    fix=(
        "Set assignPublicIp to false (in Batch to DISABLED) and run tasks in private subnets behind"
        " a load balancer."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("ECS.2", "ECS.16"), *checkov("CKV_AWS_333")),
    types=(*LAUNCH_TYPES, STATE_MACHINE, JOB_DEFINITION),
    check=_check,
)
