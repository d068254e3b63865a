"""SNS topics, their policies and subscriptions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import ACCOUNT, Facts, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Mapping


def _arn(facts: Facts) -> str:
    return facts.place.arn("sns", facts.text("name"))


def _fifo_suffix(inputs: Mapping[str, Any]) -> list[str]:
    name = limits.value_at(inputs, "name")
    if not isinstance(name, str) or bool(inputs.get("fifoTopic")) == name.endswith(".fifo"):
        return []
    return ["name: must end in .fifo exactly when fifoTopic is true"]


def _one_service(inputs: Mapping[str, Any]) -> list[str]:
    """A topic's policy takes the actions that concern one topic, and so no sns:*."""
    text = limits.value_at(inputs, "policy")
    if isinstance(text, str) and '"sns:*"' in text.lower():
        return ["policy: its actions must be some of those of a topic, such as sns:Publish"]
    return []


# CreateTopic in the SNS API reference: names of the Attributes map.
_ATTRIBUTES = (
    "application*", "archivePolicy", "contentBasedDeduplication", "deliveryPolicy", "displayName",
    "fifoThroughputScope", "fifoTopic", "firehose*", "http*", "kmsMasterKeyId", "lambda*",
    "maximumMessageSize", "policy", "signatureVersion", "sqs*", "tracingConfig",
)  # fmt: skip
_POLICY_SIZE = 30 * 1024

# Subscribe in the SNS API reference: what an endpoint is, by protocol.
_ENDPOINTS = {
    "application": r"arn:aws[\w-]*:sns:.+",
    "email": r"[^@\s]+@[^@\s]+",
    "email-json": r"[^@\s]+@[^@\s]+",
    "firehose": r"arn:aws[\w-]*:firehose:.+",
    "http": r"http://.+",
    "https": r"https://.+",
    "lambda": r"arn:aws[\w-]*:lambda:.+",
    "sms": r"\+?[\d-]+",
    "sqs": r"arn:aws[\w-]*:sqs:.+",
}
_CONFIRMED_BY_HAND = ("email", "email-json", "http", "https")
_OF_SUBSCRIPTIONS = (
    "deliveryPolicy", "filterPolicy", "filterPolicyScope", "rawMessageDelivery", "redrivePolicy",
    "replayPolicy", "subscriptionRoleArn",
)  # fmt: skip


def _endpoint(inputs: Mapping[str, Any]) -> list[str]:
    pattern = _ENDPOINTS.get(str(inputs.get("protocol")))
    if pattern is None:
        return limits.one_of("protocol", tuple(_ENDPOINTS))(inputs)
    found = limits.text("endpoint", pattern, "be what the protocol reaches")(inputs)
    if inputs.get("protocol") == "firehose" and not inputs.get("subscriptionRoleArn"):
        found.append("subscriptionRoleArn: must be given for firehose")
    return found


def _redrive(inputs: Mapping[str, Any]) -> list[str]:
    """SNS developer guide, "Configuring an Amazon SNS dead-letter queue"."""
    text = limits.value_at(inputs, "redrivePolicy")
    problems = limits.document("redrivePolicy")(inputs)
    if not isinstance(text, str) or problems:
        return problems
    if ":sqs:" in str(json.loads(text).get("deadLetterTargetArn")):
        return []
    return ["redrivePolicy: its deadLetterTargetArn must be the ARN of a queue"]


def _subscription(facts: Facts) -> dict[str, Any]:
    """The outputs; a person has to confirm what isn't of this account."""
    by_hand = facts.text("protocol") in _CONFIRMED_BY_HAND
    return {
        "arn": facts.id,
        "confirmationWasAuthenticated": not by_hand,
        "filterPolicyScope": "MessageAttributes" if facts.text("filterPolicy") else "",
        "ownerId": ACCOUNT,
        "pendingConfirmation": by_hand,
    }


KINDS = {
    "aws:sns/topic:Topic": Kind(
        id=_arn,
        outputs=lambda f: {
            "arn": _arn(f),
            "owner": ACCOUNT,
            "signatureVersion": 1,
            "tracingConfig": "PassThrough",
            "maximumMessageSize": 262144,
        },
        replaces=("fifoTopic", "name", "namePrefix"),
        defaults={"contentBasedDeduplication": False, "fifoTopic": False},
        name_limit=256,
        # CreateTopic answers a second one of the same attributes with the first: the provider
        # would take over a topic of somebody else.
        unique=lambda f: f.text("name"),
        taken="InvalidParameter",
        operations=(
            operation(
                "sns",
                "CreateTopic",
                skips=dict.fromkeys(_ATTRIBUTES, "an attribute: its range is among the checks"),
            ),
        ),
        # CreateTopic in the SNS API reference; the user guide's "Amazon SNS policy quotas".
        checks=(
            limits.text(
                "name",
                r"[\w-]{1,251}\.fifo|[\w-]{1,256}",
                "be 1 to 256 letters, digits, hyphens and underscores (.fifo at the end)",
            ),
            _fifo_suffix,
            limits.one_of("signatureVersion", (1, 2)),
            limits.one_of("tracingConfig", ("Active", "PassThrough")),
            limits.one_of("fifoThroughputScope", ("MessageGroup", "Topic")),
            limits.document("policy", _POLICY_SIZE),
            _one_service,
        ),
    ),
    "aws:sns/topicPolicy:TopicPolicy": Kind(
        id=lambda f: f.text("arn"),
        outputs=lambda _: {"owner": ACCOUNT},
        replaces=("arn",),
        operations=(
            operation(
                "sns",
                "SetTopicAttributes",
                renames={"arn": "TopicArn"},
                skips={"policy": "an attribute: its size is among the checks"},
            ),
        ),
        checks=(limits.document("policy", _POLICY_SIZE), _one_service),
    ),
    # A second subscription of the endpoint is the first one to SNS: no error to AWS.
    "aws:sns/topicSubscription:TopicSubscription": Kind(
        id=lambda f: f"{f.text('topic')}:{f.uuid('subscription')}",
        outputs=_subscription,
        follows=("filterPolicyScope",),
        # topic_subscription.go of the Terraform provider.
        replaces=("endpoint", "protocol", "topic"),
        defaults={
            "confirmationTimeoutInMinutes": 1,
            "endpointAutoConfirms": False,
            "rawMessageDelivery": False,
        },
        operations=(
            operation(
                "sns",
                "Subscribe",
                renames={"topic": "topicArn"},
                skips={
                    "confirmationTimeoutInMinutes": "how long the provider waits",
                    "endpointAutoConfirms": "the provider's own",
                    **dict.fromkeys(_OF_SUBSCRIPTIONS, "an attribute: among the checks"),
                },
            ),
        ),
        checks=(
            _endpoint,
            _redrive,
            limits.arn("topic", "sns", "a topic"),
            limits.arn("subscriptionRoleArn", "iam", "a role"),
            limits.one_of("filterPolicyScope", ("MessageAttributes", "MessageBody")),
            limits.document("deliveryPolicy"),
            limits.document("filterPolicy"),
            limits.document("replayPolicy"),
        ),
    ),
}
