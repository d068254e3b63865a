"""The lookups (invokes) that the stand-in answers."""

from __future__ import annotations

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


_ANSWERED: dict[str, Callable[[Properties, Place], dict[str, Any]]] = {
    "aws:acm/getCertificate:getCertificate": _certificate,
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": _prefix_list,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
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
