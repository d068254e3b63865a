"""What is said of values, whatever they are."""

from typing import Any

import pytest
from fargate_policies.core.values import (
    UNKNOWN,
    Marker,
    Place,
    Undecided,
    Violation,
    as_integer,
    as_secret,
    contains_unknown,
    is_false,
    is_set,
    is_showable,
    is_true,
    label,
)


@pytest.mark.parametrize(
    ("value", "known", "present", "text"),
    [
        (None, True, False, ""),
        ("", True, False, ""),
        ("a", True, True, "a"),
        (0, True, True, ""),
        ([], True, True, ""),
        (UNKNOWN, False, True, ""),
        (Marker.NOT_A_LIST, False, True, ""),
    ],
    ids=str,
)
def test_a_place_is_known_and_present_or_not(
    value: object, *, known: bool, present: bool, text: str
) -> None:
    place = Place(value, "a")
    assert (place.known, place.present, place.text) == (known, present, text)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"a": {"b": 1}}, Place(1, "x.a.b")),
        ({"a": {}}, Place(None, "x.a.b")),
        ({}, Place(None, "x.a.b")),
        (None, Place(None, "x.a.b")),
        (UNKNOWN, Place(UNKNOWN, "x")),
        ({"a": UNKNOWN}, Place(UNKNOWN, "x.a")),
        ({"a": "text"}, Place(Marker.NOT_AN_OBJECT, "x.a")),
        ([1], Place(Marker.NOT_AN_OBJECT, "x")),
    ],
    ids=str,
)
def test_what_is_under_keys_has_its_path(value: object, found: Place) -> None:
    assert Place(value, "x").at("a", "b") == found


def test_the_path_of_what_is_in_no_other_place_is_its_key() -> None:
    assert Place({"a": 1}, "").at("a") == Place(1, "a")


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("a b/c$", "x.a b/c$"), ("k" * 127, "x." + "k" * 127), ("k" * 128, "x.*"),
        ("\ud800", "x.*"), ("\u202e", "x.*"), ("a\n", "x.*"), (as_secret("a"), "x.*"),
    ],
)  # fmt: skip
def test_a_key_is_in_the_path_unless_it_is_odd_or_secret(key: str, path: str) -> None:
    assert Place({key: 1}, "x").at(key) == Place(1, path)


@pytest.mark.parametrize(
    ("value", "items"),
    [
        (None, []),
        ([], []),
        (["a", None], [Place("a", "x[0]"), Place(None, "x[1]")]),
        (UNKNOWN, [Place(UNKNOWN, "x")]),
        ("text", [Place(Marker.NOT_A_LIST, "x")]),
        ({"a": 1}, [Place(Marker.NOT_A_LIST, "x")]),
    ],
    ids=str,
)
def test_a_list_has_its_elements_and_anything_else_says_what_it_is(
    value: object, items: list[Place]
) -> None:
    assert Place(value, "x").items() == items


@pytest.mark.parametrize(
    ("value", "required", "forbidden"),
    [
        (1, [], [Violation("x: no")]),
        (2, [Violation("x: no")], []),
        (None, [Violation("x: no")], []),
        (UNKNOWN, [Undecided("x")], [Undecided("x")]),
        (
            Marker.NOT_A_LIST,
            [Violation("x: must be a list")],
            [Violation("x: must be a list")],
        ),
    ],
    ids=str,
)
def test_a_value_is_demanded_or_forbidden(
    value: object, required: list[Any], forbidden: list[Any]
) -> None:
    place = Place(value, "x")
    assert list(place.require(lambda given: given == 1, "no")) == required
    assert list(place.forbid(lambda given: given == 1, "no")) == forbidden


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("web", True), ("_a.b-C9", True), ("a" * 64, True), ("a" * 65, False), ("", False),
        ("9a", False), ("a b", False), ("a\n", False), ("é", False), (None, False), (7, False),
    ],
)  # fmt: skip
def test_ordinary_identifiers_are_shown_alone(name: object, *, shown: bool) -> None:
    assert is_showable(name) is shown
    assert label(Place(name, "x")) == (f" ({name})" if shown else "")


@pytest.mark.parametrize(
    ("value", "on", "off", "there"),
    [
        (True, True, False, True), (False, False, True, True), ("true", True, False, True),
        ("True", True, False, True), ("ENABLED", True, False, True), ("on", False, False, True),
        (1, False, False, True), (0, False, False, True), (None, False, False, False),
        ("", False, False, False), ([], False, False, False), ({}, False, False, False),
        ([0], False, False, True), (UNKNOWN, False, False, True),
    ],
)  # fmt: skip
def test_flags_are_on_or_off_or_not_there(
    value: object, *, on: bool, off: bool, there: bool
) -> None:
    assert (is_true(value), is_false(value), is_set(value)) == (on, off, there)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (UNKNOWN, True), ([UNKNOWN], True), ({"a": [{"b": UNKNOWN}]}, True), ([1, UNKNOWN], True),
        (1, False), ([], False), ({"a": [None, "b"]}, False), (Marker.NOT_A_LIST, False),
    ],
)  # fmt: skip
def test_anything_unknown_within_is_found(value: object, *, found: bool) -> None:
    assert contains_unknown(value) is found


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7), (-7, -7), ("7", 7), ("-7", -7), ("9" * 18, int("9" * 18)), ("9" * 19, None),
        ("7.0", None), ("", None), ("a", None), ("7\n", None), (True, None), (0.5, None),
        (None, None), (UNKNOWN, None), ([7], None),
    ],
)  # fmt: skip
def test_whole_numbers_are_read_from_numbers_and_texts(value: object, number: int | None) -> None:
    assert as_integer(value) == number
