"""Times as AWS's schedules write them: cron expressions, moments and time zones.

Source: Amazon EventBridge user guide, "Cron expressions reference", which the Application Auto
Scaling user guide refers to. What it doesn't describe (ranges that wrap around, LW, lower case) is
refused, since nobody can try it before the schedule is due.
"""

import calendar
import difflib
import functools
import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, Field

EXAMPLE: Final = "0 20 ? * MON-FRI *"


@dataclass(frozen=True)
class CronField:
    """One of the six fields.

    Attributes:
        name: what it is called.
        low, high: its smallest and largest number.
        names: words that stand for numbers.
        special: what else it may hold as a whole, as a pattern.
    """

    name: str
    low: int
    high: int
    names: Mapping[str, int] = field(default_factory=dict)
    special: str = r"(?!)"

    def problem(self, text: str) -> str | None:
        """Say what is wrong with the field, or None."""
        if text == "*" or re.fullmatch(self.special, text):
            return None
        for part in text.split(","):
            base, slash, step = part.partition("/")
            numbers = (
                [self.low] if slash and base == "*" else list(map(self.number, base.split("-")))
            )
            if min(numbers) < self.low or max(numbers) > self.high or len(numbers) > 2:  # noqa: PLR2004 - the two ends of a range
                words = [*self.names]
                named = f" or {words[0]} to {words[-1]}" if words else ""
                return f"{self.name} can't be {text}: it holds {self.low} to {self.high}{named}"
            if numbers != sorted(numbers):
                return f"{self.name} can't be {text}: a range goes from the lower to the higher"
            if slash and not 1 <= digits(step) <= self.high:
                return f"{self.name} can't be {text}: a step is 1 to {self.high}"
        return None

    def number(self, text: str) -> int:
        """Return the number that a word or digits stand for, -1 for anything else."""
        return self.names.get(text, digits(text))

    def holds(self, text: str, number: int) -> bool:
        """Say whether a valid field that is nothing special as a whole has a number."""
        return any(self._part_holds(part, number) for part in text.split(","))

    def _part_holds(self, part: str, number: int) -> bool:
        base, slash, step = part.partition("/")
        low, _, high = base.partition("-")
        first = self.low if base == "*" else self.number(low)
        last = self.number(high) if high else self.high if slash or base == "*" else first
        return first <= number <= last and (number - first) % int(step or 1) == 0


def digits(text: str) -> int:
    """Return a number of up to four digits, -1 for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else -1


MONTHS: Final = (
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
)  # fmt: skip
DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_DAY: Final = rf"(?:[1-7]|{'|'.join(DAYS)})"

FIELDS: Final = (
    CronField("minutes", 0, 59),
    CronField("hours", 0, 23),
    CronField("day of month", 1, 31, special=r"\?|L|(?:[1-9]|[12][0-9]|3[01])W"),
    CronField("month", 1, 12, {name: at for at, name in enumerate(MONTHS, 1)}),
    CronField(
        "day of week",
        1,
        7,
        {name: at for at, name in enumerate(DAYS, 1)},
        special=rf"\?|L|{_DAY}L|{_DAY}#[1-5]",
    ),
    CronField("year", 1970, 2199),
)


def cron_problem(text: str) -> str | None:
    """Say why AWS takes no schedule of these six fields, or None."""
    fields = text.split()
    if len(fields) != len(FIELDS) or text.startswith(("cron", "rate", "at")):
        return (
            "must be AWS's six cron fields and nothing else: minutes, hours, day of month, month, "
            f"day of week, year, such as {EXAMPLE}"
        )
    for one, given in zip(FIELDS, fields, strict=True):
        problem = one.problem(given)
        if problem:
            return problem
    if (fields[2] == "?") == (fields[4] == "?"):
        return (
            "exactly one of day of month (third) and day of week (fifth) has to be ?, such as "
            f"{EXAMPLE}"
        )
    return None


def never_due(text: str, year: int) -> str | None:
    """Say why a valid expression has no time from the beginning of a year on, or None."""
    _, _, day, month, weekday, given_years = text.split()
    *_, months, _, years = FIELDS
    left = [each for each in range(year, years.high + 1) if years.holds(given_years, each)]
    if not left:
        return (
            f"its years ({given_years}) are over, so that it would never be due: name later ones, "
            "or remove what is done"
        )
    if any(
        months.holds(month, number) and _has_day(day, weekday, each, number)
        for each in left
        for number in range(months.low, months.high + 1)
    ):
        return None
    what = f"day of month {day}" if weekday == "?" else f"day of week {weekday}"
    last = "L" if weekday == "?" else f"{weekday.partition('#')[0]}L"
    when = "" if given_years == "*" else f" of {given_years}"
    return (
        f"there is no {what} in month {month}{when}, so that it would never be due; the last one "
        f"of a month is {last}"
    )


def _has_day(day: str, weekday: str, year: int, month: int) -> bool:
    """Say whether a month has a day that the two fields for days mean; one of them is ?."""
    first, length = calendar.monthrange(year, month)
    if weekday == "?":
        if day.endswith("W"):
            return int(day[:-1]) <= length
        return day == "L" or any(FIELDS[2].holds(day, each) for each in range(1, length + 1))
    name, _, week = weekday.partition("#")
    if not week:
        return True
    # The calendar counts days of the week from Monday as 0, AWS from Sunday as 1.
    earliest = 1 + (FIELDS[4].number(name) - 2 - first) % 7
    return earliest + 7 * (int(week) - 1) <= length


def first_year(now: datetime) -> int:
    """Return the earliest year that it is anywhere: the day ends last where UTC is 12 hours on."""
    return (now.astimezone(UTC) - timedelta(hours=12)).year


def _cron(text: str) -> str:
    problem = cron_problem(text) or never_due(text, first_year(datetime.now(UTC)))
    if problem:
        raise ValueError(problem)
    return " ".join(text.split())


Cron = Annotated[str, Field(max_length=256), AfterValidator(_cron)]
"""AWS's six cron fields, without the word cron around them. They mean a time that comes."""


def _moment(text: str) -> str:
    try:
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S")  # noqa: DTZ007 - its zone is apart
    except ValueError:
        moment = None
    if moment is None or moment.isoformat() != text:
        raise ValueError("must be a date and time in quotes, such as '2026-12-24T18:00:00'")
    return text


Moment = Annotated[str, AfterValidator(_moment)]
"""A date and time to the second; in which time zone is said elsewhere."""


@functools.cache
def _time_zones() -> frozenset[str]:
    """Return the names of this machine's time zone database; none where it has no database."""
    return frozenset(
        name
        for name in zoneinfo.available_timezones()
        if not name.startswith(("posix/", "right/", "localtime", "Factory"))
    )


def _time_zone(name: str) -> str:
    known = _time_zones()
    if known and name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise ValueError(f"must be an IANA time zone such as Europe/Berlin or UTC{hint}")
    return name


TimeZone = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_time_zone)]
"""A time zone by its IANA name; summer time is kept."""
