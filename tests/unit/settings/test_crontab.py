"""Schedules in Kubernetes' words start a job at exactly the times that AWS would start it."""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from components.settings.cron import DAYS, FIELDS, MONTHS, CronField, cron_problem
from components.settings.crontab import crontab
from components.settings.schedule import ScheduleSettings
from tests.unit.support import programs

KUBERNETES = (
    CronField("minutes", 0, 59),
    CronField("hours", 0, 23),
    CronField("day of month", 1, 31),
    CronField("month", 1, 12, {name: at for at, name in enumerate(MONTHS, 1)}),
    CronField("day of week", 0, 6, {name: at for at, name in enumerate(DAYS)}),
)
"""What the parser of Kubernetes takes (robfig/cron, spec.go)."""


def of(**schedule: object) -> ScheduleSettings:
    return programs.section(ScheduleSettings, schedule)


def numbers(field: CronField, text: str) -> set[int]:
    """Return the numbers that a field without special letters matches."""
    found: set[int] = set()
    for part in text.split(","):
        base, slash, step = part.partition("/")
        low, _, high = base.partition("-")
        if base in "*?":
            first, last = field.low, field.high
        else:
            first = field.number(low)
            last = field.number(high) if high else (field.high if slash else first)
        assert field.low <= first <= last <= field.high, f"{text} for {field.name}"
        found |= set(range(first, last + 1, int(step or 1)))
    return found


def days(weekday_of_sunday: int, month: int, day: int, year: int) -> tuple[int, int]:
    """Return a date's day of month and its day of week, counted from a Sunday's number."""
    return day, (datetime(year, month, day).weekday() + 1) % 7 + weekday_of_sunday  # noqa: DTZ001 - a date of the calendar, in no zone


def aws_matches(cron: str, at: datetime) -> bool:
    """Say whether AWS starts at a minute: the day that is ? says nothing."""
    fields = cron.split()
    day, weekday = days(1, at.month, at.day, at.year)
    values = (at.minute, at.hour, day, at.month, weekday)
    return all(
        text == "?" or value in numbers(field, text)
        for field, text, value in zip(FIELDS, fields, values, strict=False)
    )


def kubernetes_matches(times: str, at: datetime) -> bool:
    """Say whether a CronJob starts at a minute: one of two restricted days is enough."""
    fields = times.split()
    assert len(fields) == len(KUBERNETES)
    day, weekday = days(0, at.month, at.day, at.year)
    values = (at.minute, at.hour, day, at.month, weekday)
    hits = [
        value in numbers(field, text)
        for field, text, value in zip(KUBERNETES, fields, values, strict=True)
    ]
    minute, hour, of_month, month, of_week = hits
    either = not fields[2].startswith("*") and not fields[4].startswith("*")
    on_day = of_month or of_week if either else of_month and of_week
    return minute and hour and month and on_day


@st.composite
def fields(draw: st.DrawFn, field: CronField) -> str:
    """Draw a field: everything, numbers or names, ranges, steps, and lists of them."""
    if draw(st.booleans()):
        return "*"
    words = {number: word for word, number in field.names.items()}

    def one(number: int) -> str:
        return words[number] if draw(st.booleans()) and words else str(number)

    def part() -> str:
        ends = sorted(draw(st.tuples(*[st.integers(field.low, field.high)] * 2)))
        base = draw(st.sampled_from(["*", one(ends[0]), f"{one(ends[0])}-{one(ends[1])}"]))
        stepped = base == "*" or draw(st.booleans())
        return f"{base}/{draw(st.integers(1, field.high))}" if stepped else base

    return ",".join(part() for _ in range(draw(st.integers(1, 3))))


@st.composite
def crons(draw: st.DrawFn) -> str:
    """Draw an expression of AWS without what Kubernetes can't say."""
    given_fields = [draw(fields(field)) for field in FIELDS[:5]]
    given_fields[draw(st.sampled_from([2, 4]))] = "?"
    return " ".join((*given_fields, "*"))


MOMENTS = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2030, 1, 1))  # noqa: DTZ001 - by the clock, in whichever zone


