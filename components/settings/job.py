"""Settings of one job: a container that starts when it is needed and stops when it is done."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from components.settings.at_deployment import LONGEST_RUN, AtDeploymentSettings
from components.settings.base import NAME, Model
from components.settings.batch_job import BatchJobSettings
from components.settings.capacity import CapacitySettings
from components.settings.event import EventBatchSettings, EventSettings, ObjectsSettings
from components.settings.lambda_trigger import LambdaSettings
from components.settings.queue_worker import QueueTriggerSettings
from components.settings.schedule import ScheduleSettings
from components.settings.service import SERVICE_NAME_LENGTH
from components.settings.task import TaskSettings

TRIGGERS: Final[Mapping[str, str]] = {
    "schedule": "schedule",
    "event": "event",
    "objects": "objects",
    "queue": "queue",
    "lambda": "lambda_",
    "atDeployment": "at_deployment",
}
"""Keys that say what starts a job, and their fields; each job has one of them, or waits in a queue
of Batch."""
SHORTEST_TIMEOUT: Final = 60
"""Seconds of the shortest timeout that AWS Batch takes (Batch user guide, "Job timeouts")."""
LONGEST_TIMEOUT: Final = 14 * 24 * 60 * 60
"""Seconds for which a job of AWS Batch can expect to run on Fargate at most (likewise). Step
Functions would wait for a year, and Kubernetes knows no limit; the same ones hold there, so that a
job can move."""
SUPERVISED: Final = ("timeout", "retries", "concurrency")
"""Keys that Step Functions sees to: RunTask has none of them."""
DIRECT: Final = ("schedule", "event")
"""Triggers that can start a task without Step Functions."""

JobName = Annotated[str, Field(max_length=SERVICE_NAME_LENGTH), NAME]
"""As short as a service's: both are in the same names."""


class DeliverySettings(Model):
    """How hard AWS tries to start a task, and what becomes of a start that it gives up.

    On ECS Step Functions starts the task, and runs it: a start that it gives up is a failed
    execution, which rings the job's alarm. What never reaches Step Functions goes to the job's
    dead-letter queue. In Batch that is what never reaches the job's queue; on EKS, which has no
    dead-letter queue, such a start is gone. It is about starting only: a task that has started and
    fails is not started again by it.
    """

    attempts: Annotated[int, Field(ge=0, le=185)] = 185
    """Tries after the first, 0 to 185, with growing pauses (ECS only)."""
    max_age: Annotated[int, Field(ge=60, le=86_400)] = 86_400
    """Seconds after which a start is given up, 60 to 86400: a report for 6 o'clock that can't start
    until 9 may not be wanted any more. On EKS of several starts that couldn't be the last is made
    up for."""
    direct: bool = False
    """Have Scheduler or EventBridge start the task itself (ECS only), without Step Functions and
    its 0.025 USD per 1,000 starts (us-east-1; 4,000 of a month are free). A start for which Fargate
    has no capacity, or the account no quota, can then be lost without a word: ECS doesn't answer it
    with an error, so nothing tries again and no alarm rings. A job with sidecars needs it."""


