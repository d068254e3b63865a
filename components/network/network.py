"""The network: a VPC with public, private and isolated subnets, and the ways out of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.images.images import Images
from components.images.pull_through_cache import create_cache
from components.network.endpoints import (
    InterfaceEndpoints,
    create_gateway_endpoints,
    create_interface_endpoints,
)
from components.network.existing_vpc import use_vpc
from components.network.flow_logs import record_flows
from components.network.vpc import Vpc, create_vpc
from components.settings import NetworkSettings

GATEWAY_SERVICES = ("dynamodb", "s3")


@dataclass(frozen=True)
class WayOut:
    """Where HTTPS leads to: a block of addresses, a prefix list or a security group.

    Attributes:
        name: what the rules for it are named after.
        description: what it is for.
    """

    name: str
    description: str
    block: str | None = None
    prefix_list: str | None = None
    group: pulumi.Output[str] | None = None


class Network(pulumi.ComponentResource):
    """A VPC with a public and a private subnet in each zone, or one that is there already.

    For a new VPC creates, through awsx: the VPC, subnets (isolated ones too, where asked for),
    route tables, an internet gateway, NAT gateways with their addresses, and gateway endpoints
    (free; image layers come through S3's). Besides: the VPC's default security group, closed, and
    flow logs with their role and log group, or their bucket. For an existing VPC creates none of
    these and changes nothing. For both: interface endpoints with their security group, and the
    rules of a pull-through cache for public images.

    Cost (us-east-1): 33 USD a month and 0.045 USD per GB for each NAT gateway, 3.60 USD a month for
    each public address, 7.30 USD a month for each interface endpoint and zone, about 0.50 USD per
    GB of flow logs.
    """

    environment: Environment
    """Where the network is."""
    vpc_id: pulumi.Output[str]
    public_subnet_ids: pulumi.Output[Sequence[str]]
    private_subnet_ids: pulumi.Output[Sequence[str]]
    isolated_subnet_ids: pulumi.Output[Sequence[str]]
    """Subnets without a way to the internet; empty unless they are asked for."""
    has_isolated_subnets: bool
    endpoint_subnet_ids: pulumi.Output[Sequence[str]]
    """One private subnet in each zone, for what a zone takes one of, such as a mount target."""
    zones: int
    """How many zones have a private subnet, known in the first preview."""
    ways_within: Sequence[WayOut]
    """To endpoints in the VPC that somebody else makes, and whose groups therefore aren't known."""
    ways_out: Sequence[WayOut]
    """Where HTTPS of tasks and pods leads to: everywhere, or without NAT to the endpoints."""
    internet: bool
    """Whether private subnets reach the internet; without, images come from ECR here."""
    images: Images
    """Where images come from: public ones through the cache, where it has their registry."""
    routes: pulumi.Output[Sequence[pulumi.Resource]]
    """What workloads depend on: without its routes or endpoints a task can't start, nor a draining
    service finish."""

    def __init__(
        self,
        name: str,
        settings: NetworkSettings,
        *,
        environment: Environment,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:network:Network", name, None, opts)
        self.environment = environment
        self.internet = settings.internet
        vpc = self._find_or_create_vpc(name, settings)
        self.vpc_id = vpc.id
        self.public_subnet_ids = vpc.public_subnet_ids
        self.private_subnet_ids = vpc.private_subnet_ids
        self.isolated_subnet_ids = vpc.isolated_subnet_ids
        self.has_isolated_subnets = settings.has_isolated_subnets
        self.endpoint_subnet_ids, self.zones = vpc.endpoint_subnet_ids, len(vpc.zones)
        if settings.existing is None and settings.flow_logs.enabled:
            record_flows(
                name,
                settings.flow_logs,
                vpc_id=vpc.id,
                environment=environment,
                parent=self,
            )
        interface = create_interface_endpoints(
            name, settings.interface_endpoints, vpc=vpc, environment=environment, parent=self
        )
        gateway = self._add_gateway_endpoints(name, settings, vpc)
        self.ways_within = [
            WayOut(f"vpc-{block.replace('/', '-')}", "AWS APIs by endpoints of the VPC", block)
            for block in vpc.blocks
        ]
        self.ways_out = self._find_ways_out(settings, interface)
        self.images = self._cache_images(name, settings)
        ready = [*(interface.ready if interface else ()), *gateway]
        self.routes = vpc.routes.apply(lambda routes: [*routes, *ready])
        self.register_outputs(
            {
                "vpcId": self.vpc_id,
                "publicSubnetIds": self.public_subnet_ids,
                "privateSubnetIds": self.private_subnet_ids,
            }
        )

    def _find_or_create_vpc(self, name: str, settings: NetworkSettings) -> Vpc:
        if settings.existing:
            return use_vpc(settings.existing)
        return create_vpc(name, settings, environment=self.environment, parent=self)

    def _add_gateway_endpoints(
        self, name: str, settings: NetworkSettings, vpc: Vpc
    ) -> Sequence[pulumi.Resource]:
        """Create an existing VPC's gateway endpoints; a new one is made with its own."""
        if settings.existing is None:
            return ()
        return create_gateway_endpoints(
            name,
            settings.created_gateway_endpoints,
            vpc=vpc,
            route_table_ids=settings.existing.route_table_ids,
            environment=self.environment,
            parent=self,
        )

    def _find_ways_out(
        self, settings: NetworkSettings, interface: InterfaceEndpoints | None
    ) -> Sequence[WayOut]:
        if settings.internet:
            # Registries and AWS's APIs have no fixed addresses.
            return [WayOut("https", "Image pulls, logs and AWS APIs", block="0.0.0.0/0")]
        ways: list[WayOut] = []
        if interface:
            ways.append(WayOut("endpoints", "AWS APIs by endpoints", group=interface.group_id))
        if settings.existing and set(settings.existing.endpoints) - {*GATEWAY_SERVICES}:
            ways += self.ways_within
        for service in GATEWAY_SERVICES:
            if service in settings.available_endpoints:
                prefix_list = aws.ec2.get_managed_prefix_list(
                    name=f"com.amazonaws.{self.environment.region}.{service}"
                )
                ways.append(
                    WayOut(
                        service,
                        f"{service} by its gateway endpoint",
                        prefix_list=prefix_list.id,
                    )
                )
        return ways

    def _cache_images(self, name: str, settings: NetworkSettings) -> Images:
        return Images(
            self.environment,
            create_cache(
                name, settings.pull_through_cache, environment=self.environment, parent=self
            ),
            settings.internet,
        )
