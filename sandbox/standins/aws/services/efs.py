"""EFS: file systems, mount targets, access points, policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import ACCOUNT, Facts, Kind, operation, short_id
from sandbox.standins.aws.services.ec2 import zone_id

if TYPE_CHECKING:
    from collections.abc import Mapping

_TAGS = {"tags": "a list of keys and values; limits.tags checks them"}
_GENERATED = "terraform-"


def _arn(facts: Facts, id_: str) -> str:
    return facts.place.arn("elasticfilesystem", f"file-system/{id_}")


def _dns(facts: Facts, id_: str) -> str:
    return f"{id_}.efs.{facts.place.region}.{facts.place.dns_suffix}"


def _file_system(facts: Facts) -> dict[str, Any]:
    tags = facts.inputs.get("tags") or {}
    return {
        "arn": _arn(facts, facts.id),
        "creationToken": f"{_GENERATED}{facts.hex('token', 26)}",
        "dnsName": _dns(facts, facts.id),
        "kmsKeyId": facts.place.arn("kms", f"key/{facts.uuid('key')}")
        if facts.inputs.get("encrypted")
        else "",
        "name": tags.get("Name", "") if isinstance(tags, dict) else tags,
        "ownerId": ACCOUNT,
        "performanceMode": "generalPurpose",
        "protection": {"replicationOverwrite": "ENABLED"},
        "sizeInBytes": [{"value": 6144, "valueInIa": 0, "valueInStandard": 6144}],
    }


def _chosen_token(facts: Facts) -> str:
    """The creation token, unless the provider made it up."""
    token = facts.text("creationToken")
    return "" if token.startswith(_GENERATED) else token


def _mount_target(facts: Facts) -> dict[str, Any]:
    file_system, subnet = facts.text("fileSystemId"), facts.text("subnetId")
    zone = f"{facts.place.region}{'abc'[int(facts.hex('zone', 4), 16) % 3]}"
    address = int(facts.hex("address", 4), 16)
    return {
        "availabilityZoneId": zone_id(zone),
        "availabilityZoneName": zone,
        "dnsName": _dns(facts, file_system),
        "fileSystemArn": _arn(facts, file_system),
        "ipAddress": f"10.0.{address // 256}.{address % 256}",
        "ipAddressType": "IPV4_ONLY",
        "mountTargetDnsName": f"{zone}.{_dns(facts, file_system)}",
        "networkInterfaceId": short_id("eni", f"{file_system}/{subnet}"),
        "ownerId": ACCOUNT,
        "securityGroups": [short_id("sg", subnet)],
    }


def _throughput(inputs: Mapping[str, Any]) -> list[str]:
    """CreateFileSystem in the EFS API reference; the EFS user guide, "Performance modes"."""
    mode, amount = inputs.get("throughputMode"), inputs.get("provisionedThroughputInMibps")
    found = []
    if (mode == "provisioned") != (amount is not None):
        found.append(
            "provisionedThroughputInMibps: must be given exactly when throughputMode is provisioned"
        )
    if mode == "elastic" and inputs.get("performanceMode") == "maxIO":
        found.append("performanceMode: must be generalPurpose with elastic throughput")
    return found


def _key(inputs: Mapping[str, Any]) -> list[str]:
    if inputs.get("kmsKeyId") is not None and not inputs.get("encrypted"):
        return ["encrypted: must be true with kmsKeyId"]
    return []


def _lifecycle(inputs: Mapping[str, Any]) -> list[str]:
    """PutLifecycleConfiguration in the EFS API reference: one transition in each policy."""
    policies = inputs.get("lifecyclePolicies") or []
    many = [
        index
        for index, policy in enumerate(policies)
        if isinstance(policy, dict) and len([v for v in policy.values() if v]) != 1
    ]
    return [f"lifecyclePolicies[{index}]: must hold one transition" for index in many]


def _creation(inputs: Mapping[str, Any]) -> list[str]:
    """CreateAccessPoint: all of CreationInfo or nothing of it."""
    given = limits.value_at(inputs, "rootDirectory.creationInfo")
    if given is None:
        return []
    missing = [k for k in ("ownerGid", "ownerUid", "permissions") if given.get(k) is None]
    return [f"rootDirectory.creationInfo.{key}: must be given" for key in missing]


_ID = limits.text("fileSystemId", r"fs-[0-9a-f]{8,40}", "be the id of a file system, fs-…")

KINDS = {
    "aws:efs/fileSystem:FileSystem": Kind(
        id=lambda f: f.short_id("fs"),
        outputs=_file_system,
        follows=("name",),
        replaces=(
            "availabilityZoneName", "creationToken", "encrypted", "kmsKeyId", "performanceMode",
        ),
        defaults={"throughputMode": "bursting"},
        unique=_chosen_token,
        taken="FileSystemAlreadyExists",
        operations=(
            operation(
                "efs",
                "CreateFileSystem",
                skips={
                    **_TAGS,
                    "lifecyclePolicies": "PutLifecycleConfiguration",
                    "protection": "UpdateFileSystemProtection",
                },
            ),
            operation("efs", "PutLifecycleConfiguration"),
            operation(
                "efs",
                "UpdateFileSystemProtection",
                renames={"protection.replicationOverwrite": "ReplicationOverwriteProtection"},
                skips={"protection": "its member is the parameter"},
            ),
        ),
        checks=(_throughput, _key, _lifecycle),
    ),
    "aws:efs/mountTarget:MountTarget": Kind(
        id=lambda f: f.short_id("fsmt"),
        outputs=_mount_target,
        replaces=("fileSystemId", "ipAddress", "ipAddressType", "ipv6Address", "subnetId"),
        # AWS allows one in a zone; here a subnet stands for its zone.
        unique=lambda f: f"{f.text('fileSystemId')}/{f.text('subnetId')}",
        taken="MountTargetConflict",
        operations=(operation("efs", "CreateMountTarget"),),
        # EFS quotas: five security groups.
        checks=(limits.at_most("securityGroups", 5, "security groups"), _ID),
    ),
    "aws:efs/accessPoint:AccessPoint": Kind(
        id=lambda f: f.short_id("fsap"),
        outputs=lambda f: {
            "arn": f.place.arn("elasticfilesystem", f"access-point/{f.id}"),
            "fileSystemArn": _arn(f, f.text("fileSystemId")),
            "ownerId": ACCOUNT,
            "rootDirectory": {"path": "/"},
        },
        replaces=("fileSystemId", "posixUser", "rootDirectory"),
        operations=(operation("efs", "CreateAccessPoint", skips=_TAGS),),
        checks=(_ID, _creation),
    ),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": Kind(
        id=lambda f: f.text("fileSystemId"),
        replaces=("fileSystemId",),
        operations=(operation("efs", "PutFileSystemPolicy"),),
        checks=(limits.document("policy"), _ID),
    ),
    "aws:efs/backupPolicy:BackupPolicy": Kind(
        id=lambda f: f.text("fileSystemId"),
        replaces=("fileSystemId",),
        operations=(operation("efs", "PutBackupPolicy"),),
        checks=(limits.one_of("backupPolicy.status", ("ENABLED", "DISABLED")), _ID),
    ),
}  # fmt: skip
