"""SNS topics and their policies."""

from __future__ import annotations

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
}
