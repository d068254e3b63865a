"""EC2's network: VPC, subnets, routes, gateways."""

from __future__ import annotations

import ipaddress
import zlib
from typing import Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import (
    ACCOUNT,
    Facts,
    Kind,
    operation,
    short_id,
)


def default_security_group(vpc_id: str) -> str:
    """The id of the default security group that AWS creates with a VPC."""
    return short_id("sg", f"{vpc_id}/default-security-group")


def _arn(facts: Facts, resource: str) -> str:
    return facts.place.arn("ec2", f"{resource}/{facts.id}")


def _vpc(facts: Facts) -> dict[str, Any]:
    return {
        "arn": _arn(facts, "vpc"),
        "defaultNetworkAclId": facts.short_id("acl"),
        "defaultRouteTableId": facts.short_id("rtb"),
        "mainRouteTableId": facts.short_id("rtb"),
        "defaultSecurityGroupId": default_security_group(facts.id),
        "dhcpOptionsId": short_id("dopt", facts.place.region),
        "enableDnsHostnames": False,
        "ownerId": ACCOUNT,
    }


def _subnet(facts: Facts) -> dict[str, Any]:
    zone = facts.text("availabilityZone") or f"{facts.place.region}a"
    return {
        "arn": _arn(facts, "subnet"),
        "availabilityZone": zone,
        "availabilityZoneId": zone_id(zone),
        "privateDnsHostnameTypeOnLaunch": "ip-name",
        "ownerId": ACCOUNT,
    }


def zone_id(zone: str) -> str:
    """A zone's id as AWS writes it: ``us-east-1a`` is ``use1-az1`` in this account."""
    area, direction, rest = (
        zone.rsplit("-", 2)[0].replace("us-gov", "usgov"),
        *zone.rsplit("-", 2)[1:],
    )
    words = {"central": "c", "northeast": "ne", "northwest": "nw", "southeast": "se",
             "southwest": "sw"}  # fmt: skip
    short = words.get(direction, direction[:1])
    return f"{area}{short}{rest[:-1]}-az{ord(rest[-1]) - ord('a') + 1}"


def _route_id(facts: Facts) -> str:
    destination = next((v for k in _DESTINATIONS if (v := facts.text(k))), "")
    return f"r-{facts.text('routeTableId')}{zlib.crc32(destination.encode())}"


_DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")


def _public_address(facts: Facts) -> str:
    base = int(ipaddress.IPv4Address("198.51.100.0"))  # documentation range, RFC 5737
    return str(ipaddress.IPv4Address(base + int(facts.hex("address", 2), 16)))


def _eip(facts: Facts) -> dict[str, Any]:
    address = _public_address(facts)
    return {
        "allocationId": facts.id,
        "arn": _arn(facts, "elastic-ip"),
        "domain": "vpc",
        "networkBorderGroup": facts.place.region,
        "publicDns": f"ec2-{address.replace('.', '-')}.compute-1.amazonaws.com",
        "publicIp": address,
        "publicIpv4Pool": "amazon",
    }


def _nat(facts: Facts) -> dict[str, Any]:
    return {
        "associationId": facts.short_id("eipassoc"),
        "availabilityMode": "zonal",
        "networkInterfaceId": facts.short_id("eni"),
        "privateIp": f"10.0.0.{int(facts.hex('private', 2), 16)}",
        "publicIp": _public_address(facts),
    }


