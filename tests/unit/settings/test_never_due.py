"""Cron expressions without any time to come are refused, and no others."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from components.settings.cron import DAYS, MONTHS, Cron, cron_problem, first_year, never_due

FIRST, LAST = 2026, 2055
"""Thirty years: 29 February is each day of the week once."""
CALENDAR = [date(FIRST, 1, 1) + timedelta(days=day) for day in range(365 * 30 + 7)]


def values(text: str, low: int, high: int, names: tuple[str, ...] = ()) -> set[int]:
    """Return what a field of numbers, ranges, steps and lists means."""
    for number, name in enumerate(names, 1):
        text = text.replace(name, str(number))
    found: set[int] = set()
    for part in text.replace("*", f"{low}-{high}").split(","):
        base, _, step = part.partition("/")
        ends = [int(end) for end in base.split("-")]
        last = ends[-1] if len(ends) > 1 or not step else high
        found |= set(range(ends[0], last + 1, int(step or 1)))
    return found


def is_day_of_month(text: str, day: date) -> bool:
    """Say whether a date is what the third field means; 3W is near a 3rd that there has to be."""
    after = day + timedelta(days=1)
    if text == "L":
        return after.month != day.month
    return day.day in values(text.removesuffix("W"), 1, 31)


def is_day_of_week(text: str, day: date) -> bool:
    """Say whether a date is what the fifth field means."""
    weekday = day.isoweekday() % 7 + 1
    if text == "L":
        return weekday == 7
    if text.endswith("L"):
        last = (day + timedelta(days=7)).month != day.month
        return last and weekday in values(text[:-1], 1, 7, DAYS)
    name, _, week = text.partition("#")
    return weekday in values(name, 1, 7, DAYS) and (not week or (day.day - 1) // 7 + 1 == int(week))


def is_due(text: str) -> bool:
    """Say whether an expression has a day within the thirty years, one date after the other."""
    _, _, of_month, month, of_week, year = text.split()
    months, years = values(month, 1, 12, MONTHS), values(year, 1970, 2199)
    return any(
        day.month in months
        and day.year in years
        and (of_month == "?" or is_day_of_month(of_month, day))
        and (of_week == "?" or is_day_of_week(of_week, day))
        for day in CALENDAR
    )


def fields(low: int, high: int, names: tuple[str, ...] = ()) -> st.SearchStrategy[str]:
    """Draw numbers or names, ranges and steps, and lists of them."""
    number = st.integers(low, high)
    word = number.map(lambda one: names[one - 1]) if names else number.map(str)
    ends = st.tuples(number, number).map(lambda two: f"{min(two)}-{max(two)}")
    base = st.one_of(number.map(str), word, ends)
    steps = st.tuples(base, st.integers(1, high)).map(lambda two: f"{two[0]}/{two[1]}")
    return st.lists(st.one_of(base, base, steps), min_size=1, max_size=2).map(",".join)


LATE_DAYS = st.integers(28, 31)
WEEKDAY = st.one_of(st.integers(1, 7).map(str), st.sampled_from(DAYS))
DAYS_OF_MONTH = st.one_of(
    fields(1, 31),
    LATE_DAYS.map(str),
    LATE_DAYS.map(lambda day: f"{day}W"),
    st.sampled_from(["*", "L", "29-31", "30,31", "30/1"]),
)
DAYS_OF_WEEK = st.one_of(
    fields(1, 7, DAYS),
    WEEKDAY.map(lambda day: f"{day}L"),
    st.tuples(WEEKDAY, st.integers(1, 5)).map(lambda two: f"{two[0]}#{two[1]}"),
    st.sampled_from(["*", "L"]),
)
YEAR = st.integers(FIRST - 5, LAST)
YEARS = st.one_of(
    st.just("*"),
    st.lists(YEAR.map(str), min_size=1, max_size=2).map(",".join),
    st.tuples(YEAR, YEAR).map(lambda two: f"{min(two)}-{max(two)}"),
    st.tuples(YEAR, st.integers(1, 9)).map(lambda two: f"{two[0]}-{LAST}/{two[1]}"),
)
EXPRESSIONS = st.tuples(
    st.one_of(DAYS_OF_MONTH.map(lambda day: (day, "?")), DAYS_OF_WEEK.map(lambda day: ("?", day))),
    st.one_of(st.sampled_from(["2", "FEB", "4", "2,4", "APR,JUN"]), fields(1, 12, MONTHS)),
    YEARS,
).map(lambda drawn: f"0 3 {drawn[0][0]} {drawn[1]} {drawn[0][1]} {drawn[2]}")


@given(EXPRESSIONS)
@example("0 3 31 2 ? *")
@example("0 3 30 FEB ? *")
@example("0 3 31 4,6,9,11 ? *")
@example("0 3 29 2 ? *")
@example("0 3 29 2 ? 2029-2031")
@example("0 3 29 2 ? 2029-2055/4")
@example("0 3 29 2 ? 2032")
@example("0 3 31W 2 ? *")
@example("0 3 ? 2 SUN#5 *")
@example("0 3 ? 2 SUN#5 2031-2033")
@example("0 3 ? 2 SUN#5 2033-2050")
@example("0 3 L 2 ? 2027")
@example("0 3 1 1 ? 2021-2025")
@example("0 3 1 1 ? 2025-2026")
def test_what_is_refused_has_no_day_in_thirty_years_and_what_is_taken_has_one(text: str) -> None:
    assume(cron_problem(text) is None)
    assert (never_due(text, FIRST) is None) == is_due(text)


def test_the_thirty_years_are_those_of_the_calendar() -> None:
    assert (CALENDAR[0], CALENDAR[-1]) == (date(FIRST, 1, 1), date(LAST, 12, 31))


def test_a_year_is_over_when_it_is_over_everywhere() -> None:
    assert first_year(datetime(2027, 1, 1, 11, 59, tzinfo=UTC)) == 2026
    assert first_year(datetime(2027, 1, 1, 12, 0, tzinfo=UTC)) == 2027
    assert first_year(datetime(2027, 1, 1, 23, 0, tzinfo=timezone(timedelta(hours=14)))) == 2026


def test_this_year_is_that_of_the_clock() -> None:
    adapter = TypeAdapter[str](Cron)
    this_year = first_year(datetime.now(UTC))
    assert adapter.validate_python(f"0 3 1 1 ? {this_year}")
    with pytest.raises(ValidationError, match=f"its years .{this_year - 1}. are over"):
        adapter.validate_python(f"0 3 1 1 ? {this_year - 1}")
