"""Queues for what AWS could not deliver."""

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.iam import Statement, document, tls_only

RETENTION = 14 * 24 * 60 * 60
"""The longest that SQS keeps a message: time to look at what failed."""


def dead_letter_queue(
    name: str,
    *,
    environment: Environment,
    parent: pulumi.Resource,
    statements: tuple[Statement, ...] = (),
    of_queue: bool = False,
) -> aws.sqs.Queue:
    """Create a standard queue, encrypted by SQS, that is reached over TLS only.

    Args:
        name: logical name; the fixed one is PROJECT-STACK-name.
        environment: where it is.
        parent: the component that it belongs to.
        statements: who may send to it besides roles that are allowed to.
        of_queue: whether another queue has it for dead-letter queue too; which one, its
            aws.sqs.RedriveAllowPolicy says.
    """
    child = pulumi.ResourceOptions(parent=parent)
    queue = aws.sqs.Queue(
        name,
        name=environment.regional_name(name, limit=80),
        message_retention_seconds=RETENTION,
        sqs_managed_sse_enabled=True,
        # Else what arrives here comes from AWS's services, not from other queues.
        redrive_allow_policy=None if of_queue else '{"redrivePermission":"denyAll"}',
        opts=child,
    )
    arn = environment.arn("sqs", queue.name)
    aws.sqs.QueuePolicy(
        f"{name}-policy",
        queue_url=queue.url,
        policy=document([tls_only(["sqs:*"], arn), *statements]),
        opts=child,
    )
    return queue
