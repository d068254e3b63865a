"""A new VPC, and what a network uses of any VPC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx

from components.environment import Environment
from components.network.subnets import subnet_masks
from components.settings import NetworkSettings

NAT_STRATEGIES: Final[Mapping[str, awsx.ec2.NatGatewayStrategy]] = {
    "none": awsx.ec2.NatGatewayStrategy.NONE,
    "single": awsx.ec2.NatGatewayStrategy.SINGLE,
    "per-zone": awsx.ec2.NatGatewayStrategy.ONE_PER_AZ,
}

UNUSABLE_ZONES: Final = ("apne1-az3", "cac1-az3", "cnn1-az4", "use1-az3", "usw1-az2")
"""Ids of zones without Fargate, or in which EKS can't place a control plane's interfaces (Amazon
ECS developer guide, "Supported Regions for Amazon ECS on AWS Fargate"; Amazon EKS user guide, "VPC
and subnet requirements"). A task with a subnet there doesn't start, a cluster isn't created."""


@dataclass(frozen=True)
class Vpc:
    """What a network uses of a VPC, whoever made it.

    Attributes:
        id: its id.
        blocks: its blocks of addresses.
        public_subnet_ids: subnets with a route to the internet.
        private_subnet_ids: subnets for tasks and pods.
        isolated_subnet_ids: subnets without any way out.
        endpoint_subnet_ids: one private subnet in each zone.
        zones: names of the zones that these are in, in the same order, known in the first preview.
        routes: what leads out of it, gateway endpoints too.
    """

    id: pulumi.Output[str]
    blocks: Sequence[str]
    public_subnet_ids: pulumi.Output[Sequence[str]]
    private_subnet_ids: pulumi.Output[Sequence[str]]
    isolated_subnet_ids: pulumi.Output[Sequence[str]]
    endpoint_subnet_ids: pulumi.Output[Sequence[str]]
    zones: Sequence[str]
    routes: pulumi.Output[Sequence[pulumi.Resource]]


def create_vpc(
    name: str, settings: NetworkSettings, *, environment: Environment, parent: pulumi.Resource
) -> Vpc:
    """Create a VPC and close its default security group.

    Args:
        name: prefix of the resources' names.
        settings: the network's.
        environment: where it is.
        parent: the component that it belongs to.

    Raises:
        pulumi.RunError: the region has fewer zones than asked for.
    """
    zones = _usable_zones(settings.zones)
    made = awsx.ec2.Vpc(
        f"{name}-vpc",
        cidr_block=str(settings.cidr),
        availability_zone_names=zones,
        enable_dns_hostnames=True,
        enable_dns_support=True,
        subnet_strategy=awsx.ec2.SubnetAllocationStrategy.AUTO,
        subnet_specs=_subnets(settings),
        nat_gateways=awsx.ec2.NatGatewayConfigurationArgs(strategy=NAT_STRATEGIES[settings.nat]),
        vpc_endpoint_strategy=awsx.ec2.VpcEndpointStrategy.AUTO,
        vpc_endpoint_specs=[
            awsx.ec2.VpcEndpointSpecArgs(
                service_name=f"com.amazonaws.{environment.region}.{service}",
                vpc_endpoint_type="Gateway",
            )
            for service in settings.gateway_endpoints
        ],
        opts=pulumi.ResourceOptions(parent=parent, transforms=[_without_public_addresses]),
    )
    # Take all rules from the group that resources without a group would get.
    aws.ec2.DefaultSecurityGroup(
        f"{name}-default-group",
        vpc_id=made.vpc_id,
        ingress=[],
        egress=[],
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return Vpc(
        id=made.vpc_id,
        blocks=[str(settings.cidr)],
        public_subnet_ids=made.public_subnet_ids,
        private_subnet_ids=made.private_subnet_ids,
        isolated_subnet_ids=made.isolated_subnet_ids,
        endpoint_subnet_ids=made.private_subnet_ids,
        zones=zones,
        # Without NAT a task's image comes by S3's gateway endpoint, which isn't a route of awsx's.
        routes=pulumi.Output.all(made.routes, made.vpc_endpoints).apply(
            lambda found: [*found[0], *(found[1] or ())]
        ),
    )


def _subnets(settings: NetworkSettings) -> list[awsx.ec2.SubnetSpecArgs]:
    """Return the subnets of one zone, in the order in which they lie in its block."""
    masks = subnet_masks(settings.cidr, settings.zones)
    public = awsx.ec2.SubnetSpecArgs(
        type=awsx.ec2.SubnetType.PUBLIC,
        cidr_mask=masks.public,
        tags={"kubernetes.io/role/elb": "1"},
    )
    isolated = awsx.ec2.SubnetSpecArgs(type=awsx.ec2.SubnetType.ISOLATED, cidr_mask=masks.isolated)
    private = awsx.ec2.SubnetSpecArgs(
        type=awsx.ec2.SubnetType.PRIVATE,
        cidr_mask=masks.private,
        tags={"kubernetes.io/role/internal-elb": "1"},
    )
    return [public, isolated, private] if settings.isolated_subnets else [public, private]


def _usable_zones(count: int) -> Sequence[str]:
    """Return the names of the region's first `count` zones in which all of Fargate works.

    Zones count whatever their state: in a zone's outage no subnet may move to another.

    Raises:
        pulumi.RunError: the region has fewer.
    """
    zones = aws.get_availability_zones(
        exclude_zone_ids=list(UNUSABLE_ZONES),
        filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
    ).names
    if len(zones) < count:
        raise pulumi.RunError(
            f"network.zones: given {count}, but the region has {len(zones)} availability zones "
            f"that ECS and EKS can use ({', '.join(zones)})"
        )
    return sorted(zones)[:count]


def _without_public_addresses(
    args: pulumi.ResourceTransformArgs,
) -> pulumi.ResourceTransformResult | None:
    """Keep public subnets from giving out public addresses; awsx has no argument for it."""
    if args.type_ != "aws:ec2/subnet:Subnet":
        return None
    return pulumi.ResourceTransformResult(
        props={**args.props, "mapPublicIpOnLaunch": False}, opts=args.opts
    )
