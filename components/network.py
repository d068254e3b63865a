"""The network: a VPC with public and private subnets."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx

from components.environment import Environment
from components.iam import allow, document, service_trust
from components.settings import NetworkSettings
from components.subnets import subnet_masks

NAT_STRATEGIES: Final[Mapping[str, awsx.ec2.NatGatewayStrategy]] = {
    "none": awsx.ec2.NatGatewayStrategy.NONE,
    "single": awsx.ec2.NatGatewayStrategy.SINGLE,
    "per-zone": awsx.ec2.NatGatewayStrategy.ONE_PER_AZ,
}

ZONES_WITHOUT_EKS: Final = ("use1-az3", "usw1-az2", "cac1-az3")
"""Zones in which EKS can't place a control plane's interfaces (EKS user guide, "VPC and subnet
requirements"). A subnet there makes the creation of a cluster fail."""


class Network(pulumi.ComponentResource):
    """A VPC with a public and a private subnet in each zone.

    Creates, through awsx: the VPC, subnets, route tables, an internet gateway, NAT gateways with
    their addresses, and a gateway endpoint for S3 (free; image layers come through it). Besides:
    the VPC's default security group, closed, and flow logs with their role and log group.

    Cost (us-east-1): 33 USD a month and 0.045 USD per GB for each NAT gateway, 3.60 USD a month for
    each public address, about 0.50 USD per GB of flow logs.
    """

    environment: Environment
    """Where the network is."""
    vpc_id: pulumi.Output[str]
    public_subnet_ids: pulumi.Output[Sequence[str]]
    private_subnet_ids: pulumi.Output[Sequence[str]]
    routes: pulumi.Output[Sequence[aws.ec2.Route]]
    """What workloads depend on: without its routes a draining service can't finish."""

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
        vpc = self._create_vpc(name, settings)
        self.vpc_id = vpc.vpc_id
        self.public_subnet_ids = vpc.public_subnet_ids
        self.private_subnet_ids = vpc.private_subnet_ids
        self.routes = vpc.routes
        self._close_default_security_group(name)
        if settings.flow_logs.enabled:
            self._record_flows(name, settings.flow_logs.retention_days)
        self.register_outputs(
            {
                "vpcId": self.vpc_id,
                "publicSubnetIds": self.public_subnet_ids,
                "privateSubnetIds": self.private_subnet_ids,
            }
        )

    def _create_vpc(self, name: str, settings: NetworkSettings) -> awsx.ec2.Vpc:
        masks = subnet_masks(settings.cidr, settings.zones)
        return awsx.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=str(settings.cidr),
            availability_zone_names=_usable_zones(settings.zones),
            enable_dns_hostnames=True,
            enable_dns_support=True,
            subnet_strategy=awsx.ec2.SubnetAllocationStrategy.AUTO,
            subnet_specs=[
                awsx.ec2.SubnetSpecArgs(
                    type=awsx.ec2.SubnetType.PUBLIC,
                    cidr_mask=masks.public,
                    tags={"kubernetes.io/role/elb": "1"},
                ),
                awsx.ec2.SubnetSpecArgs(
                    type=awsx.ec2.SubnetType.PRIVATE,
                    cidr_mask=masks.private,
                    tags={"kubernetes.io/role/internal-elb": "1"},
                ),
            ],
            nat_gateways=awsx.ec2.NatGatewayConfigurationArgs(
                strategy=NAT_STRATEGIES[settings.nat]
            ),
            vpc_endpoint_strategy=awsx.ec2.VpcEndpointStrategy.AUTO,
            vpc_endpoint_specs=[
                awsx.ec2.VpcEndpointSpecArgs(
                    service_name=f"com.amazonaws.{self.environment.region}.s3",
                    vpc_endpoint_type="Gateway",
                )
            ],
            opts=pulumi.ResourceOptions(parent=self, transforms=[_without_public_addresses]),
        )

    def _close_default_security_group(self, name: str) -> None:
        """Take all rules from the group that resources without a group would get."""
        aws.ec2.DefaultSecurityGroup(
            f"{name}-default-group",
            vpc_id=self.vpc_id,
            ingress=[],
            egress=[],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _record_flows(self, name: str, retention_days: int) -> None:
        environment = self.environment
        child = pulumi.ResourceOptions(parent=self)
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-flow-logs",
            name=f"/aws/vpc/flow-logs/{environment.regional_name(name)}",
            retention_in_days=retention_days,
            opts=child,
        )
        log_group_arn = environment.arn("logs", pulumi.Output.concat("log-group:", log_group.name))
        role = aws.iam.Role(
            f"{name}-flow-logs-role",
            name=environment.global_name(name, "flow-logs"),
            assume_role_policy=service_trust(
                environment,
                "vpc-flow-logs.amazonaws.com",
                environment.arn("ec2", "vpc-flow-log/*"),
            ),
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-flow-logs-policy",
            role=role.name,
            policy=document(
                [
                    allow(
                        ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                        [log_group_arn, pulumi.Output.concat(log_group_arn, ":*")],
                    ),
                    # No log group can be named for this one; the flow logs service asks for it.
                    allow(["logs:DescribeLogGroups"], ["*"]),
                ]
            ),
            opts=child,
        )
        aws.ec2.FlowLog(
            f"{name}-flow-log",
            vpc_id=self.vpc_id,
            traffic_type="ALL",
            max_aggregation_interval=600,
            log_destination_type="cloud-watch-logs",
            log_destination=log_group_arn,
            iam_role_arn=environment.role_arn(role),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )


def _usable_zones(count: int) -> Sequence[str]:
    """Return the names of the region's first `count` zones in which all of Fargate works.

    Raises:
        pulumi.RunError: the region has fewer.
    """
    zones = aws.get_availability_zones(
        state="available",
        exclude_zone_ids=list(ZONES_WITHOUT_EKS),
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
