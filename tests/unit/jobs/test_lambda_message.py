"""What a message says to the function that starts a job for it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components.jobs.functions.message import (
    LONGEST_OVERRIDES,
    Decide,
    UnusableError,
    overrides,
    read,
    variables,
)

ORDER: dict[str, Any] = {
    "id": "A-1",
    "total": 12.5,
    "count": 3,
    "paid": True,
    "note": 'a "quoted"\n{line}',
    "items": [{"sku": "x"}, {"sku": "y"}],
    "detail-type": "order",
    "nothing": None,
}


def given(
    path: str, message: object = ORDER, *, decide: Decide | None = None
) -> Mapping[str, str] | None:
    return variables(message, fields={"FIELD": path}, declared=["FIELD", "OTHER"], decide=decide)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.id", "A-1"),
        ("$.total", "12.5"),
        ("$.count", "3"),
        ("$.paid", "true"),
        ("$.note", 'a "quoted"\n{line}'),
        ("$.items[1].sku", "y"),
        ("$.detail-type", "order"),
    ],
)
def test_a_variable_holds_the_field_as_text(path: str, value: str) -> None:
    assert given(path) == {"FIELD": value}


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("$.missing", ORDER),
        ("$.id.more", ORDER),
        ("$.id[0]", ORDER | {"id": {"0": "x"}}),
        ("$.items[2]", ORDER),
        ("$.items.sku", ORDER),
        ("$.id", "no JSON"),
        ("$.id", ["a list"]),
        ("$.id", 7),
    ],
)
def test_a_message_without_the_field_starts_nothing_and_is_told_by_its_path(
    path: str, message: object
) -> None:
    with pytest.raises(UnusableError) as raised:
        given(path, message)
    assert str(raised.value) == f"{path}: the message has no such field"


@pytest.mark.parametrize("path", ["$.items", "$.items[0]", "$.nothing"])
def test_a_field_is_one_value(path: str) -> None:
    with pytest.raises(UnusableError, match="isn't text, a number, true or false"):
        given(path)


def test_a_body_is_json_or_text() -> None:
    assert read('{"id": 1}') == {"id": 1}
    assert read("hello") == "hello"


def test_a_filter_that_returns_none_starts_nothing() -> None:
    assert given("$.id", decide=lambda _: None) is None


def test_a_filter_gets_the_message_and_its_variables_come_before_fields() -> None:
    def decide(message: Any) -> Mapping[str, str]:  # noqa: ANN401 - any JSON
        return {"OTHER": str(len(message["items"]))}

    assert given("$.id", decide=decide) == {"FIELD": "A-1", "OTHER": "2"}
    assert given("$.missing", decide=lambda _: {"FIELD": "instead"}) == {"FIELD": "instead"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (True, "decide returned bool; it must return a mapping, or None"),
        ({"PATH": "/tmp"}, "decide set PATH, which the job doesn't declare; it has: FIELD, OTHER"),  # noqa: S108 - no file
        ({"OTHER": 1}, "decide set OTHER to int; it must be text"),
    ],
)
def test_a_filter_may_set_variables_of_the_job_alone_and_to_text(answer: Any, said: str) -> None:  # noqa: ANN401 - wrong types
    with pytest.raises(UnusableError) as raised:
        given("$.id", decide=lambda _: answer)
    assert str(raised.value) == said


def test_overrides_change_nothing_but_variables_of_the_jobs_own_container() -> None:
    assert overrides("review", {"B": "2", "A": "1"}) == {
        "containerOverrides": [
            {
                "name": "review",
                "environment": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
            }
        ]
    }


def test_overrides_have_the_length_that_ecs_takes_and_longer_ones_are_told_without_values() -> None:
    empty = len(json.dumps(overrides("review", {"A": ""})))
    longest = "x" * (LONGEST_OVERRIDES - empty)
    assert len(json.dumps(overrides("review", {"A": longest}))) == LONGEST_OVERRIDES
    with pytest.raises(
        UnusableError, match=r"^A: take 8193 characters .* ECS takes 8192"
    ) as raised:
        overrides("review", {"A": f"{longest}y"})
    assert "xxx" not in str(raised.value)
