"""The lookups (invokes) that the stand-in answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import network_lookups
from sandbox.standins.aws.kinds import ACCOUNT, Place, digest, short_id
from sandbox.standins.package import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.standins.wire import Properties

_LONG_NAMES = {
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
    "eu-west-1": "Europe (Ireland)",
    "eu-central-1": "Europe (Frankfurt)",
}


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


_ANSWERED: dict[str, Callable[[Properties, Place], dict[str, Any]]] = {
    **network_lookups.ANSWERED,
    "aws:acm/getCertificate:getCertificate": _certificate,
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
