"""Cases of EFS."""

from __future__ import annotations

from typing import Any

FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"
MOUNT_TARGET = "aws:efs/mountTarget:MountTarget"
ACCESS_POINT = "aws:efs/accessPoint:AccessPoint"
POLICY = "aws:efs/fileSystemPolicy:FileSystemPolicy"
BACKUPS = "aws:efs/backupPolicy:BackupPolicy"

ID = "fs-0123456789abcdef0"
SUBNET = "subnet-0123456789abcdef0"
HEX17 = r"0[0-9a-f]{16}"
ARN = r"arn:aws:elasticfilesystem:us-east-1:123456789012:"
OWNER = {"ownerUid": 1000, "ownerGid": 1000, "permissions": "0750"}

GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    FILE_SYSTEM: (
        {"encrypted": True, "throughputMode": "elastic", "performanceMode": "generalPurpose",
         "lifecyclePolicies": [{"transitionToIa": "AFTER_30_DAYS"}], "tags": {"Name": "shared"}},
        f"fs-{HEX17}", ARN + f"file-system/fs-{HEX17}",
    ),
    MOUNT_TARGET: (
        {"fileSystemId": ID, "subnetId": SUBNET, "securityGroups": ["sg-0123456789abcdef0"]},
        f"fsmt-{HEX17}", "",
    ),
    ACCESS_POINT: (
        {"fileSystemId": ID, "posixUser": {"uid": 1000, "gid": 1000},
         "rootDirectory": {"path": "/web", "creationInfo": OWNER}},
        f"fsap-{HEX17}", ARN + f"access-point/fsap-{HEX17}",
    ),
    POLICY: (
        {"fileSystemId": ID, "policy": '{"Version":"2012-10-17","Statement":[]}'}, ID, "",
    ),
    BACKUPS: ({"fileSystemId": ID, "backupPolicy": {"status": "ENABLED"}}, ID, ""),
}  # fmt: skip


def _root(**root: object) -> dict[str, Any]:
    return {"fileSystemId": ID, "rootDirectory": root}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (FILE_SYSTEM, {"throughputMode": "fast"}, "throughputMode: must be one of bursting"),
    (FILE_SYSTEM, {"performanceMode": "fast"}, "performanceMode: must be one of generalPurpose"),
    (FILE_SYSTEM, {"throughputMode": "provisioned"}, "provisionedThroughputInMibps: must be given"),
    (FILE_SYSTEM, {"provisionedThroughputInMibps": 5}, "exactly when throughputMode"),
    (
        FILE_SYSTEM,
        {"throughputMode": "elastic", "performanceMode": "maxIO"},
        "performanceMode: must be generalPurpose with elastic throughput",
    ),
    (
        FILE_SYSTEM,
        {"kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/" + "1" * 8 + "-1111" * 3 + "-"
         + "1" * 12},
        "encrypted: must be true with kmsKeyId",
    ),
    (
        FILE_SYSTEM,
        {"lifecyclePolicies": [{"transitionToIa": "AFTER_2_DAYS"}]},
        "lifecyclePolicies[0].transitionToIa: must be one of AFTER_7_DAYS",
    ),
    (
        FILE_SYSTEM,
        {"lifecyclePolicies": [
            {"transitionToIa": "AFTER_7_DAYS", "transitionToArchive": "AFTER_90_DAYS"}]},
        "lifecyclePolicies[0]: must hold one transition",
    ),
    (
        FILE_SYSTEM,
        {"protection": {"replicationOverwrite": "OFF"}},
        "protection.replicationOverwrite: must be one of ENABLED",
    ),
    (MOUNT_TARGET, {"fileSystemId": "shared", "subnetId": SUBNET}, "be the id of a file system"),
    (MOUNT_TARGET, {"fileSystemId": ID, "subnetId": "private"}, "subnetId: must"),
    (
        MOUNT_TARGET,
        {"fileSystemId": ID, "subnetId": SUBNET, "ipAddressType": "IPV5"},
        "ipAddressType: must be one of IPV4_ONLY",
    ),
    (
        MOUNT_TARGET,
        {"fileSystemId": ID, "subnetId": SUBNET,
         "securityGroups": [f"sg-0123456789abcdef{n}" for n in range(6)]},
        "securityGroups: must hold at most 5 security groups",
    ),
    (ACCESS_POINT, _root(path="web"), "rootDirectory.path: must match"),
    (ACCESS_POINT, _root(path="/a/b/c/d/e"), "rootDirectory.path: must match"),
    (
        ACCESS_POINT,
        _root(path="/web", creationInfo={"ownerUid": 1, "ownerGid": 1}),
        "rootDirectory.creationInfo.permissions: must be given",
    ),
    (
        ACCESS_POINT,
        _root(path="/web", creationInfo={**OWNER, "permissions": "rwxr-x---"}),
        "rootDirectory.creationInfo.permissions: must",
    ),
    (
        ACCESS_POINT,
        {"fileSystemId": ID, "posixUser": {"uid": -1, "gid": 1}},
        "posixUser.uid: must be 0 to 4294967295",
    ),
    (POLICY, {"fileSystemId": ID, "policy": "deny"}, "policy: must be JSON"),
    (BACKUPS, {"fileSystemId": ID, "backupPolicy": {"status": "ENABLING"}}, "ENABLED, DISABLED"),
]  # fmt: skip
