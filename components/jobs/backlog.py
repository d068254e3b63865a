"""What a queue's workers are scaled by: arithmetic and CloudWatch's metric math, no resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

from components.ecs.deployment import MARGIN_MINUTES

SCALE_OUT_COOLDOWN: Final = 180
"""Seconds until a new task runs and is counted: image and start, then two minutes of metrics."""
SCALE_IN_COOLDOWN: Final = 300
WAKE_COOLDOWN: Final = 300
"""Seconds in which one task starts and asks for messages; only then is another one started."""
SLOWEST_MESSAGE: Final = 3
"""How many times the average a message may take before an update no longer waits for it."""
LATE: Final = 2
"""How many times what it may wait a message has waited when somebody is told. What is held is the
backlog, so that some wait longer than its time (docs/guides/queue-scaling.md)."""
STARTING: Final = 1_800
"""Seconds in which the first task runs, 18 minutes at the latest, and scaling has caught up."""


@dataclass(frozen=True)
class Metric:
    """A metric of CloudWatch and the statistic of a minute."""

    namespace: str
    name: str
    statistic: str


VISIBLE: Final = Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum")
HIDDEN: Final = Metric("AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "Maximum")
RECEIVED: Final = Metric("AWS/SQS", "NumberOfMessagesReceived", "Sum")
EMPTY: Final = Metric("AWS/SQS", "NumberOfEmptyReceives", "Sum")
RUNNING: Final = Metric("ECS/ContainerInsights", "RunningTaskCount", "Average")

BACKLOG_METRICS: Final[Mapping[str, Metric]] = {
    "visible": VISIBLE,
    "hidden": HIDDEN,
    "running": RUNNING,
}
UNATTENDED_METRICS: Final[Mapping[str, Metric]] = {
    "visible": VISIBLE,
    "hidden": HIDDEN,
    "received": RECEIVED,
    "empty": EMPTY,
}

UNATTENDED: Final[Mapping[str, str]] = {
    "unattended": "IF((FILL(hidden, 0) + FILL(received, 0) + FILL(empty, 0)) > 0, 0, visible)"
}
"""Messages that nobody works on in a minute in which nobody asked for any: no task runs.

All of it comes from SQS at one time, so that no number is older than the others, and it needs no
metric of a service that has no task. What SQS didn't count it doesn't publish: that is the zero.
"""


def backlog(target: float) -> Mapping[str, str]:
    """Return the metric math of the messages per task, by id; the last one is what is held.

    - Messages that are worked on count: else a single long one would look like none, and the task
      that works on it like one too many. SQS publishes their number only while there are some.
    - While anything waits it counts as one task's part at least, so that target tracking, which
      divides by `target`, leaves a task to finish it, and goes to none when the queue is empty.
    - Without a running task there is no division by zero: it counts as one.
    - Container Insights is later than SQS: until it says another, the last number of tasks holds.
      Zero for it would make the backlog of one task of that of all.

    Args:
        target: messages for each task.
    """
    return {
        "waiting": "visible + FILL(hidden, 0)",
        "tasks": "FILL(running, REPEAT)",
        "backlog": f"IF(waiting > 0, IF(waiting > {target:.2f}, waiting, {target:.2f})"
        " / IF(tasks > 1, tasks, 1), 0)",
    }


def late_after(latency: int, seconds_per_message: float) -> int:
    """Return the age in seconds at which a message tells that the workers don't keep up.

    Its work is part of its age: SQS knows that it is done when it is deleted.
    """
    return LATE * latency + STARTING + ceil(SLOWEST_MESSAGE * seconds_per_message)


def longest_update(seconds_per_message: float) -> str:
    """Return how long an update waits for tasks that protect themselves until they are done."""
    return f"{MARGIN_MINUTES + ceil(SLOWEST_MESSAGE * seconds_per_message / 60)}m"
