"""Settings of a queue."""

from typing import Annotated

from pydantic import Field

from components.settings.base import Model


class QueueSettings(Model):
    """An SQS queue with a dead-letter queue, encrypted, reached over TLS only.

    The first million requests of a month are free, then 0.40 USD a million (us-east-1).
    """

    visibility_timeout: Annotated[int, Field(ge=0, le=43_200)] = 60
    """Seconds for which a received message is hidden from other consumers, 0 to 43200."""
    retention_days: Annotated[int, Field(ge=1, le=14)] = 4
    """Days for which an unread message is kept, 1 to 14."""
    max_receives: Annotated[int, Field(ge=1, le=1_000)] = 5
    """Times a message may be received before it moves to the dead-letter queue, 1 to 1000."""
