"""Settings of a job that AWS Batch runs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, model_validator

from components.settings.base import Model, matching
from components.settings.batch import ShareIdentifier
from components.settings.grantable import Grantable

if TYPE_CHECKING:
    from components.settings.job import JobSettings

_ENDING = "a * at the end means anything that begins so"

Pattern = Annotated[
    str,
    Field(max_length=512),
    matching(
        r"[A-Za-z0-9.:\s]+\*?|\*",
        f"must be letters, digits, periods, colons and spaces; {_ENDING}",
    ),
]
ExitCodes = Annotated[
    str,
    Field(max_length=512),
    matching(r"[0-9]+\*?", f"must be an exit code in quotes, such as '75' or '1*'; {_ENDING}"),
]


class RetrySettings(Model):
    """A kind of end after which a job starts again: all that is given has to match."""

    exit_code: ExitCodes | None = None
    """The container's exit code, as text: '75', or '1*' for all that begin with 1."""
    reason: Pattern | None = None
    """Why the container ended, such as `OutOfMemoryError*` or `CannotPullContainerError*`."""
    status_reason: Pattern | None = None
    """Why the job's try ended, such as `Task failed to start*` or `Timeout waiting for network
    interface provisioning*`."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("needs one of exitCode, reason and statusReason")
        return self


class BatchJobSettings(Grantable):
    """Where a job waits and runs in AWS Batch, and how it is submitted.

    A schedule, an event or new objects beside it submit the job; without any of them whoever may
    does: a service with the grant `submit`, or a person. `timeout` and `retries` are Batch's own
    then, and cost nothing; the timeout begins when the container has started, for each try anew.
    """

    kind: ClassVar[str] = "job of AWS Batch"
    levels: ClassVar[tuple[str, ...]] = ("submit",)

    queue: str
    """Name of a queue declared under `batch.queues`."""
    array: Annotated[int, Field(ge=2, le=10_000)] | None = None
    """How many times it runs, 2 to 10000, each time that this file submits it: each run has another
    number from 0 in AWS_BATCH_JOB_ARRAY_INDEX. Once by default."""
    share: ShareIdentifier | None = None
    """The share identifier with which this file submits it to a queue with fairShare."""
    priority: Annotated[int, Field(ge=0, le=9_999)] | None = None
    """0 to 9999, the higher number first, among jobs of the same share identifier; 0 by default."""
    retry_on: Annotated[tuple[RetrySettings, ...], Field(max_length=3)] = ()
    """After what end it starts again, if it has `retries`: up to 3 conditions, of which any has to
    match. A Spot interruption is always among them. Without any it starts again after every end but
    that with exit code 0, its timeout and a person's. AWS takes five conditions; the other two are
    for Spot, and for all else, after which the job has failed."""


def submittable(jobs: Mapping[str, "JobSettings"]) -> dict[str, Grantable | None]:
    """Return the jobs that services can be granted to submit, by name."""
    return {name: job.batch for name, job in jobs.items() if job.batch}
