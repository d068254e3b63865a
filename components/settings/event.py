"""Settings of what starts a job when something has happened: an event, or a new object."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import Model, matching
from components.settings.container import EnvironmentName
from components.settings.event_pattern import any_text, as_json, pattern_problem

PATH: Final = r"\$(\.[A-Za-z0-9_/-]+(\[\d+\])?)+"
"""The path of one field of an event or message."""

EventPath = Annotated[
    str,
    Field(max_length=256),
    matching(
        PATH,
        "must be the path of one field of the event, such as $.detail.order.id, $.detail-type or "
        "$.resources[0]",
    ),
]


def _pattern(pattern: dict[str, Any]) -> dict[str, Any]:
    problem = pattern_problem(pattern)
    if problem:
        raise ValueError(problem)
    return pattern


_pattern.__doc__ = "must be an event pattern of EventBridge, at most 2048 characters as JSON"


class EventBatchSettings(Model):
    """How many events one task is started for.

    EventBridge puts them into a queue of the job's own, and a pipe (EventBridge Pipes) starts the
    job with what it gathers there: with `size` events, or with fewer after `window` seconds. Each
    variable then holds a JSON array with a value for each event, in one and the same order; the
    values are text, numbers, true or false as the events have them. What ECS takes is 8192
    characters: events beyond that get tasks of their own, one after another.

    Cost (us-east-1): the queue and the pipe take 0.40 USD a million requests each. An event is one
    or two requests of the queue, and at most one of the pipe, which counts by 64 KB.
    """

    size: Annotated[int, Field(ge=2, le=100)]
    """Events of a batch, 2 to 100. An execution takes 262144 bytes, and a hundred events of up to
    1,500 bytes each fit: let batches of larger ones be smaller, for what doesn't fit can't be
    started, and ends in the job's dead-letter queue."""
    window: Annotated[int, Field(ge=1, le=300)]
    """Seconds to wait for a full batch, 1 to 300. While few events come EventBridge may wait 20
    seconds even where this is less."""


class EventSettings(Model):
    """Which events start a job, and what of them it gets.

    EventBridge starts a task for each event that matches, at least once: seldom a second time for
    the same event, so do work that can be repeated. Events of AWS's services are free, others cost
    1.00 USD a million when they are published (us-east-1).
    """

    bus: Annotated[str, Field(max_length=40)] | None = None
    """Name of an event bus declared under `eventBuses`; the account's default bus, on which AWS's
    services tell what happens, by default. An existing one has to be in this account and region."""
    pattern: Annotated[dict[str, Any], AfterValidator(_pattern)]
    """Which events, as EventBridge's event pattern: `{source: [shop.orders], detail-type: [Order
    placed], detail: {total: [{numeric: ['>', 100]}]}}`."""
    environment: dict[EnvironmentName, EventPath] = Field(default_factory=dict)
    """Environment variables that hold fields of the event, by their path: `ORDER_ID:
    $.detail.order.id`. A field holds text, a number, true or false; for lists and objects pass what
    identifies them. With variables Step Functions starts the task, and fails where the event has no
    such field, which rings the job's alarm; so choose fields that each matching event has. ECS
    takes 8192 characters for all of them. They are readable to anybody who may describe tasks or
    executions, so not for credentials."""
    batch: EventBatchSettings | None = None
    """Start one task for many events: `{size: 50, window: 60}`; one for each by default."""

    @property
    def pattern_json(self) -> str:
        """The pattern as EventBridge gets it."""
        return as_json(self.pattern)

    @property
    def variables(self) -> Mapping[str, str]:
        """Paths of what the container gets of the event, by variable."""
        return self.environment


OBJECT_VARIABLES: Final[Mapping[str, str]] = {
    "OBJECT_BUCKET": "$.detail.bucket.name",
    "OBJECT_KEY": "$.detail.object.key",
    "OBJECT_SIZE": "$.detail.object.size",
}
"""What a container gets of a new object: what each of S3's events has, unlike a version (Amazon S3
user guide, "EventBridge event message structure")."""

LONGEST_BUCKET: Final = 63
"""Characters of a bucket's name (Amazon S3 user guide, "Bucket naming rules")."""

KeyPart = Annotated[
    str,
    Field(min_length=1, max_length=512),
    matching(r'[^"\\]+', "must be a part of objects' keys without quotes and backslashes"),
]


class ObjectsSettings(Model):
    """Which new objects start a job.

    Step Functions starts a task for each object that is written, copied or uploaded in parts, at
    least once. The task finds it by OBJECT_BUCKET, OBJECT_KEY and OBJECT_SIZE (bytes); to read it
    the job needs a grant on the bucket. The key is as somebody chose it: treat it as any other
    input. At most 1.00 USD for a million objects, and 25.00 USD for the starts (us-east-1).
    """

    bucket: Annotated[str, Field(max_length=40)]
    """Name of a bucket declared under `buckets`. One that this stack creates tells EventBridge of
    its objects then. An existing one has to be in this region, and its owner has to switch
    EventBridge on in the bucket's properties; one in another account forwards the events, with a
    rule there, to the default event bus of this account, whose policy admits that."""
    prefix: KeyPart | None = None
    """What keys of objects begin with, such as incoming/; anything by default."""
    suffix: KeyPart | None = None
    """What keys of objects end in, such as .csv; anything by default. With a prefix too it takes a
    wildcard, which 30 rules of an event bus can have."""
    batch: EventBatchSettings | None = None
    """Start one task for many objects: `{size: 50, window: 60}`; one for each by default."""

    @model_validator(mode="after")
    def _fits_a_pattern(self) -> Self:
        problem = pattern_problem(self.pattern_of("b" * LONGEST_BUCKET))
        if problem:
            raise ValueError(f"with prefix and suffix its event pattern {problem}: shorten them")
        return self

    @property
    def variables(self) -> Mapping[str, str]:
        """Paths of what the container gets of the event, by variable."""
        return OBJECT_VARIABLES

    def pattern_of(self, bucket: str) -> dict[str, Any]:
        """Return which events tell of these objects.

        Args:
            bucket: the bucket's name in AWS.
        """
        key = self._key_comparison()
        detail: dict[str, Any] = {"bucket": {"name": [bucket]}}
        if key:
            detail["object"] = {"key": [key]}
        return {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": detail}

    def _key_comparison(self) -> dict[str, str]:
        """Compare a key; both ends at once take a wildcard, since a list would mean either."""
        if self.prefix and self.suffix:
            return {"wildcard": f"{any_text(self.prefix)}*{any_text(self.suffix)}"}
        if self.prefix:
            return {"prefix": self.prefix}
        return {"suffix": self.suffix} if self.suffix else {}
