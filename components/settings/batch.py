"""Settings of AWS Batch: where its jobs run, and the queues in which they wait."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import NAME, Model, each_once, matching

BatchName = Annotated[str, Field(max_length=30), NAME]
"""Short enough for the names that AWS's resources get."""

ShareIdentifier = Annotated[
    str,
    Field(max_length=255),
    matching(r"[A-Za-z0-9]+", "must be letters and digits, without hyphens"),
]

SharePattern = Annotated[
    str,
    Field(max_length=256),
    matching(
        r"[A-Za-z0-9]{1,255}\*?",
        "must be letters and digits, without hyphens; with a * at the end it means all that begin "
        "so",
    ),
]


class BatchEnvironmentSettings(Model):
    """A compute environment: capacity of Fargate that queues use, up to a limit.

    Free by itself: its tasks are billed as any on Fargate, by the second and a minute at least. Its
    jobs share one security group, which lets nothing in, and HTTPS and the file systems that they
    mount out.
    """

    capacity: Literal["on-demand", "spot"] = "on-demand"
    """on-demand, or spot: about 70 % less, and a job may be stopped with two minutes' notice and
    start again from its beginning, if it has retries. To change it makes another environment: do so
    while none of its jobs runs, or declare a second one and point the queues at it."""
    max_vcpus: Annotated[int, Field(ge=1, le=100_000)] = 16
    """vCPUs that its jobs use at most at once, 1 to 100000; others wait. The account's own limit of
    Fargate vCPUs is 6 until AWS raises it."""


class FairShareSettings(Model):
    """How a queue's jobs share its capacity, by the share identifiers that they are submitted with.

    Without it a queue is first in, first out, and one who submits a thousand jobs keeps all others
    waiting. Every job is submitted with a share identifier then.
    """

    weights: dict[SharePattern, Annotated[float, Field(ge=0.0001, le=999.9999)]] = Field(
        default_factory=dict, max_length=500
    )
    """Weights by share identifier, 0.0001 to 999.9999: 0.5 gets twice as much as 1, which is what
    others have. `teamA*` means all identifiers that begin with teamA; no two may overlap."""
    compute_reservation: Annotated[int, Field(ge=0, le=99)] = 0
    """Percent of the capacity, 0 to 99, that stay free for share identifiers without a job, while
    only one has some: 50 keep half of it free, and a quarter while two have."""
    decay_seconds: Annotated[int, Field(ge=0, le=604_800)] = 0
    """Seconds, 0 to 604800 (a week), for which a share is held to have used what it used; 0 is 600.
    Longer where jobs take longer than ten minutes."""

    @model_validator(mode="after")
    def _no_two_overlap(self) -> Self:
        for pattern in self.weights:
            for other in self.weights:
                start = pattern.removesuffix("*")
                if pattern != other and pattern.endswith("*") and other.startswith(start):
                    raise ValueError(
                        f"weights has {pattern} and {other}, which overlap, and AWS would not know "
                        "the weight of a share identifier that both mean; remove one of them"
                    )
        return self


class BatchQueueSettings(Model):
    """A queue in which jobs wait until one of its environments has room. Free by itself."""

    environments: Annotated[
        tuple[str, ...], Field(min_length=1, max_length=3), AfterValidator(each_once)
    ]
    """Names of 1 to 3 environments, in the order in which they are tried: spot first, and on-demand
    when that is full."""
    priority: Annotated[int, Field(ge=0, le=1_000)] = 1
    """0 to 1000: of queues that use the same environment the one with the higher number is looked
    at first."""
    fair_share: FairShareSettings | None = None
    """How jobs share the queue's capacity; first in, first out without it. To add or to remove it
    makes another queue, and ends the jobs that wait in the old one."""


class BatchSettings(Model):
    """AWS Batch on Fargate: environments and queues for jobs with `batch`. None by default.

    Batch runs what is submitted as soon as there is room, and keeps the rest waiting: for many jobs
    at once, where a schedule or an event alone would start all of them.
    """

    environments: dict[BatchName, BatchEnvironmentSettings] = Field(default_factory=dict)
    """Compute environments by name."""
    queues: dict[BatchName, BatchQueueSettings] = Field(default_factory=dict)
    """Queues by name."""
