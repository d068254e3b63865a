"""Network reach: who may connect to whom. Everything that isn't declared is closed."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.network.network import Network, WayOut


def security_group(
    name: str, description: str, *, network: Network, parent: pulumi.Resource
) -> aws.ec2.SecurityGroup:
    """Create a security group without rules; nothing gets in and nothing out."""
    return aws.ec2.SecurityGroup(
        name,
        description=description,
        vpc_id=network.vpc_id,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def connect(
    name: str,
    description: str,
    *,
    source: pulumi.Input[str],
    target: pulumi.Input[str],
    port: int,
    protocol: str = "tcp",
    parent: pulumi.Resource,
) -> list[pulumi.Resource]:
    """Open one port from one security group to another: out of the one and into the other.

    Args:
        name: prefix of the two rules' names.
        description: what the connection is for.
        source: id of the group that connects.
        target: id of the group that is connected to.
        port: the port on the target's side.
        protocol: tcp or udp.
        parent: the component that needs the connection.

    Returns:
        The two rules, for what needs the connection from its start to depend on.
    """
    egress = aws.vpc.SecurityGroupEgressRule(
        f"{name}-egress",
        security_group_id=source,
        description=description,
        ip_protocol=protocol,
        from_port=port,
        to_port=port,
        referenced_security_group_id=target,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    ingress = aws.vpc.SecurityGroupIngressRule(
        f"{name}-ingress",
        security_group_id=target,
        description=description,
        ip_protocol=protocol,
        from_port=port,
        to_port=port,
        referenced_security_group_id=source,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return [egress, ingress]


def allow_https_out(
    name: str, *, ways: Sequence[WayOut], group: pulumi.Input[str], parent: pulumi.Resource
) -> list[pulumi.Resource]:
    """Let a group reach HTTPS as far as it leads: everywhere, or the endpoints alone.

    Args:
        name: prefix of the rules' names.
        ways: where it leads to, those of the network or of the cluster.
        group: id of the group.
        parent: the component that needs it.

    Returns:
        The rules, for what needs them from its start to depend on.
    """
    return [
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-{way.name}-egress",
            security_group_id=group,
            description=way.description,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            cidr_ipv4=way.block,
            prefix_list_id=way.prefix_list,
            referenced_security_group_id=way.group,
            opts=pulumi.ResourceOptions(parent=parent),
        )
        for way in ways
    ]
