"""Settings of a queue."""

from typing import Annotated, ClassVar

from pydantic import Field

from components.settings.grantable import PLACE, Declared, KeyName, arn_of


class QueueSettings(Declared):
    """An SQS queue with a dead-letter queue, encrypted, reached over TLS only; or an existing one.

    The first million requests of a month are free, then 0.40 USD a million (us-east-1).
    """

    kind: ClassVar[str] = "queue"
    levels: ClassVar[tuple[str, ...]] = ("send", "receive")

    arn: Annotated[str, arn_of("queue", rf"sqs:{PLACE}:[\w-]{{1,80}}(\.fifo)?")] | None = None
    """ARN of an existing queue, such as another team's, to use instead of creating one. In another
    account its own policy has to admit this one. One that this stack creates goes by its name."""
    key: KeyName | None = None
    """A key declared under `keys` that encrypts the messages; SQS's own, which is free, by default.
    For an existing queue, the key that it is encrypted with. KMS requests cost 0.03 USD for 10,000
    (us-east-1)."""
    visibility_timeout: Annotated[int, Field(ge=0, le=43_200)] = 60
    """Seconds for which a received message is hidden from other consumers, 0 to 43200: longer than
    the slowest one takes, or whoever works on it extends them (ChangeMessageVisibility), which the
    access level receive allows."""
    retention_days: Annotated[int, Field(ge=1, le=14)] = 4
    """Days for which an unread message is kept, 1 to 14."""
    max_receives: Annotated[int, Field(ge=1, le=1_000)] = 5
    """Times a message may be received before it moves to the dead-letter queue, 1 to 1000."""
