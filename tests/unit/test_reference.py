"""docs/reference is what the settings' models say today."""

from typing import Annotated, Literal

import pytest
from pydantic import Field

from components.settings import Settings
from components.settings.base import Model, RetentionDays, matching
from docs.reference import generate

KEYS = list(generate.keys())


def test_the_pages_are_current() -> None:
    written = {file.name: file.read_text(encoding="utf-8") for file in generate.FOLDER.glob("*.md")}
    now = dict(generate.pages())
    stale = [name for name in {*written, *now} if written.get(name) != now.get(name)]
    assert sorted(stale) == [], "write them with `make reference`"


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.path)
def test_every_key_says_what_it_is_for(key: generate.Key) -> None:
    assert len(key.field.description or "") >= 8


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.path)
def test_every_value_is_told_in_plain_words(key: generate.Key) -> None:
    said = generate.kind(key.field.annotation, tuple(key.field.metadata))
    assert not [word for word in ("<", "typing", "Annotated", "None", "object at") if word in said]


def test_every_section_has_a_page_that_the_index_names() -> None:
    index = generate.pages()["README.md"]
    for name in Settings.model_fields:
        assert f"({name.replace('_', '-')}.md)" in index


class Inner(Model):
    """What is inside."""

    size: Annotated[int, Field(ge=1, le=9)] = 3
    """How much, in GB."""


class Outer(Model):
    """What is outside."""

    name: Annotated[str, Field(max_length=5), matching("[A-Z]", "must be an upper-case letter")]
    """What it is called."""
    tier: Literal["one", "two"] = "one"
    """How fast it is (ECS only)."""
    days: RetentionDays = 7
    """How long it stays."""
    ratio: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Which part."""
    inside: Inner = Inner(size=4)
    """The one that is always there."""
    named: dict[str, Inner] = Field(default_factory=dict)
    """Those with names."""
    listed: Annotated[tuple[Inner, ...], Field(min_length=1)] = (Inner(),)
    """Those in a row."""


OUTER = {key.path: key for key in generate.keys(Outer)}


def test_keys_are_found_in_mappings_and_lists_at_any_depth() -> None:
    assert {path for path in OUTER if "size" in path} == {
        "inside.size",
        "listed[].size",
        "named.NAME.size",
    }


@pytest.mark.parametrize(
    ("path", "kind", "default"),
    [
        (
            "name",
            "text (at most 5 characters); must be an upper-case letter",
            "none: it must be given",
        ),
        ("tier", "one of `one`, `two`", "`one`"),
        ("ratio", "number above 0 below 1", "none"),
        ("inside", "mapping", "`{size: 4}`"),
        ("inside.size", "whole number from 1 to 9", "`3`"),
        ("named", "mapping of names to mappings; a name: text", "none"),
        ("listed", "list (at least 1 entry) of: mapping", "`[{size: 3}]`"),
    ],
)
def test_ranges_choices_and_defaults_are_those_of_the_model(
    path: str, kind: str, default: str
) -> None:
    field = OUTER[path].field
    assert generate.kind(field.annotation, generate.flat(tuple(field.metadata))) == kind
    assert generate.default(field) == default


def test_a_validators_own_words_are_told() -> None:
    field = OUTER["days"].field
    assert "must be one of 1, 3, 5" in generate.kind(field.annotation, tuple(field.metadata))


@pytest.mark.parametrize(
    ("described", "only"),
    [
        ("How fast (ECS only).", "ECS"),
        ("A namespace (EKS only); the first by default.", "EKS"),
        ("Shell in a task (ECS Exec, ECS only).", "ECS"),
        ("Kept (ECS; on EKS the cluster has one log group).", ""),
    ],
)
def test_a_setting_of_one_runtime_says_so(described: str, only: str) -> None:
    assert generate.runtime(described) == only


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        ("1.35", '"1.35"'),
        ("single", "single"),
        ({"a": [1, "b"], "c": None}, "{a: [1, b], c: null}"),
    ],
)
def test_values_are_written_as_in_a_stack_file(value: object, text: str) -> None:
    assert generate.written(value) == text
