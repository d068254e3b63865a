"""cost-nat-per-zone: outside production one NAT gateway serves all zones of a VPC.

Each costs 32.85 USD a month before any data (0.045 USD an hour in us-east-1, more in most other
regions). The price of having one: while its zone is down, the other zones' tasks reach neither the
internet nor what of AWS has no endpoint, and what crosses zones is billed by the GB. Production
has one in each zone for that, and where much data leaves the VPC it may be the cheaper way
elsewhere too: exempt such a VPC.

A regional NAT gateway spreads over the zones by itself, so it counts as one in each of them, unless
it is told to stay in one.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import guide
from ..core.values import Findings, Undecided, Violation
from ..models.prices import HOME, HOURS, NAT_GATEWAY
from ..models.production import PARAMETERS, in_production
from ..models.routes import SUBNETS, VPCS
from ..models.tags import any_of

_GATEWAY: Final = "aws:ec2/natGateway:NatGateway"


def _check(stack: Stack) -> Findings:
    by_vpc: defaultdict[str, list[Member]] = defaultdict(list)
    for gateway in _gateways(stack):
        by_vpc[_vpc(stack, gateway)].append(gateway)
    elsewhere = by_vpc.pop("", [])
    for vpc, gateways in by_vpc.items():
        yield from _check_vpc(stack, vpc, gateways)
    for gateway in elsewhere:
        place = gateway.at("vpcId" if _is_regional(gateway) else "subnetId")
        if not place.known and (by_vpc or len(elsewhere) > 1 or _is_regional(gateway)):
            yield gateway.unreadable(place)


def _gateways(stack: Stack) -> Iterator[Member]:
    """Yield the gateways to the internet; private ones lead to other networks."""
    for gateway in stack.of_type(_GATEWAY):
        if gateway.at("connectivityType").text != "private":
            yield gateway


def _is_regional(gateway: Member) -> bool:
    """Whether a gateway spreads over zones."""
    zones = gateway.at("availabilityZoneAddresses").items()
    return gateway.at("availabilityMode").text == "regional" and len(zones) != 1


def _check_vpc(stack: Stack, vpc: str, gateways: Sequence[Member]) -> Findings:
    if len(gateways) == 1 and not _is_regional(gateways[0]):
        return
    owners = [member for member in stack.of_type(*VPCS) if member.urn == vpc]
    production = any_of(in_production(each, stack.settings) for each in (*owners, *gateways))
    if production is None:
        yield Undecided(f"tags of {gateways[0].name}")
    elif not production:
        several = f"{len(gateways)} NAT gateways"
        what = several if len(gateways) > 1 else "a NAT gateway that spreads over zones"
        yield Violation(
            f"has {what}; one in a zone costs {NAT_GATEWAY * HOURS:.2f} USD a month before any data"
            f" (in {HOME})",
            (owners or gateways)[0].urn,
        )


def _vpc(stack: Stack, gateway: Member) -> str:
    """Return the URN of the VPC that a gateway is in, or its id; empty where neither is known."""
    places = [gateway, *stack.referred(gateway, "subnetId", SUBNETS)]
    for place in places:
        for vpc in stack.referred(place, "vpcId", VPCS):
            return vpc.urn
    return next((place.at("vpcId").text for place in places if place.at("vpcId").text), "")


RULE = StackRule(
    name="cost-nat-per-zone",
    description="Outside production a VPC has one NAT gateway, not one in each zone.",
    fix=(
        "Keep one NAT gateway and route the private subnets of all zones to it: while its zone is"
        " down, the others have no way out. The parameters `productionTags` and `productionStacks`"
        " say what production is."
    ),
    severity=Severity.LOW,
    mandatory=False,
    sources=(
        *guide("Amazon VPC", "Pricing: NAT gateway", "https://aws.amazon.com/vpc/pricing/"),
        *guide(
            "Amazon VPC user guide",
            "NAT gateway basics",
            "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
        ),
    ),
    parameters=PARAMETERS,
    types=(_GATEWAY,),
    check=_check,
)
