"""Endpoints: ways from a VPC to AWS's services that don't cross the internet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.network.vpc import Vpc

OF_CHINA: Final = frozenset(
    {
        "athena", "autoscaling", "batch", "cloudformation", "ec2", "ecr.api", "ecr.dkr", "eks",
        "elasticfilesystem", "execute-api", "kinesis-streams", "lambda", "monitoring", "sqs",
        "states", "sts", "xray",
    }
)  # fmt: skip
"""Services whose endpoint services are named cn.com.amazonaws.REGION.… in China's regions (AWS CDK,
`InterfaceVpcEndpointAwsService`, from DescribeVpcEndpointServices there)."""


@dataclass(frozen=True)
class InterfaceEndpoints:
    """Interface endpoints that were made.

    Attributes:
        group_id: id of the security group that all of them have.
        ready: the endpoints and the rule that admits to them.
    """

    group_id: pulumi.Output[str]
    ready: Sequence[pulumi.Resource]


def create_interface_endpoints(
    name: str,
    services: Sequence[str],
    *,
    vpc: Vpc,
    environment: Environment,
    parent: pulumi.Resource,
) -> InterfaceEndpoints | None:
    """Create an interface endpoint for each service, in each zone that offers it, behind one group.

    Private DNS gives the services' usual names the endpoints' addresses. Cost (us-east-1): 0.01 USD
    per hour for each endpoint and zone, 0.01 USD per GB.

    Args:
        name: prefix of the resources' names.
        services: what follows com.amazonaws.REGION. in the endpoint services' names.
        vpc: where they are.
        environment: the region.
        parent: the component that they belong to.

    Returns:
        The endpoints; None without services.

    Raises:
        pulumi.RunError: the region, or each of the VPC's zones, doesn't offer a service's endpoint.
    """
    if not services:
        return None
    child = pulumi.ResourceOptions(parent=parent)
    group = aws.ec2.SecurityGroup(
        f"{name}-endpoints",
        description="Interface endpoints: HTTPS from the VPC",
        vpc_id=vpc.id,
        opts=child,
    )
    rules = [
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-endpoints-from-{block.replace('/', '-')}",
            security_group_id=group.id,
            description="HTTPS from the VPC",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            cidr_ipv4=block,
            opts=child,
        )
        for block in vpc.blocks
    ]
    endpoints = [
        aws.ec2.VpcEndpoint(
            f"{name}-endpoint-{service.replace('.', '-')}",
            vpc_id=vpc.id,
            service_name=_service_name(service, environment),
            vpc_endpoint_type="Interface",
            subnet_ids=_subnets_that_offer(service, vpc, environment),
            security_group_ids=[group.id],
            private_dns_enabled=True,
            tags={"Name": environment.regional_name(service)},
            opts=child,
        )
        for service in sorted(services)
    ]
    return InterfaceEndpoints(group.id, [*rules, *endpoints])


def _service_name(service: str, environment: Environment) -> str:
    china = environment.partition == "aws-cn" and service in OF_CHINA
    return f"{'cn.' if china else ''}com.amazonaws.{environment.region}.{service}"


def _subnets_that_offer(
    service: str, vpc: Vpc, environment: Environment
) -> pulumi.Output[list[str]]:
    """Return a subnet in each zone where the endpoint can be: AWS refuses one in any other zone.

    From the VPC's other zones it is reached all the same.
    """
    name = _service_name(service, environment)
    try:
        offered = aws.ec2.get_vpc_endpoint_service(service_name=name).availability_zones
    except Exception as error:
        # Lookups raise nothing more particular.
        raise pulumi.RunError(
            f"network.interfaceEndpoints: {service}: looking {name} up failed; does "
            f"{environment.region} offer it? ({error})"
        ) from error
    usable = [position for position, zone in enumerate(vpc.zones) if zone in offered]
    if not usable:
        raise pulumi.RunError(
            f"network.interfaceEndpoints: {service}: {name} is offered in {', '.join(offered)}, "
            f"and private subnets are in {', '.join(vpc.zones)}; remove {service}, or have a "
            "private subnet in one of its zones"
        )
    return vpc.endpoint_subnet_ids.apply(lambda ids: [ids[position] for position in usable])


def create_gateway_endpoints(
    name: str,
    services: Sequence[str],
    *,
    vpc: Vpc,
    route_table_ids: Sequence[str],
    environment: Environment,
    parent: pulumi.Resource,
) -> Sequence[pulumi.Resource]:
    """Create gateway endpoints in a VPC that is there already; they cost nothing.

    Args:
        name: prefix of the resources' names.
        services: s3, dynamodb.
        vpc: where they are.
        route_table_ids: route tables that they add their routes to.
        environment: the region.
        parent: the component that they belong to.
    """
    return [
        aws.ec2.VpcEndpoint(
            f"{name}-endpoint-{service}",
            vpc_id=vpc.id,
            service_name=f"com.amazonaws.{environment.region}.{service}",
            vpc_endpoint_type="Gateway",
            route_table_ids=list(route_table_ids),
            tags={"Name": environment.regional_name(service)},
            opts=pulumi.ResourceOptions(parent=parent),
        )
        for service in sorted(services)
    ]
