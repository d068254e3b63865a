"""Settings of automatic scaling."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from components.settings.base import NAME, Model, matching
from components.settings.cron import Cron, Moment, TimeZone

Tasks = Annotated[int, Field(ge=0, le=5_000)]
Percent = Annotated[int, Field(ge=10, le=90)]
Seconds = Annotated[int, Field(ge=0, le=3_600)]
ActionName = Annotated[str, Field(max_length=32), NAME]
MetricText = Annotated[
    str,
    Field(min_length=1, max_length=255),
    matching(r"[!-~](?:[ -~]*[!-~])?", "must be printable ASCII, with no space at its ends"),
]


class MetricSettings(Model):
    """A metric of CloudWatch that falls as tasks are added, such as the messages per task.

    One that doesn't fall, such as the length of a queue, adds tasks up to `max`. The service itself
    or something else publishes it (0.30 USD a month for each custom metric, us-east-1).
    """

    namespace: Annotated[MetricText, matching(r"[^:].*", "must not begin with a colon")]
    """Its namespace, such as Shop/Orders."""
    name: MetricText
    """Its name, such as BacklogPerTask."""
    dimensions: dict[MetricText, MetricText] = Field(default_factory=dict, max_length=30)
    """Its dimensions: all that it is published with, and no other."""
    statistic: Literal["Average", "Minimum", "Maximum", "SampleCount", "Sum"] = "Average"
    """How data points of a minute become one."""
    target: Annotated[float, Field(ge=0.000_001, le=1e12)]
    """The value that scaling holds, in the metric's own unit."""


class CooldownSettings(Model):
    """How long scaling waits for its last step to take effect.

    On EKS they are the autoscaler's stabilization windows: the time over which it looks back for
    the largest (in) or smallest (out) number of pods that it wanted.
    """

    in_: Annotated[Seconds, Field(alias="in")] = 300
    """Seconds between two steps down, 0 to 3600: longer, since a missing task costs more than one
    too many."""
    out: Seconds = 60
    """Seconds between two steps up, 0 to 3600."""


class ScheduledScalingSettings(Model):
    """At a time, other limits for the number of tasks; they hold until the next time.

    No cost. AWS is punctual to the minute, not to the second.
    """

    cron: Cron | None = None
    """When, again and again: AWS's six fields minutes, hours, day of month, month, day of week and
    year, one of the two days a ?, such as `0 20 ? * MON-FRI *`. It is an error where no time is
    left: on 31 February, or once all of its years are over."""
    at: Moment | None = None
    """When, once: '2026-12-24T18:00:00', in quotes. Remove it afterwards: AWS takes no past time
    when it has to be written again."""
    timezone: TimeZone = "UTC"
    """IANA time zone of cron and at, such as Europe/Berlin; summer time is kept."""
    min: Tasks | None = None
    """Smallest number of tasks from then on: fewer are filled up at once. That of `scaling` where
    it isn't given."""
    max: Tasks | None = None
    """Largest number of tasks from then on: more are stopped at once. That of `scaling` where it
    isn't given. min 0 and max 0 stop the service."""

    @model_validator(mode="after")
    def _says_when_and_what(self) -> Self:
        if (self.cron is None) == (self.at is None):
            raise ValueError("needs either cron (again and again) or at (once)")
        if self.min is None and self.max is None:
            raise ValueError("changes nothing: give min, max or both")
        return self


