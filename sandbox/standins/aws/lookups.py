"""The lookups (invokes) that the stand-in answers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws.kinds import ACCOUNT, Place, digest, short_id
from sandbox.standins.aws.services.ec2 import zone_id
from sandbox.standins.aws.services.endpoints import prefix_list_id
from sandbox.standins.package import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.standins.wire import Properties

# Zones by region where there are not three (AWS Global Infrastructure, November 2026).
_ZONES = {
    "us-east-1": "abcdef",
    "us-west-1": "ab",
    "us-west-2": "abcd",
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
    "ca-central-1": "abd",
}
_LONG_NAMES = {
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
    "eu-west-1": "Europe (Ireland)",
    "eu-central-1": "Europe (Frankfurt)",
}


def zones(region: str) -> list[str]:
    """The names of a region's availability zones."""
    return [f"{region}{letter}" for letter in _ZONES.get(region, "abc")]


def _caller(_: Properties, place: Place) -> dict[str, Any]:
    return {
        "accountId": ACCOUNT,
        "arn": place.global_arn("sts", "assumed-role/sandbox/sandbox"),
        "id": ACCOUNT,
        "userId": f"AROA{digest('sandbox', 17).upper()}:sandbox",
    }


def _region(_: Properties, place: Place) -> dict[str, Any]:
    return {
        "description": _LONG_NAMES.get(place.region, place.region),
        "endpoint": f"ec2.{place.region}.{place.dns_suffix}",
        "id": place.region,
        "name": place.region,
        "region": place.region,
    }


def _partition(_: Properties, place: Place) -> dict[str, Any]:
    return {
        "dnsSuffix": place.dns_suffix,
        "id": place.partition,
        "partition": place.partition,
        "reverseDnsPrefix": ".".join(reversed(place.dns_suffix.split("."))),
    }


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


def _parameter(args: Properties, place: Place) -> dict[str, Any]:
    name = str(args.get("name", ""))
    return {
        "arn": place.arn("ssm", f"parameter/{name.lstrip('/')}"),
        "id": name,
        "insecureValue": "sandbox",
        "name": name,
        "region": place.region,
        "type": "String",
        "value": "sandbox",
        "version": 1,
    }


def _certificate(args: Properties, place: Place) -> dict[str, Any]:
    domain = str(args.get("domain", ""))
    id_ = place.arn("acm", f"certificate/{short_id('certificate', domain)}")
    return {**args, "arn": id_, "domain": domain, "id": id_, "status": "ISSUED", "tags": {}}


def _secret_versions(args: Properties, place: Place) -> dict[str, Any]:
    secret = str(args.get("secretId", ""))
    name = secret.rpartition(":secret:")[2] or secret
    current = digest(secret, 32)
    return {
        "arn": secret if secret.startswith("arn:") else place.arn("secretsmanager", name),
        "id": secret,
        "name": name,
        "region": place.region,
        "secretId": secret,
        "versions": [
            {
                "createdTime": "2026-01-01T00:00:00Z",
                "lastAccessedDate": "",
                "versionId": f"{current[:8]}-{current[8:12]}-4{current[13:16]}-a{current[17:20]}"
                f"-{current[20:]}",
                "versionStages": ["AWSCURRENT"],
            }
        ],
    }


def _secret_version(args: Properties, place: Place) -> dict[str, Any]:
    """A placeholder for the secret's value, which the sandbox neither has nor needs."""
    found = _secret_versions(args, place)
    version = str(args.get("versionId") or found["versions"][0]["versionId"])
    return {
        "arn": found["arn"],
        "createdDate": "2026-01-01T00:00:00Z",
        "id": f"{found['id']}|AWSCURRENT",
        "region": place.region,
        "secretBinary": "",
        "secretId": found["id"],
        "secretString": "sandbox",
        "versionId": version,
        "versionStage": str(args.get("versionStage") or "AWSCURRENT"),
        "versionStages": ["AWSCURRENT"],
    }


def _hosted_zone(args: Properties, place: Place) -> dict[str, Any]:
    name = str(args.get("name") or "example.com").rstrip(".")
    id_ = str(args.get("zoneId") or f"Z{digest(f'zone/{name}', 20).upper()}")
    return {
        "arn": f"arn:{place.partition}:route53:::hostedzone/{id_}",
        "callerReference": "sandbox",
        "comment": "",
        "id": id_,
        "linkedServiceDescription": "",
        "linkedServicePrincipal": "",
        "name": name,
        "nameServers": [f"ns-{number}.awsdns-00.{end}" for number, end in _NAME_SERVERS],
        "primaryNameServer": "ns-1.awsdns-00.com",
        "privateZone": bool(args.get("privateZone")),
        "resourceRecordSetCount": 2,
        "tags": {},
        "vpcId": "",
        "zoneId": id_,
    }


_NAME_SERVERS = ((1, "com"), (512, "net"), (1024, "org"), (1536, "co.uk"))


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


_FOREIGN_BLOCK = "10.0.0.0/16"

_ANSWERED: dict[str, Callable[[Properties, Place], dict[str, Any]]] = {
    "aws:acm/getCertificate:getCertificate": _certificate,
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": _prefix_list,
    "aws:ec2/getRouteTables:getRouteTables": partial(_listed, kind="route-table"),
    "aws:ec2/getSubnet:getSubnet": _subnet,
    "aws:ec2/getSubnets:getSubnets": partial(_listed, kind="subnet"),
    "aws:ec2/getVpc:getVpc": _vpc,
    "aws:ec2/getVpcEndpointService:getVpcEndpointService": _endpoint_service,
    "aws:ec2/getVpcs:getVpcs": partial(_listed, kind="vpc"),
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
    "aws:route53/getZone:getZone": _hosted_zone,
    "aws:secretsmanager/getSecretVersion:getSecretVersion": _secret_version,
    "aws:secretsmanager/getSecretVersions:getSecretVersions": _secret_versions,
    "aws:ssm/getParameter:getParameter": _parameter,
}


def answer(token: str, args: Properties, place: Place) -> Properties:
    """The result of a lookup.

    Raises:
        Rejected: the lookup isn't one that the stand-in answers.
    """
    found = _ANSWERED.get(token)
    if found is None:
        known = ", ".join(sorted(_ANSWERED))
        message = (
            f"the sandbox has no answer to the lookup {token}: it answers {known}. Pass the value"
            " as a setting, or add the lookup to sandbox/standins/aws/lookups.py"
        )
        raise Rejected(message)
    return found(args, place)