class JobSettings(TaskSettings):
    """A container that starts when something asks for it, and stops when it is done.

    It is billed by the second while it runs, a minute at least, and costs nothing between.
    """

    runtime: Literal["ecs", "eks"] = "ecs"
    """Where it runs, on Fargate both: on ECS as a task, on EKS as a pod of a CronJob, which only a
    schedule starts."""
    capacity: CapacitySettings | None = None
    """on-demand, spot, or a mix such as `{onDemand: {base: 1}, spot: {weight: 3}}` (ECS only).
    Without it workers of a queue run on Spot, and other jobs where the cluster's
    ecs.defaultCapacity says: on demand unless that says otherwise."""
    schedule: ScheduleSettings | None = None
    """Start at times: again and again, or once."""
    event: EventSettings | None = None
    """Start when EventBridge gets an event, such as one of AWS's services or of another job."""
    objects: ObjectsSettings | None = None
    """Start when an object is new in a bucket."""
    queue: QueueTriggerSettings | None = None
    """Run as long as messages wait in a queue."""
    lambda_: LambdaSettings | None = Field(default=None, alias="lambda")
    """Start when a function of AWS Lambda says so, for a message or a request."""
    at_deployment: AtDeploymentSettings | None = None
    """Run at deployment, which waits for it and fails with it: a database migration."""
    batch: BatchJobSettings | None = None
    """Wait in a queue of AWS Batch until there is room, instead of starting at once: for many jobs,
    each submitted by the schedule or event beside it, by a service with a grant, or by hand."""
    delivery: DeliverySettings = DeliverySettings()
    """How hard AWS, or on EKS the CronJob, tries to start a task."""
    timeout: Annotated[int, Field(ge=SHORTEST_TIMEOUT, le=LONGEST_TIMEOUT)] | None = None
    """Seconds after which a task is stopped (SIGTERM, after stopTimeout SIGKILL) and has failed, 60
    to 1209600, which is 14 days; no limit by default. It isn't started again. Pulling the image
    counts, and each try has all the time. Step Functions sees to it, and to retries and
    concurrency: 0.025 USD per 1,000 states that it runs through and retries, 4,000 a month are free
    (us-east-1). With atDeployment the deployment sees to it, and 840 is the most and the default.
    With batch AWS Batch sees to it, and to retries, for nothing. On EKS it has to be given, and is
    for all tries together, with the pauses between them and the wait for a place on Fargate."""
    retries: Annotated[int, Field(ge=0, le=9)] = 0
    """How many times a task that failed starts again, 0 to 9: after 30 seconds, then after twice as
    long each time. It has failed when a container's exit code isn't 0, when it couldn't start, or
    when Spot took its capacity; so the work has to bear being done twice. Not after a timeout.
    With batch when there is room, and after what batch.retryOn says. On EKS after 10 seconds, then
    20, 40 and so on; and a pod that Fargate's patching takes has failed."""
    concurrency: Annotated[int, Field(ge=1, le=100)] | None = None
    """How many tasks of the job run at once, 1 to 100; a start beyond it is skipped, and ends well.
    No limit by default. A skipped event, object or message isn't kept, so it can't be beside a
    batch of events. It is no lock: two starts within the same seconds count the same tasks, and
    both run. On EKS it can be 1 only: a start beyond it waits for the end of the other, and is
    given up after delivery.maxAge."""

    @property
    def variables(self) -> Mapping[str, str]:
        """Paths of what the container gets of an event, by variable."""
        trigger = self.event or self.objects
        return trigger.variables if trigger else {}

    @property
    def event_batch(self) -> EventBatchSettings | None:
        """How many events one of its tasks is started for; None for a task for each."""
        trigger = self.event or self.objects
        return trigger.batch if trigger else None

    @property
    def supervised(self) -> tuple[str, ...]:
        """Keys for which Step Functions runs the task; without any something else starts it.

        Functions look at what ECS answers, and so start it themselves unless more is asked. On EKS
        Kubernetes sees to it all, in Batch that, and at deployment the function that waits for the
        task.
        """
        if self.needs_supervision or self.trigger not in DIRECT or self.delivery.direct:
            return self.needs_supervision
        return () if self._runs_elsewhere else (self.trigger,)

    @property
    def needs_supervision(self) -> tuple[str, ...]:
        """Keys that nothing but Step Functions can see to."""
        if self._runs_elsewhere:
            return ()
        asked = tuple(key for key in SUPERVISED if getattr(self, key))
        if self.objects:
            return ("objects", *asked)
        of_event = {"event.environment": self.variables, "event.batch": self.event_batch}
        return (*(key for key, given in of_event.items() if given), *asked)

    @property
    def _runs_elsewhere(self) -> bool:
        return bool(self.runtime == "eks" or self.at_deployment or self.batch)

    @model_validator(mode="after")
    def _sidecars_are_not_supervised(self) -> Self:
        given = [key for key in type(self.sidecars).model_fields if getattr(self.sidecars, key)]
        if given and self.supervised:
            remedy = "remove one of them"
            if not self.needs_supervision:
                remedy = (
                    "remove it, or set delivery.direct to true: without Step Functions a start for "
                    "which there is no room can be lost"
                )
            raise ValueError(
                f"{' and '.join(self.supervised)} can't be beside sidecars.{given[0]}: Step "
                "Functions takes a task for failed when any container's exit code isn't 0, and a "
                f"sidecar that is stopped after the job may have such a code; {remedy}"
            )
        return self

    @model_validator(mode="after")
    def _is_direct_where_that_is_possible(self) -> Self:
        if not self.delivery.direct:
            return self
        if self.batch:
            raise ValueError(
                "delivery.direct is about tasks that start at once, and with batch a job waits "
                "until there is room: remove direct"
            )
        if self.needs_supervision:
            keys = " and ".join(self.needs_supervision)
            raise ValueError(
                f"delivery.direct can't be beside {keys}, which Step Functions sees to: remove "
                "direct, or what it can't be beside"
            )
        return self

    @model_validator(mode="after")
    def _concurrency_needs_several_starts(self) -> Self:
        if self.concurrency and self.schedule and self.schedule.at:
            raise ValueError(
                "concurrency is for starts that overlap, and schedule.at starts once; remove it"
            )
        return self

    @model_validator(mode="after")
    def _loses_no_batch(self) -> Self:
        if self.concurrency and self.event_batch:
            key = "event" if self.event else "objects"
            raise ValueError(
                f"concurrency can't be beside {key}.batch: a start beyond it is skipped, and with "
                "it all events of its batch, which nothing keeps; remove concurrency, and let work "
                "that mustn't be done twice at once take a lock, such as a conditional write to a "
                "table"
            )
        return self

    @model_validator(mode="after")
    def _has_one_trigger(self) -> Self:
        given = [key for key, field in TRIGGERS.items() if getattr(self, field) is not None]
        if self.batch and not given:
            return self
        if len(given) != 1:
            what = f"{' and '.join(given)} are given" if given else "none is given"
            raise ValueError(
                f"needs one of {', '.join(TRIGGERS)}, or batch, to say what starts it; {what}; a "
                "job that two things start is two jobs with the same image"
            )
        return self

    @model_validator(mode="after")
    def _starts_no_worker(self) -> Self:
        """Refuse what is about starts beside a queue, whose workers aren't started one by one."""
        if self.queue is None:
            return self
        delivery = ("delivery",) if "delivery" in self.model_fields_set else ()
        given = (*delivery, *self.supervised)
        if given:
            raise ValueError(
                f"{' and '.join(given)} {'is' if len(given) == 1 else 'are'} about tasks that "
                "something starts, and workers of a queue ask for messages themselves: how often a "
                "message is tried is its queue's maxReceives, how long at a time its "
                "visibilityTimeout, how many workers there are queue.max; remove "
                f"{' and '.join(given)}"
            )
        return self

    @model_validator(mode="after")
    def _function_delivers_by_itself(self) -> Self:
        if self.lambda_ and "delivery" in self.model_fields_set:
            raise ValueError(
                "delivery is about what EventBridge starts: how often a message is tried is its "
                "queue's maxReceives, and a request is answered at once; remove delivery"
            )
        return self

    @model_validator(mode="after")
    def _runs_once_and_in_time(self) -> Self:
        if self.at_deployment is None:
            return self
        asked = ("delivery", "retries", "concurrency")
        given = [key for key in asked if key in self.model_fields_set]
        if given:
            raise ValueError(
                f"{' and '.join(given)} can't be beside atDeployment, which runs the task once: "
                f"deploy again where it failed, and remove {' and '.join(given)}"
            )
        if self.timeout and self.timeout > LONGEST_RUN:
            raise ValueError(
                f"timeout is {self.timeout} seconds, and a deployment waits {LONGEST_RUN} at most "
                "for a task: give longer work another trigger, such as lambda, and start that when "
                "the deployment is done"
            )
        return self

    @property
    def trigger(self) -> str:
        """The key of what starts it; batch, if something outside this file submits it."""
        found = (key for key, field in TRIGGERS.items() if getattr(self, field) is not None)
        return next(found, "batch")

    @property
    def granted(self) -> Mapping[str, Sequence[str]]:
        """Its grants, and to receive from the queue that it works on."""
        if self.queue is None:
            return self.grants
        levels = {*self.grants.get(self.queue.name, ()), "receive"}
        return {**self.grants, self.queue.name: tuple(sorted(levels))}
