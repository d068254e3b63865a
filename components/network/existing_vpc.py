"""A VPC that is there already: looked up, checked and left as it is."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.network.vpc import UNUSABLE_ZONES, Vpc
from components.settings import ExistingNetworkSettings


def use_vpc(settings: ExistingNetworkSettings) -> Vpc:
    """Look up the VPC and the subnets that the settings name.

    Args:
        settings: their ids.

    Raises:
        pulumi.RunError: there is no such VPC, it can't resolve the names of its endpoints, a subnet
            or route table isn't in it, a private subnet gives out public addresses, is a
            public one or in a zone without Fargate, or two public ones are in one zone.
    """
    vpc = _find(settings.vpc_id)
    if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
        raise pulumi.RunError(
            f"network.existing.vpcId: {settings.vpc_id} has DNS support or DNS hostnames switched "
            "off, and without them neither endpoints nor service discovery work; switch both on"
        )
    _check_members(settings)
    private = [aws.ec2.get_subnet(id=subnet) for subnet in settings.private_subnet_ids]
    _hold_tasks(private)
    _one_in_each_zone([aws.ec2.get_subnet(id=subnet) for subnet in settings.public_subnet_ids])
    by_zone = {subnet.availability_zone: subnet.id for subnet in reversed(private)}
    blocks = [
        found.cidr_block for found in vpc.cidr_block_associations if found.state == "associated"
    ]
    return Vpc(
        id=pulumi.Output.from_input(settings.vpc_id),
        blocks=sorted(blocks),
        public_subnet_ids=_known(settings.public_subnet_ids),
        private_subnet_ids=_known(settings.private_subnet_ids),
        isolated_subnet_ids=_known(settings.isolated_subnet_ids),
        endpoint_subnet_ids=_known([by_zone[zone] for zone in sorted(by_zone)]),
        zones=sorted(by_zone),
        routes=pulumi.Output.from_input([]),
    )


def _find(vpc_id: str) -> aws.ec2.AwaitableGetVpcResult:
    """Look a VPC up. Whether it exists is asked first: a lookup of one that doesn't is a crash."""
    if not aws.ec2.get_vpcs(filters=[{"name": "vpc-id", "values": [vpc_id]}]).ids:
        raise pulumi.RunError(
            f"network.existing.vpcId: there is no {vpc_id} in this region and account; is "
            "aws:region its region, and are the credentials of its account?"
        )
    return aws.ec2.get_vpc(id=vpc_id)


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
    _check_route_tables(settings)


def _check_route_tables(settings: ExistingNetworkSettings) -> None:
    if not settings.route_table_ids:
        return
    members = aws.ec2.get_route_tables(
        filters=[
            {"name": "vpc-id", "values": [settings.vpc_id]},
            {"name": "route-table-id", "values": list(settings.route_table_ids)},
        ]
    ).ids
    for position, table in enumerate(settings.route_table_ids):
        if table not in members:
            raise pulumi.RunError(
                f"network.existing.routeTableIds[{position}]: {table} is no route table of "
                f"{settings.vpc_id} in this region and account"
            )


def _hold_tasks(private: Sequence[aws.ec2.AwaitableGetSubnetResult]) -> None:
    for position, subnet in enumerate(private):
        where = f"network.existing.privateSubnetIds[{position}]"
        if subnet.map_public_ip_on_launch:
            raise pulumi.RunError(
                f"{where}: {subnet.id} gives out public addresses; name a private subnet, or "
                "switch that off"
            )
        if subnet.availability_zone_id in UNUSABLE_ZONES:
            raise pulumi.RunError(
                f"{where}: {subnet.id} is in {subnet.availability_zone} "
                f"({subnet.availability_zone_id}), a zone that Fargate or EKS doesn't work in; "
                "name a subnet in another"
            )
        if _leads_to_an_internet_gateway(subnet.id):
            raise pulumi.RunError(
                f"{where}: {subnet.id} is a public subnet, its route table leads to an internet "
                "gateway, which tasks without a public address get nothing through; name a "
                "subnet behind a NAT gateway, or one without internet"
            )


def _leads_to_an_internet_gateway(subnet_id: str) -> bool:
    """Say whether a subnet's own route table has a route to one; the VPC's main one isn't seen."""
    return bool(
        aws.ec2.get_route_tables(
            filters=[
                {"name": "association.subnet-id", "values": [subnet_id]},
                {"name": "route.gateway-id", "values": ["igw-*"]},
            ]
        ).ids
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
