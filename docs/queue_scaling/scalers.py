"""Automatic scaling as AWS does it: alarms of minutes, cooldowns and steps."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from components.jobs.backlog import SCALE_IN_COOLDOWN, SCALE_OUT_COOLDOWN, WAKE_COOLDOWN

HIGH_MINUTES, LOW_MINUTES = 3, 15
"""Minutes above the target, or below nine tenths of it, after which target tracking acts."""
LOW = 0.9


@dataclass
class Range:
    """How many tasks are wanted, between the fewest and the most."""

    least: int
    most: int
    desired: int

    def set(self, wanted: int) -> None:
        """Want a number of tasks, within the range."""
        self.desired = max(self.least, min(self.most, wanted))


@dataclass
class TargetTracking:
    """Holds a metric at a target by multiplying the tasks.

    While a scale-out's cooldown lasts, what it has added counts as part of the next one.
    """

    target: float
    tasks: Range
    out_cooldown: int = SCALE_OUT_COOLDOWN
    in_cooldown: int = SCALE_IN_COOLDOWN
    _points: list[float | None] = field(default_factory=list)
    _out_until: int = 0
    _in_until: int = 0
    _before: int = 0

    def minute(self, now: int, value: float | None) -> None:
        """Look at a new data point, at a second of the day."""
        self._points = [*self._points, value][-LOW_MINUTES:]
        if value is None:
            return
        if self._all(HIGH_MINUTES, lambda point: point > self.target):
            self._scale_out(now, value)
        elif self._all(LOW_MINUTES, lambda point: point < LOW * self.target):
            self._scale_in(now, value)

    def _all(self, minutes: int, holds: Callable[[float], bool]) -> bool:
        points = self._points[-minutes:]
        return len(points) == minutes and all(one is not None and holds(one) for one in points)

    def _scale_out(self, now: int, value: float) -> None:
        if now >= self._out_until:
            self._before = self.tasks.desired
        wanted = ceil(self._before * value / self.target)
        if wanted > self.tasks.desired:
            self.tasks.set(wanted)
            self._out_until = now + self.out_cooldown

    def _scale_in(self, now: int, value: float) -> None:
        if now < self._in_until or self.tasks.desired == self.tasks.least:
            return
        self.tasks.set(ceil(self.tasks.desired * value / self.target))
        self._in_until = now + self.in_cooldown


@dataclass
class Wake:
    """Adds one task where messages wait and no task asks for them."""

    tasks: Range
    _until: int = 0

    def minute(self, now: int, unattended: float | None) -> None:
        """Look at a new data point; a missing one is no message."""
        if unattended and now >= self._until:
            self.tasks.set(self.tasks.desired + 1)
            self._until = now + WAKE_COOLDOWN
