"""Settings of a queue's workers: how many there are, by what waits."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from components.settings.base import Model


class QueueTriggerSettings(Model):
    """Tasks that take messages from a queue, as many as what waits there needs.

    They run as long as there are messages, on Spot unless the job's `capacity` says otherwise, and
    may receive from the queue without a grant. Alarms cost 0.10 USD a month for each metric they
    read: 0.60 for scaling, with min 0 another 0.40, and 0.10 for the one that rings when messages
    wait too long (us-east-1).
    """

    name: str
    """Name of a queue declared below queues, of this account and region; one job for each queue,
    also where two names have one arn. An existing one has its visibility timeout and its
    dead-letter queue from its owner, and nothing here can see how long the one is and whether there
    is the other."""
    seconds_per_message: Annotated[float, Field(ge=0.01, le=43_200)]
    """Seconds that a task takes for a message, on average, 0.01 to 43200 (12 hours, the longest
    that SQS hides one). For a task that works on several at a time, divided by their number. The
    queue's visibilityTimeout can't be less; that it is enough for the slowest message is for the
    worker's author to see to."""
    latency: Annotated[int, Field(ge=60, le=86_400)]
    """Seconds that a message may wait, 60 to 86400. What waits for a task is held at latency ÷
    secondsPerMessage messages. Scaling itself takes about five minutes, so that a burst waits
    longer where latency is below ten."""
    min: Annotated[int, Field(ge=0, le=1_000)] = 0
    """Tasks that always run. With 0 nothing is billed while nothing waits, and the first message
    then waits about three minutes for a task, or about 18 where the queue was idle for more than
    six hours: SQS takes up to 15 to publish its metrics again."""
    max: Annotated[int, Field(ge=1, le=5_000)] = 4
    """Tasks that run at most (ECS allows 5,000 a service). They bound what a burst costs, and what
    the systems behind them have to bear."""

    @property
    def backlog_per_task(self) -> float:
        """Messages that may wait for a task, what it works on included."""
        return round(self.latency / self.seconds_per_message, 2)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.latency < self.seconds_per_message:
            raise ValueError(
                f"latency ({self.latency} seconds) is shorter than secondsPerMessage "
                f"({self.seconds_per_message:g}), so that a message would be late while the one "
                "before it is worked on: raise latency, or make messages smaller"
            )
        if self.min > self.max:
            raise ValueError(f"min ({self.min}) must not exceed max ({self.max})")
        return self
