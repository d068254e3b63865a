"""Every setting is used in a stack file or an example, all of which are deployed by tests."""

from typing import Any

import pytest

from components.settings import TaskSettings
from docs.reference.generate import keys
from tests.unit.support.programs import EVERY_STACK, read_stack


def occurs(found: Any, path: list[str]) -> bool:  # noqa: ANN401 - any YAML
    """Say whether settings hold a key; NAME in its path is any name, [] any entry."""
    if not path:
        return True
    first, *rest = path
    if first == "[]":
        return isinstance(found, list) and any(occurs(entry, rest) for entry in found)
    if not isinstance(found, dict):
        return False
    if first == "NAME":
        return any(occurs(inner, rest) for inner in found.values())
    return first in found and occurs(found[first], rest)


def unused(stacks: list[dict[str, Any]]) -> list[str]:
    """Return the keys that no stack gives.

    What jobs have in common with services is one model, and used once it is used by either.
    """
    paths = {key.path: key.path.replace("[]", ".[]").split(".") for key in keys()}

    def used(path: list[str]) -> bool:
        return any(occurs(stack, path) for stack in stacks)

    return [
        key
        for key, path in paths.items()
        if not used(path) and not (_is_shared(path) and used(["services", *path[1:]]))
    ]


def _is_shared(path: list[str]) -> bool:
    shared = {field.alias or name for name, field in TaskSettings.model_fields.items()}
    return path[:2] == ["jobs", "NAME"] and path[2] in shared


def test_every_key_occurs_in_a_stack_file_or_an_example() -> None:
    missing = unused([read_stack(stack) for stack in EVERY_STACK])
    assert not missing, "use these in a file of examples/:\n  " + "\n  ".join(missing)


@pytest.mark.parametrize(
    ("given", "path", "there"),
    [
        ({"services": {"web": {"port": 1}}}, ["services", "NAME", "port"], True),
        ({"services": {"web": {}}}, ["services", "NAME", "port"], False),
        ({"a": [{"b": 1}, {"c": 2}]}, ["a", "[]", "c"], True),
        ({"a": "word"}, ["a", "b"], False),
    ],
)
def test_a_key_is_found_where_it_is_given_and_nowhere_else(
    given: dict[str, Any], path: list[str], *, there: bool
) -> None:
    assert occurs(given, path) is there
