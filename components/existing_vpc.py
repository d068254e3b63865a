"""A VPC that is there already: looked up, checked and left as it is."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.settings import ExistingNetworkSettings
from components.vpc import Vpc


def use_vpc(settings: ExistingNetworkSettings) -> Vpc:
    """Look up the VPC and the subnets that the settings name.

    Args:
        settings: their ids.

    Raises:
        pulumi.RunError: a subnet isn't in the VPC, a private one gives out public addresses, two
            public ones are in one zone, or the VPC can't resolve the names of its endpoints.
    """
    vpc = aws.ec2.get_vpc(id=settings.vpc_id)
    if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
        raise pulumi.RunError(
            f"network.existing.vpcId: {settings.vpc_id} has DNS support or DNS hostnames switched "
            "off, and without them neither endpoints nor service discovery work; switch both on"
        )
    _check_members(settings)
    private = [aws.ec2.get_subnet(id=subnet) for subnet in settings.private_subnet_ids]
    for position, subnet in enumerate(private):
        if subnet.map_public_ip_on_launch:
            raise pulumi.RunError(
                f"network.existing.privateSubnetIds[{position}]: {subnet.id} gives out public "
                "addresses; name a private subnet, or switch that off"
            )
    _one_in_each_zone([aws.ec2.get_subnet(id=subnet) for subnet in settings.public_subnet_ids])
    by_zone = {subnet.availability_zone: subnet.id for subnet in reversed(private)}
    blocks = [found.cidr_block for found in vpc.cidr_block_associations]
    return Vpc(
        id=pulumi.Output.from_input(settings.vpc_id),
        blocks=sorted(blocks) or [vpc.cidr_block],
        public_subnet_ids=_known(settings.public_subnet_ids),
        private_subnet_ids=_known(settings.private_subnet_ids),
        isolated_subnet_ids=_known(settings.isolated_subnet_ids),
        endpoint_subnet_ids=_known([by_zone[zone] for zone in sorted(by_zone)]),
        zones=len(by_zone),
        routes=pulumi.Output.from_input([]),
    )


def _check_members(settings: ExistingNetworkSettings) -> None:
    tiers = {
        "privateSubnetIds": settings.private_subnet_ids,
        "publicSubnetIds": settings.public_subnet_ids,
        "isolatedSubnetIds": settings.isolated_subnet_ids,
    }
    named = [subnet for subnets in tiers.values() for subnet in subnets]
    members = aws.ec2.get_subnets(
        filters=[
            {"name": "vpc-id", "values": [settings.vpc_id]},
            {"name": "subnet-id", "values": named},
        ]
    ).ids
    for tier, subnets in tiers.items():
        for position, subnet in enumerate(subnets):
            if subnet not in members:
                raise pulumi.RunError(
                    f"network.existing.{tier}[{position}]: {subnet} is no subnet of "
                    f"{settings.vpc_id} in this region and account"
                )


def _one_in_each_zone(public: Sequence[aws.ec2.AwaitableGetSubnetResult]) -> None:
    """A load balancer takes one subnet of a zone."""
    zones: dict[str, str] = {}
    for position, subnet in enumerate(public):
        other = zones.setdefault(subnet.availability_zone, subnet.id)
        if other != subnet.id:
            raise pulumi.RunError(
                f"network.existing.publicSubnetIds[{position}]: {subnet.id} is in "
                f"{subnet.availability_zone} as {other} is; a load balancer takes one of each zone"
            )


def _known(ids: Sequence[str]) -> pulumi.Output[Sequence[str]]:
    return pulumi.Output.from_input(list(ids))
