"""Workers of a queue for a day, second by second.

What AWS does with time is in it: metrics by the minute and late, alarms of some minutes, cooldowns,
the start of a task, and SQS that stops publishing when a queue is idle.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from components.jobs.backlog import UNATTENDED, backlog
from components.settings.queue_worker import QueueTriggerSettings
from docs.queue_scaling.arrivals import DAY
from docs.queue_scaling.metric_math import evaluate
from docs.queue_scaling.scalers import Range, TargetTracking, Wake

MINUTE = 60
START_SECONDS = 60
"""From a wanted task to one that asks for messages: network interface, image, start."""
ASLEEP_AFTER = 6 * 3_600
AWAKE_AFTER = 15 * MINUTE
"""SQS stops publishing after six idle hours, and takes up to 15 minutes to begin again."""
CPU_TARGET, CPU_OUT_COOLDOWN = 60, 60
"""What a service's scaling holds by default, and its pause between two steps up."""


@dataclass
class Task:
    """One task: it starts, works on a message at a time, and stops when it is done."""

    ready: int
    busy_until: int = 0


@dataclass
class Day:
    """What came of it."""

    waits: list[int] = field(default_factory=list)
    """Seconds that each message waited for a task, or until the end, in the order of arrival."""
    left: int = 0
    """Messages that waited still at the end."""
    task_seconds: int = 0
    busy_seconds: int = 0
    most_tasks: int = 0

    def part_within(self, latency: int) -> float:
        """Return the part of messages that waited no longer."""
        return sum(wait <= latency for wait in self.waits) / len(self.waits)

    def percentile(self, percent: int) -> int:
        """Return the wait that so many percent of messages did not exceed."""
        return sorted(self.waits)[ceil(len(self.waits) * percent / 100) - 1]


@dataclass
class Counts:
    """What happened in a minute."""

    received: int = 0
    empty: int = 0
    busy: int = 0
    ran: int = 0


class Workers:
    """A queue and its tasks, without anything that scales them."""

    def __init__(self, arrivals: Sequence[int], seconds_per_message: int, tasks: Range) -> None:
        self.day = Day()
        self.wanted = tasks
        self.counts = Counts()
        self.quiet_since = 0
        self._coming = deque(arrivals)
        self._waiting: deque[int] = deque()
        self._seconds = seconds_per_message
        self._tasks = [Task(ready=0) for _ in range(tasks.desired)]

    @property
    def visible(self) -> int:
        """Messages that wait."""
        return len(self._waiting)

    def hidden(self, now: int) -> int:
        """Return the number of messages that are worked on."""
        return sum(task.busy_until > now for task in self._tasks)

    def running(self, now: int) -> int:
        """Return the number of tasks that have started."""
        return sum(task.ready <= now for task in self._tasks)

    def second(self, now: int) -> None:
        """Let a second pass."""
        while self._coming and self._coming[0] <= now:
            self._waiting.append(self._coming.popleft())
            self.quiet_since = now
        self._start_and_stop(now)
        for task in self._tasks:
            if task.ready <= now:
                self._work(task, now)
        self.day.task_seconds += len(self._tasks)
        self.day.most_tasks = max(self.day.most_tasks, len(self._tasks))

    def end(self, now: int) -> Day:
        """Return the day, with what waits still."""
        self.day.left = len(self._waiting)
        self.day.waits += [now - arrived for arrived in self._waiting]
        return self.day

    def _start_and_stop(self, now: int) -> None:
        missing = self.wanted.desired - len(self._tasks)
        self._tasks += [Task(ready=now + START_SECONDS) for _ in range(missing)]
        for task in [task for task in self._tasks if task.busy_until <= now][: max(0, -missing)]:
            # One that works protects itself, and is stopped when it is done.
            self._tasks.remove(task)

    def _work(self, task: Task, now: int) -> None:
        self.counts.ran += 1
        self.quiet_since = now
        if task.busy_until <= now:
            if not self._waiting:
                self.counts.empty += 1
                return
            self.counts.received += 1
            self.day.waits.append(now - self._waiting.popleft())
            task.busy_until = now + self._seconds
        self.counts.busy += 1
        self.day.busy_seconds += 1


def by_backlog(
    arrivals: Sequence[int], settings: QueueTriggerSettings, *, seconds: int = DAY
) -> Day:
    """Return a day of workers that the platform's own metric math scales."""
    tasks = Range(settings.min, settings.max, settings.min)
    workers = Workers(arrivals, round(settings.seconds_per_message), tasks)
    tracking = TargetTracking(settings.backlog_per_task, tasks)
    wake = Wake(tasks)
    expressions = backlog(settings.backlog_per_task)
    sqs: Mapping[str, float | None] = {}
    running: list[float | None] = [None, None]
    awake_from = 0
    for now in range(seconds):
        idle_before = now - workers.quiet_since
        workers.second(now)
        if idle_before > ASLEEP_AFTER and workers.quiet_since == now:
            awake_from = now + AWAKE_AFTER
        if now % MINUTE:
            continue
        # What is read now was published a minute after it was measured, tasks a minute later still.
        latest = {**sqs, "running": None}
        value = evaluate(expressions, latest, {"running": running[0]}) if sqs else None
        tracking.minute(now, value)
        if settings.min == 0:
            wake.minute(now, evaluate(UNATTENDED, latest, {}) if sqs else None)
        running = [running[1], float(workers.running(now))]
        publishes = awake_from <= now and now - workers.quiet_since <= ASLEEP_AFTER
        sqs = _published(workers, now) if publishes else {}
        workers.counts = Counts()
    return workers.end(seconds)


def _published(workers: Workers, now: int) -> Mapping[str, float | None]:
    """Return what SQS publishes for a minute: what it didn't count is missing."""
    return {
        "visible": float(workers.visible),
        "hidden": float(workers.hidden(now)) or None,
        "received": float(workers.counts.received) or None,
        "empty": float(workers.counts.empty) or None,
    }


def by_cpu(
    arrivals: Sequence[int],
    settings: QueueTriggerSettings,
    *,
    cpu_at_work: int,
    seconds: int = DAY,
) -> Day:
    """Return a day of the same workers, scaled as services are: by CPU, and never to none.

    Args:
        arrivals: seconds at which messages arrive.
        settings: those of the workers; at least one task runs.
        cpu_at_work: percent of a task's CPU that a message takes while it is worked on.
        seconds: for how long.
    """
    least = max(settings.min, 1)
    tasks = Range(least, settings.max, least)
    workers = Workers(arrivals, round(settings.seconds_per_message), tasks)
    tracking = TargetTracking(CPU_TARGET, tasks, out_cooldown=CPU_OUT_COOLDOWN)
    cpu: float | None = None
    for now in range(seconds):
        workers.second(now)
        if now % MINUTE:
            continue
        tracking.minute(now, cpu)
        counts, workers.counts = workers.counts, Counts()
        cpu = cpu_at_work * counts.busy / counts.ran if counts.ran else None
    return workers.end(seconds)
