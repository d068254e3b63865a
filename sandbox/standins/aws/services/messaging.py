"""SQS queues, CloudWatch log groups and KMS keys: what workloads write to and encrypt with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import ACCOUNT, Facts, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Mapping


def _queue_url(facts: Facts) -> str:
    place = facts.place
    return f"https://sqs.{place.region}.{place.dns_suffix}/{ACCOUNT}/{facts.text('name')}"


def _key_arn(facts: Facts) -> str:
    key = facts.text("targetKeyId")
    return key if key.startswith("arn:") else facts.place.arn("kms", f"key/{key}")


def _fifo_suffix(inputs: Mapping[str, Any]) -> list[str]:
    name = limits.value_at(inputs, "name")
    if not isinstance(name, str) or bool(inputs.get("fifoQueue")) == name.endswith(".fifo"):
        return []
    return ["name: must end in .fifo exactly when fifoQueue is true"]


def _redrive_permission(inputs: Mapping[str, Any]) -> list[str]:
    text = limits.value_at(inputs, "redriveAllowPolicy")
    if not isinstance(text, str) or limits.document("redriveAllowPolicy")(inputs):
        return []
    if json.loads(text).get("redrivePermission") in _REDRIVE_PERMISSIONS:
        return []
    allowed = ", ".join(_REDRIVE_PERMISSIONS)
    return [f"redriveAllowPolicy: its redrivePermission must be one of {allowed}"]


_REDRIVE_PERMISSIONS = ("allowAll", "byQueue", "denyAll")
_ATTRIBUTES = (
    "contentBasedDeduplication", "deduplicationScope", "delaySeconds", "fifoQueue",
    "fifoThroughputLimit", "kmsDataKeyReusePeriodSeconds", "kmsMasterKeyId", "maxMessageSize",
    "messageRetentionSeconds", "policy", "receiveWaitTimeSeconds", "redriveAllowPolicy",
    "redrivePolicy", "sqsManagedSseEnabled", "visibilityTimeoutSeconds",
)  # fmt: skip

# PutRetentionPolicy in the CloudWatch Logs API reference; 0 is the provider's word for forever.
_RETENTION_DAYS = (
    0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
)  # fmt: skip

KINDS = {
    "aws:sqs/queue:Queue": Kind(
        id=_queue_url,
        outputs=lambda f: {
            "arn": f.place.arn("sqs", f.text("name")),
            "url": f.id,
            "kmsDataKeyReusePeriodSeconds": 300,
            "sqsManagedSseEnabled": not f.text("kmsMasterKeyId"),
        },
        follows=("sqsManagedSseEnabled",),
        replaces=("fifoQueue", "name", "namePrefix"),
        defaults={
            "delaySeconds": 0,
            "fifoQueue": False,
            "messageRetentionSeconds": 345600,
            "receiveWaitTimeSeconds": 0,
            "visibilityTimeoutSeconds": 30,
        },
        name_limit=80,
        unique=lambda f: f.text("name"),
        taken="QueueAlreadyExists",
        operations=(
            operation(
                "sqs",
                "CreateQueue",
                renames={"name": "QueueName"},
                skips=dict.fromkeys(_ATTRIBUTES, "an attribute: its range is among the checks"),
            ),
        ),
        # SetQueueAttributes and CreateQueue in the SQS API reference.
        checks=(
            limits.text(
                "name",
                r"[\w-]{1,75}\.fifo|[\w-]{1,80}",
                "be 1 to 80 letters, digits, hyphens and underscores (.fifo at the end)",
            ),
            _fifo_suffix,
            limits.number("delaySeconds", 0, 900, "seconds"),
            limits.number("kmsDataKeyReusePeriodSeconds", 60, 86400, "seconds"),
            limits.number("maxMessageSize", 1024, 1048576, "bytes"),
            limits.number("messageRetentionSeconds", 60, 1209600, "seconds"),
            limits.number("receiveWaitTimeSeconds", 0, 20, "seconds"),
            limits.number("visibilityTimeoutSeconds", 0, 43200, "seconds"),
            limits.one_of("deduplicationScope", ("messageGroup", "queue")),
            limits.one_of("fifoThroughputLimit", ("perMessageGroupId", "perQueue")),
            limits.document("policy"),
            limits.document("redrivePolicy"),
            limits.document("redriveAllowPolicy"),
        ),
    ),
    "aws:sqs/queuePolicy:QueuePolicy": Kind(
        id=lambda f: f.text("queueUrl"),
        replaces=("queueUrl",),
        operations=(operation("sqs", "SetQueueAttributes", skips={"policy": "an attribute"}),),
        checks=(limits.document("policy"),),
    ),
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": Kind(
        id=lambda f: f.text("queueUrl"),
        replaces=("queueUrl",),
        operations=(
            operation("sqs", "SetQueueAttributes", skips={"redriveAllowPolicy": "an attribute"}),
        ),
        checks=(limits.document("redriveAllowPolicy"), _redrive_permission),
    ),
    "aws:cloudwatch/logGroup:LogGroup": Kind(
        id=lambda f: f.text("name"),
        outputs=lambda f: {
            "arn": f.place.arn("logs", f"log-group:{f.text('name')}"),
            "logGroupClass": "STANDARD",
        },
        replaces=("logGroupClass", "name", "namePrefix"),
        defaults={"skipDestroy": False},
        name_limit=512,
        unique=lambda f: f.text("name"),
        taken="ResourceAlreadyExistsException",
        operations=(
            operation(
                "logs",
                "CreateLogGroup",
                renames={"name": "logGroupName"},
                skips={
                    "retentionInDays": "PutRetentionPolicy: its values are among the checks",
                    "skipDestroy": "decides whether the group is deleted",
                },
            ),
        ),
        checks=(limits.one_of("retentionInDays", _RETENTION_DAYS),),
    ),
    "aws:kms/key:Key": Kind(
        id=lambda f: f.uuid("key"),
        outputs=lambda f: {
            "arn": f.place.arn("kms", f"key/{f.id}"),
            "keyId": f.id,
            "rotationPeriodInDays": 365 if f.inputs.get("enableKeyRotation") else 0,
        },
        follows=("rotationPeriodInDays",),
        replaces=(
            "customKeyStoreId",
            "customerMasterKeySpec",
            "keyUsage",
            "multiRegion",
            "xksKeyId",
        ),
        defaults={
            "bypassPolicyLockoutSafetyCheck": False,
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "enableKeyRotation": False,
            "isEnabled": True,
            "keyUsage": "ENCRYPT_DECRYPT",
        },
        operations=(
            operation(
                "kms",
                "CreateKey",
                skips={
                    "deletionWindowInDays": "ScheduleKeyDeletion",
                    "enableKeyRotation": "EnableKeyRotation: a Boolean",
                    "isEnabled": "DisableKey: a Boolean",
                    "rotationPeriodInDays": "EnableKeyRotation",
                },
            ),
            operation(
                "kms",
                "ScheduleKeyDeletion",
                renames={"deletionWindowInDays": "PendingWindowInDays"},
            ),
            operation("kms", "EnableKeyRotation"),
        ),
        checks=(
            # ScheduleKeyDeletion in the KMS API reference (the model says 1 to 365).
            limits.number("deletionWindowInDays", 7, 30, "days"),
            limits.document("policy", 32768),
        ),
    ),
    "aws:kms/alias:Alias": Kind(
        id=lambda f: f.text("name"),
        outputs=lambda f: {
            "arn": f.place.arn("kms", f.text("name")),
            "targetKeyArn": _key_arn(f),
        },
        follows=("targetKeyArn",),
        replaces=("name", "namePrefix"),
        name_limit=256,
        name_prefix="alias/",
        unique=lambda f: f.text("name"),
        taken="AlreadyExistsException",
        operations=(operation("kms", "CreateAlias", renames={"name": "AliasName"}),),
        checks=(
            limits.text("name", r"alias/(?!aws/).+", "begin with alias/, but not with alias/aws/"),
        ),
    ),
}
