"""tasks-private: tasks run where the internet has no way in, and so do the jobs of Batch."""

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import guide
from ..core.values import Findings, Undecided, Violation
from ..models.placements import TASK_PLACING_TYPES, named, subnets
from ..models.routes import SUBNETS, leads_to_internet
from ..models.state_machines import STATE_MACHINE


def _check(stack: Stack) -> Findings:
    for placing in stack.of_type(*TASK_PLACING_TYPES):
        found = named(stack, placing, SUBNETS)
        for subnet in found:
            yield from _check_subnet(stack, placing, subnet)
        listed = subnets(placing).items() if placing.type != STATE_MACHINE else []
        if not found and not all(place.known for place in listed):
            yield Undecided(f"subnets of {placing.name}")


def _check_subnet(stack: Stack, placing: Member, subnet: Member) -> Findings:
    leads = leads_to_internet(stack, subnet)
    if leads is None:
        yield Undecided(f"routes of {subnet.name}")
    elif leads:
        yield Violation(
            f"{subnets(placing).path}: the subnet {subnet.name} has a route to an internet gateway",
            placing.urn,
        )


RULE = StackRule(
    name="tasks-private",
    description="Tasks and jobs run in subnets without a route to an internet gateway.",
    fix=(
        "Name private subnets: tasks reach the internet by a NAT gateway and AWS by endpoints, and"
        " are reached by a load balancer."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=guide(
        "cdk-nag NIST 800-53 R5",
        "VPCNoUnrestrictedRouteToIGW",
        "https://github.com/cdklabs/cdk-nag/blob/main/RULES.md",
    ),
    types=TASK_PLACING_TYPES,
    check=_check,
)
