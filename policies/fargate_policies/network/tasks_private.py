"""tasks-private: tasks run where the internet has no way in, and so do the jobs of Batch."""

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import guide
from ..core.values import Findings, Undecided, Violation
from ..models.launches import NETWORK_TYPES, network_configuration, network_property
from ..models.routes import SUBNETS, leads_to_internet


def _check(stack: Stack) -> Findings:
    for launch in stack.of_type(*NETWORK_TYPES):
        subnets = stack.referred(launch, network_property(launch.type), SUBNETS)
        for subnet in subnets:
            yield from _check_subnet(stack, launch, subnet)
        named = network_configuration(launch).at("subnets").items()
        if not subnets and not all(place.known for place in named):
            yield Undecided(f"subnets of {launch.name}")


def _check_subnet(stack: Stack, launch: Member, subnet: Member) -> Findings:
    leads = leads_to_internet(stack, subnet)
    if leads is None:
        yield Undecided(f"routes of {subnet.name}")
    elif leads:
        path = network_configuration(launch).at("subnets").path
        yield Violation(
            f"{path}: the subnet {subnet.name} has a route to an internet gateway", launch.urn
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
    types=NETWORK_TYPES,
    check=_check,
)