_TAGS = {"tags": "become TagSpecifications; limits.tags checks them"}
KINDS = {
    "aws:ec2/vpc:Vpc": Kind(
        id=lambda f: f.short_id("vpc"),
        outputs=_vpc,
        replaces=("cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"),
        replaces_if=lambda _, new, change: (
            change.path == "instanceTenancy" and new.get("instanceTenancy") == "dedicated"
        ),
        defaults={"enableDnsSupport": True, "instanceTenancy": "default"},
        operations=(
            operation(
                "ec2",
                "CreateVpc",
                renames={"assignGeneratedIpv6CidrBlock": "AmazonProvidedIpv6CidrBlock"},
                skips={
                    **_TAGS,
                    "enableDnsHostnames": "ModifyVpcAttribute: a Boolean",
                    "enableDnsSupport": "ModifyVpcAttribute: a Boolean",
                    "enableNetworkAddressUsageMetrics": "ModifyVpcAttribute: a Boolean",
                },
            ),
        ),
        checks=(limits.network("cidrBlock", 16, 28),),
    ),
    "aws:ec2/subnet:Subnet": Kind(
        id=lambda f: f.short_id("subnet"),
        outputs=_subnet,
        replaces=(
            "availabilityZone", "availabilityZoneId", "cidrBlock", "ipv4IpamPoolId",
            "ipv4NetmaskLength", "ipv6IpamPoolId", "ipv6Native", "ipv6NetmaskLength", "outpostArn",
            "vpcId",
        ),
        replaces_if=lambda old, _, change: (
            change.path == "ipv6CidrBlock" and old.get("assignIpv6AddressOnCreation") is True
        ),
        defaults={
            "assignIpv6AddressOnCreation": False,
            "enableDns64": False,
            "enableResourceNameDnsARecordOnLaunch": False,
            "enableResourceNameDnsAaaaRecordOnLaunch": False,
            "ipv6Native": False,
            "mapPublicIpOnLaunch": False,
        },
        operations=(
            operation(
                "ec2",
                "CreateSubnet",
                skips={
                    **_TAGS,
                    "assignIpv6AddressOnCreation": "ModifySubnetAttribute: a Boolean",
                    "customerOwnedIpv4Pool": "ModifySubnetAttribute",
                    "enableDns64": "ModifySubnetAttribute: a Boolean",
                    "enableLniAtDeviceIndex": "ModifySubnetAttribute",
                    "enableResourceNameDnsARecordOnLaunch": "ModifySubnetAttribute: a Boolean",
                    "enableResourceNameDnsAaaaRecordOnLaunch": "ModifySubnetAttribute: a Boolean",
                    "mapCustomerOwnedIpOnLaunch": "ModifySubnetAttribute: a Boolean",
                    "mapPublicIpOnLaunch": "ModifySubnetAttribute: a Boolean",
                    "privateDnsHostnameTypeOnLaunch": "ModifySubnetAttribute",
                },
            ),
            operation(
                "ec2",
                "ModifySubnetAttribute",
                skips={**_TAGS, "availabilityZone": "CreateSubnet", "cidrBlock": "CreateSubnet"},
            ),
        ),
        checks=(limits.network("cidrBlock", 16, 28),),
    ),
    "aws:ec2/routeTable:RouteTable": Kind(
        id=lambda f: f.short_id("rtb"),
        outputs=lambda f: {"arn": _arn(f, "route-table"), "ownerId": ACCOUNT},
        replaces=("vpcId",),
        operations=(
            operation(
                "ec2",
                "CreateRouteTable",
                skips={
                    **_TAGS,
                    "propagatingVgws": "EnableVgwRoutePropagation",
                    "routes": "CreateRoute, which has no constraints in its model",
                },
            ),
        ),
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Kind(
        id=lambda f: f.short_id("rtbassoc"), replaces=("gatewayId", "subnetId"),
        operations=(operation("ec2", "AssociateRouteTable"),),
        checks=(limits.exactly_one("gatewayId", "subnetId"),),
    ),
    "aws:ec2/route:Route": Kind(
        id=_route_id,
        outputs=lambda _: {"origin": "CreateRoute", "state": "active"},
        replaces=(*_DESTINATIONS, "routeTableId"),
        unique=_route_id,
        taken="RouteAlreadyExists",
        operations=(
            operation(
                "ec2",
                "CreateRoute",
                renames={"egressOnlyGatewayId": "EgressOnlyInternetGatewayId"},
            ),
        ),
        checks=(
            limits.network("destinationCidrBlock"),
            limits.network_v6("destinationIpv6CidrBlock"),
            limits.exactly_one(*_DESTINATIONS),
        ),
    ),
    "aws:ec2/internetGateway:InternetGateway": Kind(
        id=lambda f: f.short_id("igw"),
        outputs=lambda f: {"arn": _arn(f, "internet-gateway"), "ownerId": ACCOUNT},
        operations=(
            operation(
                "ec2", "CreateInternetGateway", skips={**_TAGS, "vpcId": "AttachInternetGateway"}
            ),
        ),
    ),
    "aws:ec2/natGateway:NatGateway": Kind(
        id=lambda f: f"nat-0{f.hex('nat', 16)}",
        outputs=_nat,
        replaces=(
            "allocationId", "availabilityMode", "connectivityType", "privateIp", "subnetId",
            "vpcId",
        ),
        defaults={"connectivityType": "public"},
        operations=(
            operation(
                "ec2", "CreateNatGateway", renames={"privateIp": "PrivateIpAddress"}, skips=_TAGS
            ),
        ),
    ),
    "aws:ec2/eip:Eip": Kind(
        id=lambda f: f.short_id("eipalloc"),
        outputs=_eip,
        replaces=(
            "address", "customerOwnedIpv4Pool", "domain", "ipamPoolId", "networkBorderGroup",
            "publicIpv4Pool",
        ),
        operations=(
            operation(
                "ec2",
                "AllocateAddress",
                skips={
                    **_TAGS,
                    "associateWithPrivateIp": "AssociateAddress",
                    "instance": "AssociateAddress",
                    "networkInterface": "AssociateAddress",
                },
            ),
        ),
    ),
}  # fmt: skip
