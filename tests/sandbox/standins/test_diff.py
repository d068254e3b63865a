from __future__ import annotations

import pytest

from sandbox.standins.diff import Change, changes, general, top, without_ignored


def test_equal_inputs_have_no_changes() -> None:
    assert changes({"a": {"b": [1]}, "__defaults": ["x"]}, {"a": {"b": [1]}}) == []


def test_each_difference_has_its_own_path_and_kind() -> None:
    old = {"gone": 1, "list": [1, 2], "tags": {"a/b": "1", "Name": "x"}, "same": True}
    new = {"new": 1, "list": [1, 3, 4], "tags": {"a/b": "2", "Name": "x"}, "same": True}
    assert changes(old, new) == [
        Change("gone", "delete"),
        Change("list[1]", "update"),
        Change("list[2]", "add"),
        Change("new", "add"),
        Change('tags["a/b"]', "update"),
    ]


def test_true_is_not_one() -> None:
    assert changes({"a": True}, {"a": 1}) == [Change("a", "update")]


@pytest.mark.parametrize(
    "ignored",
    ["actions", "actions[0]", "actions[0].forward", "actions[*].forward.weight", "*"],
)
def test_an_ignored_path_covers_everything_under_it(ignored: str) -> None:
    assert without_ignored([Change("actions[0].forward.weight", "update")], [ignored]) == []


@pytest.mark.parametrize("ignored", ["action", "actions[1]", "forward"])
def test_another_path_is_not_ignored(ignored: str) -> None:
    found = [Change("actions[0].forward.weight", "update")]
    assert without_ignored(found, [ignored]) == found


def test_indices_are_left_out_of_general_paths() -> None:
    assert general('a[0].b["x.y"].c') == "a.b.c"
    assert top('tags["x"]') == "tags"
