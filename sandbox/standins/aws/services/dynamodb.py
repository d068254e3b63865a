"""DynamoDB: tables and their policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import Facts, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _table(facts: Facts) -> dict[str, Any]:
    on_demand = facts.text("billingMode") == "PAY_PER_REQUEST"
    arn = facts.place.arn("dynamodb", f"table/{facts.text('name')}")
    stream = f"{arn}/stream/2026-01-01T00:00:00.000" if facts.inputs.get("streamEnabled") else ""
    return {
        "arn": arn,
        "pointInTimeRecovery": {"enabled": False},
        "readCapacity": 0 if on_demand else facts.inputs.get("readCapacity", 1),
        "writeCapacity": 0 if on_demand else facts.inputs.get("writeCapacity", 1),
        "streamArn": stream,
        "streamLabel": stream.rpartition("/")[2],
    }


def _key_attributes(inputs: Mapping[str, Any]) -> Iterator[str]:
    """The attributes of the keys of a table and of its indexes."""
    yield from (inputs[key] for key in ("hashKey", "rangeKey") if inputs.get(key))
    for index in inputs.get("globalSecondaryIndexes") or []:
        yield from (index[key] for key in ("hashKey", "rangeKey") if index.get(key))
        yield from (key["attributeName"] for key in index.get("keySchemas") or [])
    for index in inputs.get("localSecondaryIndexes") or []:
        yield index["rangeKey"]


def _attributes(inputs: Mapping[str, Any]) -> list[str]:
    """CreateTable, API reference: the attributes of all keys are defined, and no others."""
    attributes = limits.value_at(inputs, "attributes")
    indexes = limits.value_at(inputs, "globalSecondaryIndexes")
    if attributes is None or (indexes is None and inputs.get("globalSecondaryIndexes")):
        return []
    if {attribute["name"] for attribute in attributes} == set(_key_attributes(inputs)):
        return []
    return ["attributes: must define the attributes of all keys and indexes, and no others"]


def _attribute_types(inputs: Mapping[str, Any]) -> list[str]:
    return [
        f"attributes[{index}].type: must be one of S, N, B"
        for index, attribute in enumerate(limits.value_at(inputs, "attributes") or [])
        if attribute["type"] not in ("S", "N", "B")
    ]


def _billing(inputs: Mapping[str, Any]) -> list[str]:
    """CreateTable, API reference: capacity is given exactly for provisioned tables."""
    given = [key for key in ("readCapacity", "writeCapacity") if inputs.get(key)]
    if inputs.get("billingMode") == "PAY_PER_REQUEST":
        return [f"{key}: must not be given with PAY_PER_REQUEST" for key in given]
    return [] if len(given) == len(("readCapacity", "writeCapacity")) else [
        "readCapacity and writeCapacity: must be given unless billingMode is PAY_PER_REQUEST"
    ]  # fmt: skip


# What becomes a parameter of CreateTable in another form, or of another operation.
_TABLE_SKIPS = {
    "globalTableWitness": "UpdateTable",
    "hashKey": "a member of KeySchema",
    "importTable": "ImportTable",
    "pointInTimeRecovery": "UpdateContinuousBackups: among the checks",
    "rangeKey": "a member of KeySchema",
    "readCapacity": "a member of ProvisionedThroughput",
    "replicas": "UpdateTable",
    "restore*": "RestoreTableToPointInTime",
    "streamEnabled": "a member of StreamSpecification",
    "ttl": "UpdateTimeToLive: among the checks",
    "writeCapacity": "a member of ProvisionedThroughput",
}

KINDS = {
    "aws:dynamodb/table:Table": Kind(
        id=lambda f: f.text("name"),
        outputs=_table,
        replaces=(
            "hashKey",
            "importTable",
            "localSecondaryIndexes",
            "name",
            "rangeKey",
            "restoreBackupArn",
            "restoreDateTime",
            "restoreSourceName",
            "restoreSourceTableArn",
            "restoreToLatestTime",
        ),
        defaults={"billingMode": "PROVISIONED"},
        name_limit=255,
        unique=lambda f: f.text("name"),
        taken="ResourceInUseException",
        operations=(
            operation(
                "dynamodb",
                "CreateTable",
                renames={
                    "attributes": "AttributeDefinitions",
                    "name": "TableName",
                    "serverSideEncryption": "SSESpecification",
                    "streamViewType": "StreamSpecification.StreamViewType",
                },
                skips=_TABLE_SKIPS,
            ),
        ),
        # Service, account and table quotas in the DynamoDB developer guide.
        checks=(
            limits.text(
                "name",
                r"[A-Za-z0-9_.-]{3,255}",
                "be 3 to 255 letters, digits, dots, hyphens and underscores",
            ),
            limits.at_most("globalSecondaryIndexes", 20, "indexes"),
            limits.at_most("localSecondaryIndexes", 5, "indexes"),
            limits.number("pointInTimeRecovery.recoveryPeriodInDays", 1, 35, "days"),
            _attributes,
            _attribute_types,
            _billing,
        ),
    ),
    "aws:dynamodb/resourcePolicy:ResourcePolicy": Kind(
        id=lambda f: f.text("resourceArn"),
        outputs=lambda f: {"revisionId": str(int(f.hex("revision", 12), 16))},
        follows=("revisionId",),
        replaces=("resourceArn",),
        defaults={"confirmRemoveSelfResourceAccess": False},
        operations=(operation("dynamodb", "PutResourcePolicy"),),
        # PutResourcePolicy in the DynamoDB API reference: 20 KB.
        checks=(limits.document("policy", 20 * 1024),),
    ),
}
