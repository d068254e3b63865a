"""Schedule expressions: at, rate and cron, as EventBridge and Application Auto Scaling read them.

Sources: EventBridge Scheduler user guide, "Schedule types"; EventBridge user guide, "Setting a
schedule pattern for scheduled rules"; PutScheduledAction in the Application Auto Scaling API
reference.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import zoneinfo
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.standins.aws.kinds import Check

_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
_RATE = re.compile(r"rate\(([1-9]\d*) (minute|hour|day)(s?)\)")
_CRON = re.compile(r"cron\((\S+ \S+ (?:\? \S+ [^?\s]\S*|[^?\s]\S* \S+ \?) \S+)\)")
_ONCE = "at(yyyy-mm-ddThh:mm:ss), "
_ALLOWED = (
    "rate(value unit) or cron(fields), the fields being minutes, hours, day of month, month, day "
    "of week and year, one of the two days ?"
)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_NOTHING = re.compile(r"(?!)")
# Name, smallest and largest value, names of values, and what only this field may hold: the last
# day (L), the weekday nearest to a day (3W), the last Friday (6L), the second Tuesday (3#2).
_FIELDS: tuple[tuple[str, int, int, tuple[str, ...], re.Pattern[str]], ...] = (
    ("minutes", 0, 59, (), _NOTHING),
    ("hours", 0, 23, (), _NOTHING),
    ("day of month", 1, 31, (), re.compile(r"\?|LW?|([1-9]|[12]\d|3[01])W")),
    ("month", 1, 12, _MONTHS, _NOTHING),
    ("day of week", 1, 7, _DAYS, re.compile(rf"\?|L|([1-7]|{'|'.join(_DAYS)})(L|#[1-5])")),
    ("year", 1970, 2199, (), _NOTHING),
)


def expression(path: str, *, once: bool = True, agreeing: bool = False) -> Check:
    """A schedule expression.

    Args:
        path: the input that holds it.
        once: whether at(...) is allowed.
        agreeing: whether the unit of a rate must be singular for 1 and plural for more.
    """

    def run(inputs: Mapping[str, Any]) -> list[str]:
        value = limits.value_at(inputs, path)
        if value is None:
            return []
        rate, cron = _RATE.fullmatch(str(value)), _CRON.fullmatch(str(value))
        if cron:
            return [f"{path}: {problem}" for problem in _fields(cron[1].split())]
        if rate:
            mismatch = agreeing and (rate[1] == "1") == bool(rate[3])
            return [f"{path}: must be rate(1 minute) but rate(2 minutes)"] if mismatch else []
        if once and _moment(str(value)):
            return []
        return [f"{path}: must be {_ONCE if once else ''}{_ALLOWED}"]

    return run


def time_zone(path: str) -> Check:
    """A time zone by its name in the IANA database."""
    allowed = "be a time zone of the IANA database, such as Europe/Berlin"
    return limits.check(path, allowed, lambda value: value in _zones())


@functools.cache
def _zones() -> set[str]:
    return zoneinfo.available_timezones()


def _moment(text: str) -> bool:
    found = _AT.fullmatch(text)
    try:
        return bool(found and dt.datetime.fromisoformat(found[1]))
    except ValueError:
        return False


def _fields(given: list[str]) -> list[str]:
    problems = []
    for text, (name, low, high, names, special) in zip(given, _FIELDS, strict=True):
        values = {*map(str, range(low, high + 1)), *names}
        if not all(special.fullmatch(part) or _part(part, values) for part in text.split(",")):
            words = f" or {names[0]} to {names[-1]}" if names else ""
            problems.append(
                f"the {name} in cron must be {low} to {high}{words}, *, or made of them"
            )
    return problems


def _part(text: str, values: set[str]) -> bool:
    """One value, a range, or either with a step."""
    base, slash, step = text.partition("/")
    if slash and not re.fullmatch(r"[1-9]\d*", step):
        return False
    ends = base.split("-")
    plain = [end.lstrip("0") or "0" if end.isdigit() else end for end in ends]
    return base == "*" or (len(ends) <= 2 and values.issuperset(plain))  # noqa: PLR2004 - two ends
