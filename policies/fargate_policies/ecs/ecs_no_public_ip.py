"""ecs-no-public-ip: no task can be reached from the internet directly."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, Place, Violation, is_set, is_true
from ..models.launches import LAUNCH_TYPES, PIPE, network_configuration, network_path
from ..models.placements import EXPRESS_SERVICE
from ..models.state_machines import STATE_MACHINE
from ..models.task_calls import CALLING_TYPES, COMPUTED, PLACE, given_to, task_calls

_PUBLIC = "tasks get a public IP address"


def _check(resource: Resource) -> Findings:
    if resource.type in CALLING_TYPES:
        for call in task_calls(resource, PLACE):
            yield from _check_call(call)
    if resource.type == EXPRESS_SERVICE:
        yield from resource.at("networkConfigurations").require(
            is_set, "tasks run in the public subnets of the default VPC"
        )
    if resource.type in LAUNCH_TYPES:
        yield from network_configuration(resource).at("assignPublicIp").forbid(is_true, _PUBLIC)


def _check_call(call: Place | Violation) -> Findings:
    if isinstance(call, Violation):
        yield call
        return
    public, computed = given_to(
        call, "NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp"
    )
    if computed:
        yield Violation(f"{public.path}: {COMPUTED}")
    else:
        yield from public.forbid(is_true, _PUBLIC)


def _remedy(resource: Resource) -> Iterator[Change]:
    """Take the address away; not in a call, whose text is a program."""
    if resource.type in LAUNCH_TYPES and is_true(
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
    types=(*LAUNCH_TYPES, STATE_MACHINE, EXPRESS_SERVICE),
    check=_check,
    remedy=_remedy,
)
