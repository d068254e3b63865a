"""Settings of a schedule: when a job starts."""

import re
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import Model
from components.settings.cron import Cron, Moment, TimeZone

RATE: Final = re.compile(r"([1-9][0-9]{0,4}) (minute|hour|day)(s?)")

WHEN: Final = ("cron", "rate", "at")
"""Keys that say when; a schedule has one of them."""


def _rate(text: str) -> str:
    found = RATE.fullmatch(text)
    if not found or (found[1] == "1") == bool(found[3]):
        raise ValueError(
            "must be a whole number of minutes, hours or days, such as 15 minutes, 1 hour or 7 "
            "days; a minute is the shortest"
        )
    return text


class ScheduleSettings(Model):
    """When a job starts: again and again, or once.

    EventBridge Scheduler starts it, to the minute: 14 million starts of a month are free, then 1.00
    USD a million. On EKS a CronJob does, for nothing.
    """

    cron: Cron | None = None
    """Again and again: AWS's six fields minutes, hours, day of month, month, day of week and year,
    one of the two days a ?, such as `0 3 ? * MON-FRI *`. On EKS without a year, L, W and #. It is
    an error where no time is left: on 31 February, or once all of its years are over."""
    rate: Annotated[str, AfterValidator(_rate)] | None = None
    """Again and again, so long after the last start: 15 minutes, 1 hour or 7 days. On EKS by the
    clock in UTC, so it has to divide the hour or the day."""
    at: Moment | None = None
    """Once: '2026-12-24T18:00:00', in quotes (ECS only). A time that is over is no error, since the
    file has to deploy the day after too. Remove the job then all the same: AWS takes no past time
    when the schedule has to be written again, as it has for another time zone."""
    timezone: TimeZone = "UTC"
    """IANA time zone of cron and at, such as Europe/Berlin; summer time is kept."""
    flexible_minutes: Annotated[int, Field(ge=1, le=1_440)] | None = None
    """Start at any time within so many minutes, 1 to 1440, so that not everything starts at the
    full hour; at the minute by default (ECS only)."""

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        given = [key for key in WHEN if getattr(self, key) is not None]
        if len(given) != 1:
            what = f"{' and '.join(given)} are given" if given else "none is given"
            raise ValueError(f"needs one of cron, rate and at; {what}")
        return self

    @property
    def key(self) -> str:
        """The key that says when."""
        return next(key for key in WHEN if getattr(self, key) is not None)

    @property
    def expression(self) -> str:
        """The schedule as EventBridge Scheduler writes it."""
        if self.cron is not None:
            return f"cron({self.cron})"
        return f"rate({self.rate})" if self.rate is not None else f"at({self.at})"
