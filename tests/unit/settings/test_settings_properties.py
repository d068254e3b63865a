"""What holds for whatever a stack file says."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from components.settings import Settings, SettingsError
from components.settings.errors import Problem
from tests.unit.support.programs import IMAGE

CANARY = "canary-4711"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(), max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "network": ("cidr", "zones", "nat", "flowLogs"),
    "ecs": ("enabled", "containerInsights", "logRetentionDays"),
    "eks": (
        "enabled",
        "version",
        "publicAccessCidrs",
        "adminRoleArns",
        "namespaces",
        "containerInsights",
    ),
    "loadBalancer": ("enabled", "certificateArn", "allowedCidrs"),
}
SERVICE = (
    "runtime",
    "image",
    "command",
    "size",
    "port",
    "route",
    "environment",
    "callers",
    "grants",
)


def some_of(keys: tuple[str, ...], values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return mappings of some known keys to arbitrary values."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(keys, values))


names = st.sampled_from(["web", "api", "orders", "", "Bad Name"])
sections = {key: json_values | some_of(keys, json_values) for key, keys in SECTIONS.items()}
services = st.dictionaries(names, json_values | some_of(SERVICE, json_values), max_size=3)
queues = st.dictionaries(names, json_values, max_size=3)
stack_files = st.fixed_dictionaries(
    {}, optional={**sections, "services": json_values | services, "queues": json_values | queues}
) | st.dictionaries(st.text(max_size=8), json_values, max_size=3)


def problems_in(stack_file: Mapping[str, Any]) -> tuple[Problem, ...] | None:
    """Return what is wrong with a stack file, or None; any other error is the test's failure."""
    try:
        Settings.parse(stack_file)
    except SettingsError as error:
        return error.problems
    return None


@given(stack_files)
@example({"network": {"cidr": "\ud800"}})
@example({"services": {"web": {"image": IMAGE, "size": {"cpu": 1e308}}}})
@example({"": None})
def test_whatever_a_stack_file_says_is_settings_or_a_settings_error(
    stack_file: dict[str, Any],
) -> None:
    problems = problems_in(stack_file)
    if problems is not None:
        assert problems
        assert "\n".join(map(str, problems)).encode()


canaries = st.sampled_from(
    [CANARY, [CANARY], {"KEY": CANARY}, {"A B": CANARY}, {"KEY": [CANARY]}, {"KEY": {"a": CANARY}}]
)


@given(
    key=st.sampled_from(["environment", "command"]),
    value=canaries,
    rest=some_of(("port", "size", "callers", "route", "grants"), json_values),
)
def test_no_message_holds_a_value_from_environment_or_command(
    key: str, value: object, rest: dict[str, object]
) -> None:
    bad = {"services": {"web": {**rest, "image": "nginx", key: value}}}
    with pytest.raises(SettingsError) as raised:
        Settings.parse(bad)
    assert CANARY not in str(raised.value)
    assert CANARY not in repr(raised.value)


@given(st.integers(4097, 5000))
def test_a_value_that_is_too_long_is_not_shown_in_part(length: int) -> None:
    value = (CANARY * 500)[:length]
    bad = {"services": {"web": {"image": IMAGE, "environment": {"KEY": value}}}}
    with pytest.raises(SettingsError) as raised:
        Settings.parse(bad)
    (problem,) = raised.value.problems
    assert problem.path == "services.web.environment.KEY"
    assert problem.text == "given (a value not shown): must have at most 4096 characters"


members = st.integers(2, 8).flatmap(
    lambda count: st.dictionaries(
        st.sampled_from([f"s{number}" for number in range(count)]),
        st.sets(st.sampled_from([f"s{number}" for number in range(count)])),
        min_size=1,
    )
)


@given(members)
def test_a_circle_of_callers_is_always_found_and_nothing_else_is_called_one(
    callers: dict[str, set[str]],
) -> None:
    calls = {name: {c for c in wanted if c in callers} for name, wanted in callers.items()}
    stack_file = {
        "services": {
            name: {"image": IMAGE, "port": 8080, "callers": sorted(wanted)}
            if wanted
            else {"image": IMAGE}
            for name, wanted in calls.items()
        }
    }
    problems = problems_in(stack_file) or ()
    assert bool(problems) == has_circle(calls)
    assert all("circle" in p.text or "its own caller" in p.text for p in problems)


def has_circle(graph: Mapping[str, set[str]]) -> bool:
    """Take away what calls nobody until nothing is left, or a circle is."""
    left = {name: set(others) for name, others in graph.items()}
    while free := [name for name, others in left.items() if not others & left.keys()]:
        for name in free:
            del left[name]
    return bool(left)
