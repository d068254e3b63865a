"""The lookups of networks that the stand-in answers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sandbox.standins.aws.kinds import ACCOUNT, Place, digest, short_id
from sandbox.standins.aws.services.ec2 import zone_id
from sandbox.standins.aws.services.endpoints import prefix_list_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sandbox.standins.wire import Properties

_FOREIGN_BLOCK = "10.0.0.0/16"
# Zones by region where there are not three (AWS Global Infrastructure, November 2026).
_ZONES = {
    "us-east-1": "abcdef",
    "us-west-1": "ab",
    "us-west-2": "abcd",
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
    "ca-central-1": "abd",
}


def zones(region: str) -> list[str]:
    """The names of a region's availability zones."""
    return [f"{region}{letter}" for letter in _ZONES.get(region, "abc")]


def _availability_zones(_: Properties, place: Place) -> dict[str, Any]:
    names = zones(place.region)
    return {
        "groupNames": [place.region],
        "id": place.region,
        "names": names,
        "region": place.region,
        "zoneIds": [zone_id(name) for name in names],
    }


def _prefix_list(args: Properties, place: Place) -> dict[str, Any]:
    name = str(args.get("name") or args.get("id") or "")
    id_ = str(args.get("id") or prefix_list_id(name))
    return {
        "addressFamily": "IPv4",
        "arn": f"arn:{place.partition}:ec2:{place.region}:aws:prefix-list/{id_}",
        "entries": [{"cidr": "52.216.0.0/15", "description": ""}],
        "id": id_,
        "maxEntries": 55,
        "name": name,
        "ownerId": "AWS",
        "region": place.region,
        "tags": {},
        "version": 1,
    }


def _endpoint_service(args: Properties, place: Place) -> dict[str, Any]:
    """A service of AWS's that can have an interface endpoint in each zone of the region."""
    name = str(args.get("serviceName") or "")
    host = f"{name.rpartition(f'.{place.region}.')[2]}.{place.region}.{place.dns_suffix}"
    return {
        "acceptanceRequired": False,
        "arn": place.arn("ec2", f"vpc-endpoint-service/{short_id('vpce-svc', name)}"),
        "availabilityZones": zones(place.region),
        "baseEndpointDnsNames": [f"{place.region}.vpce.{place.dns_suffix}"],
        "id": short_id("vpce-svc", name),
        "managesVpcEndpoints": False,
        "owner": "amazon",
        "privateDnsName": host,
        "privateDnsNames": [host],
        "region": place.region,
        "serviceId": short_id("vpce-svc", name),
        "serviceName": name,
        "serviceRegion": place.region,
        "serviceType": "Interface",
        "supportedIpAddressTypes": ["ipv4"],
        "tags": {},
        "vpcEndpointPolicySupported": True,
    }


def _vpc(args: Properties, place: Place) -> dict[str, Any]:
    """A VPC of somebody else, with the settings that AWS recommends for endpoints."""
    id_ = str(args.get("id") or short_id("vpc", place.region))
    association = {
        "associationId": short_id("vpc-cidr-assoc", id_),
        "cidrBlock": _FOREIGN_BLOCK,
        "state": "associated",
    }
    return {
        "arn": place.arn("ec2", f"vpc/{id_}"),
        "cidrBlock": _FOREIGN_BLOCK,
        "cidrBlockAssociations": [association],
        "default": False,
        "dhcpOptionsId": short_id("dopt", place.region),
        "enableDnsHostnames": True,
        "enableDnsSupport": True,
        "enableNetworkAddressUsageMetrics": False,
        "id": id_,
        "instanceTenancy": "default",
        "ipv6AssociationId": "",
        "ipv6CidrBlock": "",
        "mainRouteTableId": short_id("rtb", id_),
        "ownerId": ACCOUNT,
        "region": place.region,
        "state": "available",
        "tags": {},
    }


def _subnet(args: Properties, place: Place) -> dict[str, Any]:
    """A subnet of somebody else; the last digit of its id says in which zone it is."""
    id_ = str(args.get("id") or short_id("subnet", place.region))
    number = int(digest(id_, 2), 16)
    names = zones(place.region)
    last = id_[-1:]
    position = int(last, 16) if last in "0123456789abcdef" else number
    zone = names[position % len(names)]
    return {
        "arn": place.arn("ec2", f"subnet/{id_}"),
        "assignIpv6AddressOnCreation": False,
        "availabilityZone": zone,
        "availabilityZoneId": zone_id(zone),
        "availableIpAddressCount": 251,
        "cidrBlock": f"10.0.{number}.0/24",
        "customerOwnedIpv4Pool": "",
        "defaultForAz": False,
        "enableDns64": False,
        "enableLniAtDeviceIndex": 0,
        "enableResourceNameDnsARecordOnLaunch": False,
        "enableResourceNameDnsAaaaRecordOnLaunch": False,
        "id": id_,
        "ipv6CidrBlock": "",
        "ipv6CidrBlockAssociationId": "",
        "ipv6Native": False,
        "mapCustomerOwnedIpOnLaunch": False,
        "mapPublicIpOnLaunch": False,
        "outpostArn": "",
        "ownerId": ACCOUNT,
        "privateDnsHostnameTypeOnLaunch": "ip-name",
        "region": place.region,
        "state": "available",
        "tags": {},
        "vpcId": str(args.get("vpcId") or short_id("vpc", place.region)),
    }


def _listed(args: Properties, place: Place, *, kind: str) -> dict[str, Any]:
    """All that are asked for by their ids: whose they are can't be known here."""
    filters = {str(each.get("name")): each for each in args.get("filters") or []}
    ids = (filters.get(f"{kind}-id") or {}).get("values") or []
    return {
        "filters": args.get("filters") or [],
        "id": place.region,
        "ids": sorted(map(str, ids)),
        "region": place.region,
        "tags": {},
    }


ANSWERED: Final[Mapping[str, Callable[[Properties, Place], dict[str, Any]]]] = {
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": _prefix_list,
    "aws:ec2/getRouteTables:getRouteTables": partial(_listed, kind="route-table"),
    "aws:ec2/getSubnet:getSubnet": _subnet,
    "aws:ec2/getSubnets:getSubnets": partial(_listed, kind="subnet"),
    "aws:ec2/getVpc:getVpc": _vpc,
    "aws:ec2/getVpcEndpointService:getVpcEndpointService": _endpoint_service,
    "aws:ec2/getVpcs:getVpcs": partial(_listed, kind="vpc"),
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
}