class ScalingSettings(Model):
    """How many tasks or pods run: a fixed `count`, or between `min` and `max` by what they do.

    Each of `cpu`, `memory`, `requests` and `metric` is a target of its own; when one of them asks
    for more tasks they are started, and tasks are stopped when all agree.
    """

    count: Tasks | None = None
    """A fixed number of tasks, without automatic scaling; 0 stops the service. None by default.
    After a change from automatic scaling to it, run `pulumi up --refresh` once: what scaling did
    isn't known to Pulumi."""
    min: Annotated[int, Field(ge=0, le=1_000)] = 1
    """Smallest number of tasks; 2 or more survive the loss of a zone. 0 needs a schedule that
    starts tasks, since scaling by what tasks do measures nothing without one."""
    max: Annotated[int, Field(ge=1, le=5_000)] = 4
    """Largest number of tasks (ECS allows 5,000 a service)."""
    cpu: Percent | None = 60
    """Average CPU, in percent of what was asked for, that scaling holds, 10 to 90; null scales by
    the other targets alone."""
    memory: Percent | None = None
    """Average memory, in percent of what was asked for, that scaling holds, 10 to 90; none by
    default. Only for software that gives memory back."""
    requests: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Requests per task and minute that scaling holds; needs a route and rolling deployments (ECS
    only). None by default."""
    metric: MetricSettings | None = None
    """A CloudWatch metric that scaling holds (ECS only); none by default."""
    schedule: dict[ActionName, ScheduledScalingSettings] = Field(
        default_factory=dict, max_length=200
    )
    """Times, by a name of yours, at which `min` and `max` become others, such as none at night (ECS
    only). Once one has come, `min` and `max` above only stand for what an entry leaves out. After
    the last entry is removed, run `pulumi up --refresh` once."""
    cooldown: CooldownSettings | None = None
    """Pauses between two steps. By default 300 seconds in and 60 out on ECS; on EKS Kubernetes' own
    windows, 300 and 0."""

    @property
    def initial(self) -> int:
        """Tasks that the first deployment starts."""
        return self.min if self.count is None else self.count

    @property
    def fewest(self) -> int:
        """The smallest number of tasks that ever run, 1 at least."""
        if self.count is not None:
            return max(self.count, 1)
        lows = (self.min, *(low for low, _ in self.limits.values()))
        return min(filter(None, lows), default=1)

    @property
    def largest(self) -> int:
        """The largest number of tasks or pods that ever run, deployments aside."""
        if self.count is not None:
            return self.count
        return max((self.max, *(high for _, high in self.limits.values())))

    @property
    def limits(self) -> Mapping[str, tuple[int, int]]:
        """Smallest and largest number of tasks that each entry of the schedule sets."""
        return {
            name: (
                self.min if entry.min is None else entry.min,
                self.max if entry.max is None else entry.max,
            )
            for name, entry in self.schedule.items()
        }

    @model_validator(mode="after")
    def _possible(self) -> Self:
        for problem in (*self._of_count(), *self._of_range(), *self._of_schedule()):
            raise ValueError(problem)
        return self

    def _of_count(self) -> Iterator[str]:
        others = [
            type(self).model_fields[name].alias or name
            for name in type(self).model_fields
            if name in self.model_fields_set - {"count"}
        ]
        if self.count is not None and others:
            yield f"count fixes the number of tasks; remove it, or {', '.join(others)}"

    def _of_range(self) -> Iterator[str]:
        if self.min > self.max:
            yield f"min ({self.min}) must not exceed max ({self.max})"
        targets = (self.cpu, self.memory, self.requests, self.metric)
        if all(target is None for target in targets) and not self.schedule:
            yield (
                "nothing says when to scale: set cpu, memory, requests, metric or schedule, or a "
                "fixed count"
            )

    def _of_schedule(self) -> Iterator[str]:
        limits = self.limits
        for name, (low, high) in limits.items():
            if low > high:
                yield f"schedule.{name}: min ({low}) must not exceed max ({high})"
            if low == 0 < high:
                yield (
                    f"schedule.{name}: min 0 with max {high}: without a task nothing is measured, "
                    "so scaling would start none; stop the service with max 0, or set min to 1"
                )
        waking = [name for name, (low, _) in limits.items() if low > 0]
        if self.min == 0 and not waking:
            yield (
                "min 0 leaves the service without a task: without one nothing is measured, so "
                "scaling would start none; add an entry with min 1 or more to schedule, or set min "
                "to 1"
            )
        for name, (_, high) in limits.items():
            again = [one for one in waking if self.schedule[one].cron or self.schedule[name].at]
            if high == 0 and not again:
                yield (
                    f"schedule.{name} stops the service and nothing starts it again; add an entry "
                    f"with min 1 or more{' and cron' if self.schedule[name].cron else ''}"
                )
        yield from self._at_one_time()

    def _at_one_time(self) -> Iterator[str]:
        seen: dict[tuple[str | None, str | None, str], str] = {}
        for name, entry in self.schedule.items():
            first = seen.setdefault((entry.cron, entry.at, entry.timezone), name)
            if first != name:
                yield (
                    f"schedule.{first} and schedule.{name} come at the same time, and AWS says not "
                    "which is last; keep one of them"
                )
