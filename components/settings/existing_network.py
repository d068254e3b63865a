"""Settings of a VPC that is there already and is only used."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import Model, each_once, matching
from components.settings.endpoints import GatewayEndpoint, InterfaceEndpoint

SUBNETS_OF_A_SERVICE = 16
"""Most subnets that an ECS service takes (CreateService, API reference)."""

VpcId = Annotated[
    str,
    matching(
        r"vpc-([0-9a-f]{8}|[0-9a-f]{17})",
        "must be the id of a VPC, such as vpc-0123456789abcdef0",
    ),
]
SubnetId = Annotated[
    str,
    matching(
        r"subnet-([0-9a-f]{8}|[0-9a-f]{17})",
        "must be the id of a subnet, such as subnet-0123456789abcdef0",
    ),
]
SubnetIds = Annotated[
    tuple[SubnetId, ...], Field(max_length=SUBNETS_OF_A_SERVICE), AfterValidator(each_once)
]
RouteTableId = Annotated[
    str,
    matching(
        r"rtb-([0-9a-f]{8}|[0-9a-f]{17})",
        "must be the id of a route table, such as rtb-0123456789abcdef0",
    ),
]


class ExistingNetworkSettings(Model):
    """A VPC that somebody else owns: it is used, and nothing of it is changed."""

    vpc_id: VpcId
    """The VPC's id. Its blocks of addresses are looked up."""
    private_subnet_ids: Annotated[SubnetIds, Field(min_length=1)]
    """Subnets for tasks and pods, 1 to 16: in this VPC, without public addresses and a route to an
    internet gateway, and in zones with Fargate (all of it is looked up)."""
    public_subnet_ids: SubnetIds = ()
    """Subnets for an internet-facing load balancer, one in each zone; none by default."""
    isolated_subnet_ids: SubnetIds = ()
    """Subnets without a way out, for exports only; none by default."""
    internet: bool = True
    """Whether private subnets reach the internet, through a NAT gateway, a transit gateway or a
    firewall. If not, endpoints are needed as with `nat: none`."""
    endpoints: Annotated[
        tuple[InterfaceEndpoint | GatewayEndpoint, ...], AfterValidator(each_once)
    ] = ()
    """AWS services that the VPC has endpoints for already (with private DNS, admitting port 443
    from its private subnets); none by default."""
    route_table_ids: Annotated[tuple[RouteTableId, ...], AfterValidator(each_once)] = ()
    """Route tables of the private subnets, which gateway endpoints add their routes to. None by
    default; then no gateway endpoint is created."""

    @model_validator(mode="after")
    def _each_subnet_in_one_tier(self) -> Self:
        tiers = {
            "privateSubnetIds": self.private_subnet_ids,
            "publicSubnetIds": self.public_subnet_ids,
            "isolatedSubnetIds": self.isolated_subnet_ids,
        }
        seen: dict[str, str] = {}
        for tier, subnets in tiers.items():
            for subnet in subnets:
                if subnet in seen:
                    raise ValueError(
                        f"{subnet} is in {seen[subnet]} and in {tier}; name each subnet once"
                    )
                seen[subnet] = tier
        return self
