"""Queues, topics and event buses, as services are granted them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.environment import Environment
from components.grants.keys import READING, WRITING, GrantableKey, through
from components.grants.model import actions_of
from components.iam import Statement, allow

QUEUE_ACTIONS: Final[Mapping[str, Sequence[str]]] = {
    "send": ("sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"),
    "receive": (
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ReceiveMessage",
    ),
}
"""What each access level to a queue allows (SQS developer guide, "SQS API permissions")."""

TOPIC_ACTIONS: Final[Mapping[str, Sequence[str]]] = {"publish": ("sns:Publish",)}
"""What each access level to a topic allows; batches too."""

EVENT_BUS_ACTIONS: Final[Mapping[str, Sequence[str]]] = {"publish": ("events:PutEvents",)}
"""What each access level to an event bus allows."""


@dataclass(frozen=True)
class GrantableQueue:
    """An SQS queue.

    Attributes:
        arn, url: where it is, known in the first preview.
        endpoint: SQS in the queue's region.
        key: what it is encrypted with, if not SQS's own.
    """

    arn: pulumi.Input[str]
    url: pulumi.Input[str]
    endpoint: str
    key: GrantableKey | None = None

    @classmethod
    def existing(
        cls, arn: str, environment: Environment, key: GrantableKey | None
    ) -> "GrantableQueue":
        """Return a queue that exists already."""
        region, account, name = arn.split(":")[3:]
        endpoint = environment.endpoint("sqs", region)
        return cls(arn, f"https://{endpoint}/{account}/{name}", endpoint, key)

    def statements(self, levels: Collection[str]) -> list[Statement]:
        """Return one statement on the queue and one on its key."""
        with_key = WRITING if "send" in levels else READING
        return [
            allow(actions_of(levels, QUEUE_ACTIONS), [self.arn]),
            *through(self.key, with_key, self.endpoint),
        ]

    def variables(self) -> Mapping[str, pulumi.Input[str]]:
        """Return the queue's URL."""
        return {"QUEUE_URL": self.url}


@dataclass(frozen=True)
class GrantableTopic:
    """An SNS topic.

    Attributes:
        arn: where it is, known in the first preview.
        endpoint: SNS in the topic's region.
        key: what it is encrypted with, if not AWS's own.
    """

    arn: pulumi.Input[str]
    endpoint: str
    key: GrantableKey | None = None

    @classmethod
    def existing(
        cls, arn: str, environment: Environment, key: GrantableKey | None
    ) -> "GrantableTopic":
        """Return a topic that exists already."""
        return cls(arn, environment.endpoint("sns", arn.split(":")[3]), key)

    def statements(self, levels: Collection[str]) -> list[Statement]:
        """Return one statement on the topic and one on its key."""
        return [
            allow(actions_of(levels, TOPIC_ACTIONS), [self.arn]),
            *through(self.key, WRITING, self.endpoint),
        ]

    def variables(self) -> Mapping[str, pulumi.Input[str]]:
        """Return the topic's ARN."""
        return {"TOPIC_ARN": self.arn}


@dataclass(frozen=True)
class GrantableEventBus:
    """An EventBridge event bus.

    Attributes:
        arn: where it is, known in the first preview.
        sources: what events may name as their source; anything if empty.
    """

    arn: pulumi.Input[str]
    sources: Sequence[str] = ()

    def statements(self, levels: Collection[str]) -> list[Statement]:
        """Return one statement on the event bus."""
        # EventBridge authorizes each event of a request by itself, and its documentation calls the
        # key now a text and now a list: this holds for either, and demands that there is a source.
        condition = {
            "ForAllValues:StringEquals": {"events:source": sorted(self.sources)},
            "Null": {"events:source": "false"},
        }
        actions = actions_of(levels, EVENT_BUS_ACTIONS)
        return [allow(actions, [self.arn], condition if self.sources else None)]

    def variables(self) -> Mapping[str, pulumi.Input[str]]:
        """Return the event bus' ARN, which PutEvents takes for its name."""
        return {"EVENT_BUS_ARN": self.arn}
