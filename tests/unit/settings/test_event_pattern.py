"""Event patterns: EventBridge's syntax and nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.events.models import EventPattern

from components.settings.event_pattern import OPERATORS, QUOTA, any_text, as_json, pattern_problem

TAKEN: list[list[Any]] = [
    ["text", 1, 1.5, True, False, None, ""],
    [{"prefix": "a"}],
    [{"prefix": {"equals-ignore-case": "a"}}],
    [{"suffix": ".png"}],
    [{"suffix": {"equals-ignore-case": ".png"}}],
    [{"equals-ignore-case": "alice"}],
    [{"wildcard": "dir/*.png"}],
    [{"wildcard": r"a\*b\\*c"}],
    [{"anything-but": "a"}],
    [{"anything-but": ["a", "b"]}],
    [{"anything-but": 5}],
    [{"anything-but": [1, 2.5]}],
    [{"anything-but": {"prefix": "a"}}],
    [{"anything-but": {"suffix": ["a", "b"]}}],
    [{"anything-but": {"equals-ignore-case": ["a"]}}],
    [{"anything-but": {"wildcard": "*/lib/*"}}],
    [{"numeric": ["=", 5]}],
    [{"numeric": [">", 10, "<=", 20]}],
    [{"numeric": ["<", -5_000_000_000]}, {"exists": False}],
    [{"exists": True}],
    [{"cidr": "10.0.0.0/24"}],
    [{"cidr": "10.0.0.7/24"}],
    [{"cidr": "2001:db8::/32"}],
]

REFUSED: list[tuple[Any, str]] = [
    ("text", "must be a list of values"),
    ([], "is an empty list"),
    ({}, "is empty"),
    ([["a"]], "a value is text, a number"),
    ([float("nan")], "a value is text, a number"),
    ([float("inf")], "a value is text, a number"),
    ([{"prefix": "a", "suffix": "b"}], "a comparison has exactly one of"),
    ([{}], "a comparison has exactly one of"),
    ([{"regex": "a"}], "regex is no comparison of EventBridge"),
    ([{"prefix": 1}], "prefix takes text"),
    ([{"suffix": {"prefix": "a"}}], "suffix takes text"),
    ([{"equals-ignore-case": ["a"]}], "equals-ignore-case takes text"),
    ([{"wildcard": "a**b"}], "wildcard can't have two * in a row"),
    ([{"wildcard": r"a\\**b"}], "wildcard can't have two * in a row"),
    ([{"wildcard": r"a\b"}], "wildcard can have a backslash only before"),
    ([{"wildcard": "a\\"}], "wildcard can have a backslash only before"),
    ([{"wildcard": 1}], "wildcard takes text"),
    ([{"anything-but": []}], "anything-but takes"),
    ([{"anything-but": ["a", 1]}], "anything-but takes"),
    ([{"anything-but": True}], "anything-but takes"),
    ([{"anything-but": {"numeric": ["=", 1]}}], "anything-but takes"),
    ([{"anything-but": {"prefix": ""}}], "anything-but prefix takes text that isn't empty"),
    ([{"anything-but": {"prefix": []}}], "anything-but takes"),
    ([{"anything-but": {"wildcard": ["a**"]}}], "anything-but wildcard can't have two"),
    ([{"numeric": []}], "numeric takes a list"),
    ([{"numeric": "> 5"}], "numeric takes a list"),
    ([{"numeric": [">", "5"]}], "numeric takes a list"),
    ([{"numeric": [">", True]}], "numeric takes a list"),
    ([{"numeric": [["<"], 5]}], "numeric takes a list"),
    ([{"numeric": ["!=", 5]}], "numeric takes a list"),
    ([{"numeric": ["<", 5, ">", 0]}], "numeric takes a list"),
    ([{"numeric": [">", 5, "<", 5]}], "numeric takes a list"),
    ([{"numeric": ["=", 5, "<", 6]}], "numeric takes a list"),
    ([{"numeric": [">", 10**400]}], "compares numbers from -5000000000 to 5000000000"),
    ([{"numeric": [">", 5_000_000_001]}], "compares numbers from -5000000000 to 5000000000"),
    ([{"exists": "yes"}], "exists takes true or false"),
    ([{"cidr": "10.0.0.0/33"}], "cidr takes a block"),
    ([{"cidr": "10.0.0.1/32"}], "one address is a plain value"),
    ([{"cidr": "10.0.0.1"}], "one address is a plain value"),
    ([{"cidr": 167772160}], "cidr takes a block"),
]


@pytest.mark.parametrize("wanted", TAKEN)
def test_all_comparisons_of_the_user_guide_are_taken(wanted: list[Any]) -> None:
    assert pattern_problem({"detail": {"field": wanted}}) is None
    alternatives = [{"a": wanted}, {"b": {"c": wanted}}]
    assert pattern_problem({"detail": {"$or": alternatives}}) is None


@pytest.mark.parametrize(("wanted", "problem"), REFUSED)
def test_what_eventbridge_refuses_is_a_problem_at_its_field(wanted: object, problem: str) -> None:
    for pattern, place in (
        ({"detail": {"field": wanted}}, "detail.field"),
        ({"detail": {"$or": [{"field": wanted}, {"b": ["c"]}]}}, "detail.field"),
    ):
        found = pattern_problem(pattern)
        assert found
        assert found.startswith(f"{place}: ")
        assert problem in found


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ([], "must be a mapping"),
        ({}, "is empty, and would match every event"),
        ({"Source": ["a"]}, "Source: no event has it; at the top there are version, id"),
        ({"$or": [{"source": ["a"]}, {"sauce": ["a"]}]}, "sauce: no event has it"),
        ({"$or": [{"source": ["a"]}]}, "$or: must be a list of two or more mappings"),
        ({"detail": {"$or": {"a": ["b"]}}}, "detail.$or: must be a list of two or more"),
        ({"detail": {"$or": [{"a": ["b"]}, {}]}}, "detail.$or: must be a list of two or more"),
        (
            {"detail": {"$or": [{"prefix": ["b"]}, {"a": ["b"]}]}},
            "detail.prefix: inside $or no field can have a comparison's name",
        ),
        ({"detail": {"a": ["x" * QUOTA]}}, "has 2069 characters as JSON, and EventBridge takes"),
    ],
)
def test_a_pattern_that_never_matches_or_is_too_long_is_a_problem(
    pattern: object, problem: str
) -> None:
    found = pattern_problem(pattern)
    assert found
    assert found.startswith(problem)


def test_a_field_may_have_a_comparison_s_name_outside_of_alternatives() -> None:
    assert pattern_problem({"detail": {"prefix": ["a"]}}) is None


def test_the_longest_pattern_is_taken() -> None:
    shortest = len(as_json({"source": [""]}))
    assert pattern_problem({"source": ["x" * (QUOTA - shortest)]}) is None
    assert pattern_problem({"source": ["x" * (QUOTA - shortest + 1)]})


def test_the_same_pattern_makes_the_same_text() -> None:
    assert as_json({"source": ["ü"], "detail": {"b": [1], "a": [2]}}) == as_json(
        {"detail": {"a": [2], "b": [1]}, "source": ["ü"]}
    )


names = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8).filter(
    lambda name: name not in OPERATORS
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-1000, 1000), st.text(max_size=8))
details = st.recursive(
    st.dictionaries(names, scalars, min_size=1, max_size=3),
    lambda inner: st.dictionaries(names, st.one_of(scalars, inner), min_size=1, max_size=3),
    max_leaves=6,
)


def wanted(detail: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the pattern that asks for exactly a detail."""
    if isinstance(detail, dict):
        return {name: wanted(inner) for name, inner in detail.items()}
    return [detail]


