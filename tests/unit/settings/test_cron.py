"""Times of schedules, as AWS takes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from components.settings.cron import Cron, Moment, TimeZone, cron_problem

CRON, MOMENT, TIME_ZONE = (TypeAdapter[str](kind) for kind in (Cron, Moment, TimeZone))


@pytest.mark.parametrize(
    "cron",
    [
        # All of the examples in "Cron expressions reference", Amazon EventBridge user guide.
        "0 10 * * ? *",
        "15 12 * * ? *",
        "0 18 ? * MON-FRI *",
        "0 8 1 * ? *",
        "0/15 * * * ? *",
        "0/10 * ? * MON-FRI *",
        "0/5 8-17 ? * MON-FRI *",
        "0/30 0-2,20-23 ? * MON-FRI *",
        "15 10 ? * 6L 2022-2023",
        "0 9 ? * 3#2 *",
        "0 9 3W * ? *",
        "0 0 L * ? *",
        "*/5 0 1,15 JAN-MAR,12 ? 2026",
        "59 23 31 12 ? 2199",
    ],
)
def test_what_aws_documents_is_taken(cron: str) -> None:
    assert cron_problem(cron) is None


@pytest.mark.parametrize(
    ("cron", "says"),
    [
        ("0 20 * * MON-FRI", "six cron fields"),
        ("cron(0 20 ? * MON-FRI *)", "six cron fields and nothing else"),
        ("rate(5 minutes)", "six cron fields"),
        ("", "six cron fields"),
        ("60 20 ? * MON *", "minutes can't be 60: it holds 0 to 59"),
        ("-1 20 ? * MON *", "minutes can't be -1"),
        ("0 24 ? * MON *", "hours can't be 24: it holds 0 to 23"),
        ("0 20 0 * ? *", "day of month can't be 0: it holds 1 to 31"),
        ("0 20 32W * ? *", "day of month can't be 32W"),
        ("0 20 1 13 ? *", "month can't be 13: it holds 1 to 12 or JAN to DEC"),
        ("0 20 1 jan ? *", "month can't be jan"),
        ("0 20 ? * 0 *", "day of week can't be 0: it holds 1 to 7 or SUN to SAT"),
        ("0 20 ? * 8 *", "day of week can't be 8"),
        ("0 20 ? * MON#6 *", "day of week can't be MON#6"),
        ("0 20 ? * 3#1,6#3 *", "day of week can't be 3#1,6#3"),
        ("0 20 ? * FRI-MON *", "a range goes from the lower to the higher"),
        ("0 22-6 ? * MON *", "hours can't be 22-6: a range goes"),
        ("0/0 20 ? * MON *", "minutes can't be 0/0: a step is 1 to 59"),
        ("0/ 20 ? * MON *", "a step is 1 to 59"),
        ("1-2-3 20 ? * MON *", "minutes can't be 1-2-3"),
        ("1,,2 20 ? * MON *", "minutes can't be 1,,2"),
        ("0 20 ? * MON 1969", "year can't be 1969: it holds 1970 to 2199"),
        ("? 20 ? * MON *", "minutes can't be ?"),
        ("0 20 * * * *", "exactly one of day of month (third) and day of week (fifth) has to be ?"),
        ("0 20 ? * ? *", "exactly one of day of month"),
        ("0 20 1 * MON *", "exactly one of day of month"),
    ],
)
def test_what_aws_does_not_document_is_told(cron: str, says: str) -> None:
    problem = cron_problem(cron)
    assert problem
    assert says in problem


days = st.one_of(
    st.tuples(st.integers(1, 31).map(str), st.just("?")),
    st.tuples(st.just("?"), st.sampled_from(["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])),
)


@given(st.integers(0, 59), st.integers(0, 23), days, st.integers(1, 12), st.integers(1970, 2199))
def test_every_single_moment_is_taken(
    minute: int, hour: int, day: tuple[str, str], month: int, year: int
) -> None:
    assert cron_problem(f"{minute} {hour} {day[0]} {month} {day[1]} {year}") is None


@given(st.text(max_size=30))
def test_any_text_is_taken_or_told(text: str) -> None:
    problem = cron_problem(text)
    assert problem is None or problem


def valid(adapter: TypeAdapter[str], text: str) -> bool:
    try:
        adapter.validate_python(text)
    except ValidationError:
        return False
    return True


def test_white_space_between_fields_is_one_space() -> None:
    assert CRON.validate_python(" 0  20 ? * MON-FRI\t* ") == "0 20 ? * MON-FRI *"


@pytest.mark.parametrize(
    ("moment", "taken"),
    [
        ("2026-12-24T18:00:00", True),
        ("2028-02-29T00:00:00", True),
        ("2026-02-29T00:00:00", False),
        ("2026-12-24T24:00:00", False),
        ("2026-12-24T18:00", False),
        ("2026-12-24 18:00:00", False),
        ("2026-12-24T18:00:00Z", False),
        ("2026-12-4T18:00:00", False),
    ],
)
def test_a_moment_is_a_real_date_and_time_to_the_second(
    moment: str,
    taken: bool,  # noqa: FBT001 - a parameter
) -> None:
    assert valid(MOMENT, moment) is taken


def test_a_moment_that_is_over_is_taken_so_that_the_file_still_deploys() -> None:
    assert valid(MOMENT, "2020-12-24T18:00:00")


@pytest.mark.parametrize(
    ("zone", "taken"),
    [
        ("UTC", True),
        ("Europe/Berlin", True),
        ("America/Argentina/Buenos_Aires", True),
        ("Europe/Atlantis", False),
        ("europe/berlin", False),
        ("+02:00", False),
        ("posix/Europe/Berlin", False),
        ("", False),
    ],
)
def test_a_time_zone_has_an_iana_name(
    zone: str,
    taken: bool,  # noqa: FBT001 - a parameter
) -> None:
    assert valid(TIME_ZONE, zone) is taken


def test_without_a_time_zone_database_any_name_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.settings.cron._time_zones", frozenset)
    assert valid(TIME_ZONE, "Europe/Atlantis")
