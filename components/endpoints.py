"""Endpoints: ways from a VPC to AWS's services that don't cross the internet."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.vpc import Vpc


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
    """Create an interface endpoint for each service, in each zone, behind one security group.

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
            service_name=f"com.amazonaws.{environment.region}.{service}",
            vpc_endpoint_type="Interface",
            subnet_ids=vpc.endpoint_subnet_ids,
            security_group_ids=[group.id],
            private_dns_enabled=True,
            tags={"Name": environment.regional_name(service)},
            opts=child,
        )
        for service in sorted(services)
    ]
    return InterfaceEndpoints(group.id, [*rules, *endpoints])


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
