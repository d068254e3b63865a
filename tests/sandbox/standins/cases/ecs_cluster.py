"""Cases of ECS clusters and of the KMS keys that encrypt what happens in them."""

from __future__ import annotations

import json
from typing import Any

CLUSTER = "aws:ecs/cluster:Cluster"
KEY = "aws:kms/key:Key"

GOOD: dict[str, tuple[dict[str, Any], str, str]] = {}


def sessions(**configuration: object) -> dict[str, Any]:
    return {"name": "main", "configuration": {"executeCommandConfiguration": configuration}}


def storage(key: str) -> dict[str, Any]:
    given = {"fargateEphemeralStorageKmsKeyId": key}
    return {"name": "main", "configuration": {"managedStorageConfiguration": given}}


def policy(action: str, effect: str = "Allow") -> dict[str, Any]:
    statement = {"Effect": effect, "Action": action, "Principal": {"AWS": "1"}, "Resource": "*"}
    return {"policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (CLUSTER, sessions(logging="SOMETIMES"), "logging: must be one of NONE, DEFAULT, OVERRIDE"),
    (CLUSTER, sessions(logging="OVERRIDE"), "logConfiguration: must be given with the logging"),
    (CLUSTER, storage("alias/disks"), "fargateEphemeralStorageKmsKeyId: must be a single-Region"),
    (CLUSTER, storage("arn:aws:kms:eu-west-1:1:alias/disks"), "not an alias"),
    (CLUSTER, storage("arn:aws:kms:eu-west-1:1:key/mrk-0123"), "must be a single-Region"),
    (KEY, policy("kms:Decrypt"), "policy: must allow somebody kms:PutKeyPolicy"),
    (KEY, policy("kms:*", effect="Deny"), "policy: must allow somebody kms:PutKeyPolicy"),
]
