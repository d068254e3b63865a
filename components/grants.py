"""Access levels that services are granted, as least-privilege statements."""

from collections.abc import Mapping, Sequence
from typing import Final

from components.iam import Statement, allow
from components.queue import Queue

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


def grant_statements(
    grants: Mapping[str, Sequence[str]], queues: Mapping[str, Queue]
) -> list[Statement]:
    """Return one statement for each granted queue.

    Args:
        grants: access levels by the queue's name.
        queues: the stack's queues by name.
    """
    return [
        allow(
            sorted({action for level in levels for action in QUEUE_ACTIONS[level]}),
            [queues[target].arn],
        )
        for target, levels in sorted(grants.items())
    ]