def around(cron: str, start: datetime) -> Iterator[datetime]:
    """Yield minutes to compare at: some of each day of a month, the cron's own among them."""
    minutes = sorted({*numbers(FIELDS[0], cron.split(maxsplit=1)[0]), 0, 30})[:4]
    hours = sorted({*numbers(FIELDS[1], cron.split()[1]), 0, 12})[:4]
    for day, hour, minute in itertools.product(range(40), hours, minutes):
        yield (start + timedelta(days=day)).replace(hour=hour, minute=minute)


@given(crons(), MOMENTS)
@example("0 3 ? * MON-FRI *", datetime(2026, 3, 1))  # noqa: DTZ001 - as above
@example("0 3 ? * 1 *", datetime(2026, 3, 1))  # noqa: DTZ001 - as above
@example("0 3 ? * 7 *", datetime(2026, 3, 1))  # noqa: DTZ001 - as above
@example("0 3 ? * 2/2 *", datetime(2026, 3, 1))  # noqa: DTZ001 - as above
@example("0 3 1/5 * ? *", datetime(2026, 3, 1))  # noqa: DTZ001 - as above
def test_a_cron_job_starts_when_aws_would(cron: str, start: datetime) -> None:
    assume(cron_problem(cron) is None)
    times, _ = crontab(of(cron=cron))
    for at in around(cron, start):
        assert kubernetes_matches(times, at) == aws_matches(cron, at), (times, at)


@pytest.mark.parametrize(
    ("cron", "times"),
    [
        ("0 3 ? * MON-FRI *", "0 3 * * MON-FRI"),
        ("0 3 ? * 2-6 *", "0 3 * * 1-5"),
        ("0 3 ? * 1,7 *", "0 3 * * 0,6"),
        ("0 3 ? JAN 2/2 *", "0 3 * JAN 1/2"),
        ("0/15 8-17 1,15 * ? *", "0/15 8-17 1,15 * *"),
    ],
)
def test_days_of_the_week_are_counted_from_zero_and_an_open_day_is_a_star(
    cron: str, times: str
) -> None:
    assert crontab(of(cron=cron)) == (times, "UTC")


def test_a_cron_keeps_its_time_zone() -> None:
    assert crontab(of(cron="0 3 ? * * *", timezone="Europe/Berlin"))[1] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("cron", "says"),
    [
        ("0 3 ? * MON 2199", "year can't be 2199"),
        ("0 3 L * ? *", "day of month can't be L"),
        ("0 3 15W * ? *", "day of month can't be 15W"),
        ("0 3 ? * L *", "day of week can't be L"),
        ("0 3 ? * 6L *", "day of week can't be 6L"),
        ("0 3 ? * FRIL *", "day of week can't be FRIL"),
        ("0 3 ? * TUE#2 *", "day of week can't be TUE#2"),
    ],
)
def test_what_kubernetes_has_no_word_for_is_refused_by_its_field(cron: str, says: str) -> None:
    assert cron_problem(cron) is None
    with pytest.raises(ValueError, match=says):
        crontab(of(cron=cron))


def starts(times: str) -> list[int]:
    """Return the minutes of two days at which a schedule of every day starts."""
    first = datetime(2026, 3, 2)  # noqa: DTZ001 - by the clock of UTC
    return [
        minute
        for minute in range(2 * 24 * 60)
        if kubernetes_matches(times, first + timedelta(minutes=minute))
    ]


@pytest.mark.parametrize(
    ("rate", "minutes"),
    [
        *((f"{n} minutes", n) for n in (2, 15, 20, 30, 60, 120, 720, 1440)),
        ("1 minute", 1),
        ("1 hour", 60),
        *((f"{n} hours", n * 60) for n in (2, 3, 8, 12, 24)),
        ("1 day", 1440),
    ],
)
def test_a_rate_that_divides_the_hour_or_the_day_keeps_its_pauses(rate: str, minutes: int) -> None:
    times, timezone = crontab(of(rate=rate, timezone="Europe/Berlin"))
    assert starts(times) == list(range(0, 2 * 24 * 60, minutes))
    assert timezone == "UTC"


@pytest.mark.parametrize("rate", ["7 minutes", "45 minutes", "90 minutes", "5 hours", "7 days"])
def test_any_other_rate_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match=f"given {rate}: .* has to divide the hour or the day"):
        crontab(of(rate=rate))


def test_once_is_refused() -> None:
    with pytest.raises(ValueError, match="run the job on ecs"):
        crontab(of(at="2027-01-01T00:30:00"))
