"""ecs-no-public-ip: no task can be reached from the internet directly."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, Place, Value, Violation, is_true
from ..models.launches import LAUNCH_TYPES, PIPE, network_configuration, network_path
from ..models.state_machines import STATE_MACHINE, task_networks

_PUBLIC = "tasks get a public IP address"


def _check(resource: Resource) -> Findings:
    if resource.type == STATE_MACHINE:
        for network in task_networks(resource):
            yield from _check_call(network)
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


def _remedy(resource: Resource) -> Iterator[Change]:
    """Take the address away; not in a state machine, whose definition is a program."""
    if resource.type != STATE_MACHINE and is_true(
        network_configuration(resource).at("assignPublicIp").value
    ):
        # Pipes have a text, everything else a flag.
        off = "DISABLED" if resource.type == PIPE else False
        yield Change((*network_path(resource.type), "assignPublicIp"), off)


RULE = Rule(
    name="ecs-no-public-ip",
    description="Tasks of ECS get no public IP address, whatever starts them.",
    fix="Set assignPublicIp to false and run tasks in private subnets behind a load balancer.",
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("ECS.2", "ECS.16"), *checkov("CKV_AWS_333")),
    types=(*LAUNCH_TYPES, STATE_MACHINE),
    check=_check,
    remedy=_remedy,
)
