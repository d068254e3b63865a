"""Schedules in Kubernetes' words: what a CronJob understands of AWS's cron expressions and rates.

Kubernetes reads five fields with the parser robfig/cron: it has no year, no L, W or #, and counts
days of the week from 0, where AWS counts from 1. Nor does it know an interval since the last start,
only times by the clock.
"""

import re
from typing import Final

from components.settings.schedule import RATE, ScheduleSettings

HOUR: Final = 60
DAY: Final = 24 * HOUR
MINUTES: Final = {"minute": 1, "hour": HOUR, "day": DAY}

_BEYOND: Final = (
    ("day of month", 2, "L|[0-9]+W"),
    ("day of week", 4, "[0-9A-Z]*L|[0-9A-Z]+#[0-9]"),
)
"""Fields that may hold what Kubernetes has no word for: name, position, pattern."""


def crontab(schedule: ScheduleSettings) -> tuple[str, str]:
    """Return a CronJob's schedule and its time zone.

    Args:
        schedule: as a stack file gives it.

    Raises:
        ValueError: Kubernetes can't say it; the message names the field, and what to do.
    """
    if schedule.cron is not None:
        return _of_cron(schedule.cron), schedule.timezone
    if schedule.rate is not None:
        # AWS counts the time between two starts, which no time zone changes.
        return _of_rate(schedule.rate), "UTC"
    raise ValueError("starts once, and a CronJob has no year: run the job on ecs")


def _of_cron(text: str) -> str:
    minutes, hours, day, month, weekday, year = fields = text.split()
    if year != "*":
        raise ValueError(
            f"year can't be {year}: a CronJob has no year; leave it at *, or run the job on ecs"
        )
    for name, position, pattern in _BEYOND:
        if re.fullmatch(pattern, fields[position]):
            raise ValueError(
                f"{name} can't be {fields[position]}: a CronJob knows neither L nor W nor #; name "
                "the days, or run the job on ecs"
            )
    # With one day open the other one alone decides, as with AWS's ?.
    return " ".join((minutes, hours, _open(day), month, _from_zero(_open(weekday))))


def _open(field: str) -> str:
    return "*" if field == "?" else field


def _from_zero(field: str) -> str:
    """Return days of the week counted from 0; steps behind a slash and names stay as they are."""
    return ",".join(_part_from_zero(part) for part in field.split(","))


def _part_from_zero(part: str) -> str:
    days, slash, step = part.partition("/")
    return re.sub(r"\d+", lambda found: str(int(found[0]) - 1), days) + slash + step


def _of_rate(text: str) -> str:
    found = RATE.fullmatch(text)
    minutes = int(found[1]) * MINUTES[found[2]] if found else 0
    if minutes and HOUR % minutes == 0:
        return f"{_every(minutes, HOUR)} * * * *"
    if minutes % HOUR == 0 and DAY % minutes == 0:
        return f"0 {_every(minutes // HOUR, DAY // HOUR)} * * *"
    raise ValueError(
        f"given {text}: a CronJob starts by the clock, so a rate has to divide the hour or the day "
        "evenly, such as 15 minutes, 6 hours or 1 day; write it as cron, or run the job on ecs"
    )


def _every(number: int, whole: int) -> str:
    """Return a field that matches each `number` of a `whole`."""
    if number == 1:
        return "*"
    return "0" if number == whole else f"*/{number}"