@given(details)
def test_a_pattern_of_an_event_s_own_fields_is_taken_and_matches_it(detail: dict[str, Any]) -> None:
    pattern = {"source": ["shop"], "detail": wanted(detail)}
    event: Any = {"source": "shop", "detail": detail}
    assert pattern_problem(pattern) is None
    assert EventPattern.load(as_json(pattern)).matches_event(event)
    other: Any = {**event, "source": "other"}
    assert not EventPattern.load(as_json(pattern)).matches_event(other)


json_values = st.recursive(
    st.one_of(scalars, st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(names, st.sampled_from(["$or", *OPERATORS])), inner, max_size=3),
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["source", "detail", "$or"]), json_values, max_size=3))
def test_any_mapping_is_judged_without_an_exception(pattern: dict[str, Any]) -> None:
    found = pattern_problem(pattern)
    if found is None:
        assert EventPattern.load(as_json(pattern)).get_pattern() == pattern


@given(st.text(alphabet="ab*\\", max_size=8), st.text(alphabet="ab*\\", max_size=8))
def test_a_text_in_a_wildcard_matches_itself_alone(text: str, other: str) -> None:
    pattern = {"source": [{"wildcard": any_text(text)}]}
    assert pattern_problem(pattern) is None
    event: Any = {"source": other}
    assert EventPattern.load(as_json(pattern)).matches_event(event) is (text == other)
