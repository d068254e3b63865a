"""Queues between services."""

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.grants import GrantableKey, GrantableQueue
from components.iam import document, tls_only
from components.settings import QueueSettings

DAY = 24 * 60 * 60
DEAD_LETTER_RETENTION = 14 * DAY
"""The longest that SQS keeps a message: time to look at what failed."""


class Queue(pulumi.ComponentResource):
    """An SQS queue and its dead-letter queue.

    Creates two queues, encrypted by SQS or with a given key; a policy for each that refuses
    requests without TLS; and the permission for the one to use the other as dead-letter queue.

    Cost: the first million requests of a month are free, then 0.40 USD a million (us-east-1).
    """

    arn: pulumi.Output[str]
    """ARN, known in the first preview."""
    url: pulumi.Output[str]
    """URL that clients send to."""
    grantable: GrantableQueue
    """The queue, as services are granted it."""
    dead_letters: aws.sqs.Queue
    """Where messages go that were received too often."""

    def __init__(
        self,
        name: str,
        settings: QueueSettings,
        *,
        environment: Environment,
        key: GrantableKey | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:queue:Queue", name, None, opts)
        self._environment = environment
        self._key = key
        self.dead_letters = self._queue(
            f"{name}-dead-letters", environment.regional_name(name, "dead-letters", limit=80), None
        )
        queue = self._queue(
            f"{name}-queue",
            environment.regional_name(name, limit=80),
            aws.sqs.QueueArgs(
                visibility_timeout_seconds=settings.visibility_timeout,
                message_retention_seconds=settings.retention_days * DAY,
                redrive_policy=pulumi.Output.json_dumps(
                    {
                        "deadLetterTargetArn": self._arn(self.dead_letters),
                        "maxReceiveCount": settings.max_receives,
                    },
                    sort_keys=True,
                ),
            ),
        )
        aws.sqs.RedriveAllowPolicy(
            f"{name}-redrive-allow",
            queue_url=self.dead_letters.url,
            redrive_allow_policy=pulumi.Output.json_dumps(
                {"redrivePermission": "byQueue", "sourceQueueArns": [self._arn(queue)]},
                sort_keys=True,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = self._arn(queue)
        self.url = queue.url
        endpoint = environment.endpoint("sqs")
        # The URL as SQS makes it: the queue's own is unknown until it exists.
        known_url = pulumi.Output.concat(f"https://{endpoint}/{environment.account}/", queue.name)
        self.grantable = GrantableQueue(self.arn, known_url, endpoint, key)
        self.register_outputs({"arn": self.arn, "url": self.url})

    def _arn(self, queue: aws.sqs.Queue) -> pulumi.Output[str]:
        return self._environment.arn("sqs", queue.name)

    def _queue(
        self, name: str, fixed_name: str, arguments: aws.sqs.QueueArgs | None
    ) -> aws.sqs.Queue:
        chosen = arguments or aws.sqs.QueueArgs(message_retention_seconds=DEAD_LETTER_RETENTION)
        chosen.name = fixed_name
        if self._key is None:
            chosen.sqs_managed_sse_enabled = True
        else:
            chosen.kms_master_key_id = self._key.id
        queue = aws.sqs.Queue(name, chosen, opts=pulumi.ResourceOptions(parent=self))
        aws.sqs.QueuePolicy(
            f"{name}-tls-only",
            queue_url=queue.url,
            policy=document([tls_only(["sqs:*"], self._arn(queue))]),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return queue
