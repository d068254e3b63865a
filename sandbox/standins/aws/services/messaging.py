"""SQS queues and CloudWatch log groups: what workloads write to."""

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
            "contentBasedDeduplication": False,
            "delaySeconds": 0,
            "fifoQueue": False,
            "maxMessageSize": 262144,
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
        defaults={"retentionInDays": 0, "skipDestroy": False},
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
}
