"""Settings of the network."""

from ipaddress import IPv4Network
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import Model, RetentionDays
from components.settings.cidrs import Ipv4Block
from components.settings.endpoints import GatewayEndpoints, InterfaceEndpoints
from components.settings.existing_network import ExistingNetworkSettings
from components.settings.image_cache import PullThroughCache

LARGEST_VPC, SMALLEST_VPC = 16, 20

PRIVATE_BLOCKS = tuple(
    IPv4Network(block)
    for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
"""Blocks for networks of one's own: RFC 1918 and RFC 6598."""


def _usable_vpc(block: IPv4Network) -> IPv4Network:
    if not LARGEST_VPC <= block.prefixlen <= SMALLEST_VPC:
        raise ValueError(
            f"the prefix must be from /{LARGEST_VPC} (the largest VPC) to /{SMALLEST_VPC} "
            "(the smallest that holds subnets for six zones)"
        )
    if not any(block.subnet_of(usable) for usable in PRIVATE_BLOCKS):
        raise ValueError(
            "the block must be private (RFC 1918: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, "
            "or RFC 6598: 100.64.0.0/10)"
        )
    return block


OF_A_NEW_VPC: Final = ("cidr", "zones", "nat", "isolated_subnets", "flow_logs")
"""What is decided when a VPC is made, and so isn't given for one that is there already."""


class FlowLogsSettings(Model):
    """VPC flow logs, in CloudWatch Logs or in a bucket of their own."""

    enabled: bool = True
    """Record accepted and rejected connections."""
    destination: Literal["cloudwatch", "s3"] = "cloudwatch"
    """Where records are kept: `cloudwatch` can be searched at once and costs about 0.50 USD per GB
    ingested and 0.03 per GB and month; `s3` (an encrypted bucket of their own) about 0.25 USD per
    GB delivered and 0.023 per GB and month. A bucket has to be emptied before the stack can be
    destroyed."""
    retention_days: RetentionDays = 14
    """Days for which the records are kept, one of CloudWatch's periods for both destinations."""


class NetworkSettings(Model):
    """The VPC: its address block, its zones and its way out; or a VPC that is there already."""

    cidr: Annotated[Ipv4Block, AfterValidator(_usable_vpc)] = IPv4Network("10.0.0.0/16")
    """The VPC's IPv4 block, from /16 to /20. It can't be changed later without a new VPC."""
    zones: Annotated[int, Field(ge=1, le=6)] = 3
    """Number of availability zones, 1 to 6 (2 at least with a load balancer or EKS). The block is
    cut into 1, 2, 4 or 8 equal parts, of which each zone has one: a change from 3 to 4 or 5 to 6
    only adds subnets, any other upwards moves them all, which takes a new VPC."""
    nat: Literal["none", "single", "per-zone"] = "per-zone"
    """NAT gateways for private subnets; each is 0.045 USD an hour and its address 0.005. `none` is
    0 USD a month and leaves private subnets without internet: AWS is reached through endpoints,
    and images must be in ECR already. `single` is 36.50 USD a month and goes down with its zone.
    `per-zone` is 36.50 USD a month for each zone: 109.50 for three. Besides, 0.045 USD per GB
    (us-east-1)."""
    isolated_subnets: bool = False
    """Add a subnet without any way to the internet to each zone, for databases and caches: its id
    is exported. It lies where the VPC's block is free: other subnets don't move. Costs nothing."""
    gateway_endpoints: GatewayEndpoints = ("s3",)
    """Gateway endpoints: s3 (image layers come through it) and dynamodb. They cost nothing and save
    NAT's 0.045 USD per GB."""
    interface_endpoints: InterfaceEndpoints = ()
    """Interface endpoints by preset or as a list of AWS services, such as [ecr.api, ecr.dkr, logs].
    Each is 0.01 USD per zone and hour (7.30 USD a month) and 0.01 per GB. `none` by default; `ecs`
    is ecr.api, ecr.dkr and logs: 21.90 USD a month for each zone; `eks` adds ec2, eks,
    elasticloadbalancing and sts: 51.10 USD; `all` adds events, kinesis-firehose, kms, monitoring,
    secretsmanager, sns, sqs, ssm, ssmmessages and xray: 124.10 USD, and is enough for whatever the
    platform's settings can need. They share a security group that admits port 443 from the VPC. An
    endpoint is in those zones of the VPC that its service is offered in."""
    flow_logs: FlowLogsSettings = FlowLogsSettings()
    """VPC flow logs."""
    pull_through_cache: PullThroughCache = Field(default_factory=dict)
    """Public registries whose images come through a cache in ECR (0.10 USD per GB and month), so
    that neither their limits nor their outages stop a task: public.ecr.aws, quay.io,
    registry.k8s.io, and with credentials docker.io and ghcr.io. None by default. The first pull of
    an image needs a way to the internet; without one images must be in ECR already."""
    existing: ExistingNetworkSettings | None = None
    """A VPC that is there already, used instead of a new one; none by default. Takes the place of
    cidr, zones, nat, isolatedSubnets and flowLogs."""

    @property
    def internet(self) -> bool:
        """Whether private subnets reach the internet."""
        return self.existing.internet if self.existing else self.nat != "none"

    @property
    def has_isolated_subnets(self) -> bool:
        """Whether there is a subnet without a way to the internet."""
        return bool(self.existing.isolated_subnet_ids) if self.existing else self.isolated_subnets

    @property
    def available_endpoints(self) -> frozenset[str]:
        """AWS services that have an endpoint, made here or there already."""
        there = self.existing.endpoints if self.existing else ()
        return frozenset({*self.interface_endpoints, *self.created_gateway_endpoints, *there})

    @property
    def created_gateway_endpoints(self) -> tuple[str, ...]:
        """Gateway endpoints to make: none in an existing VPC without its route tables."""
        if self.existing and not self.existing.route_table_ids:
            return ()
        return self.gateway_endpoints

    @model_validator(mode="after")
    def _a_new_vpc_or_an_existing_one(self) -> Self:
        given = [
            str(type(self).model_fields[name].alias)
            for name in OF_A_NEW_VPC
            if name in self.model_fields_set
        ]
        if self.existing and given:
            raise ValueError(
                f"existing names a VPC that is there already, and {', '.join(given)} "
                f"{'is' if len(given) == 1 else 'are'} for a new one; remove either"
            )
        return self

    @model_validator(mode="after")
    def _gateway_endpoints_need_route_tables(self) -> Self:
        wanted = "gateway_endpoints" in self.model_fields_set and self.gateway_endpoints
        if self.existing and wanted and not self.existing.route_table_ids:
            raise ValueError(
                "gatewayEndpoints in an existing VPC need the route tables that they add their "
                "routes to: set existing.routeTableIds, or remove gatewayEndpoints"
            )
        return self

    @model_validator(mode="after")
    def _endpoints_are_made_once(self) -> Self:
        there = self.existing.endpoints if self.existing else ()
        made = {*self.interface_endpoints, *self.created_gateway_endpoints}
        twice = sorted(made.intersection(there))
        if twice:
            raise ValueError(
                f"existing.endpoints says that the VPC has {', '.join(twice)} already; remove "
                "them there, or from the endpoints to be made"
            )
        return self

    @model_validator(mode="after")
    def _the_cache_needs_the_internet(self) -> Self:
        if self.pull_through_cache and not self.internet:
            setting = "existing.internet is false" if self.existing else "nat is none"
            raise ValueError(
                f"pullThroughCache needs a way to the internet for the first pull of an image, and "
                f"{setting}: copy images to ECR beforehand and remove pullThroughCache, or give "
                "private subnets a way out"
            )
        return self
