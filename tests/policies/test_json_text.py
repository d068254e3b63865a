"""What is read of JSON that a property holds as text."""

import pytest
from fargate_policies.core.values import UNKNOWN, Place, Secret, Violation, as_secret
from fargate_policies.models.json_text import parsed
from pulumi_policy import proxy


@pytest.mark.parametrize("text", ["1e999", '{"cpu": -1e999}', "[Infinity]", "[NaN]"])
def test_a_number_that_is_none_for_aws_is_no_json(text: str) -> None:
    assert isinstance(parsed(Place(text, "definition")), Violation)


@pytest.mark.parametrize(("text", "value"), [("0.5", 0.5), ('{"a": 1.5e3}', {"a": 1500.0})])
def test_other_numbers_are_read(text: str, value: object) -> None:
    assert parsed(Place(text, "definition")) == Place(value, "definition")


def nested(levels: int) -> str:
    """Return lists and objects in each other."""
    pairs = [("[", "]"), ('{"a": ', "}")] * (levels // 2)
    return "".join(start for start, _ in pairs) + "".join(end for _, end in reversed(pairs))


@pytest.mark.parametrize("levels", [102, 400, 900, 100_000])
def test_json_that_is_nested_too_deeply_is_a_violation(levels: int) -> None:
    found = parsed(Place(nested(levels).replace(": }", ": 1}"), "definition"))
    assert isinstance(found, Violation)
    assert "1}" not in found.message


def test_json_of_many_levels_or_objects_is_read() -> None:
    assert isinstance(parsed(Place(nested(100).replace(": }", ": 1}"), "definition")), Place)
    assert isinstance(parsed(Place("[" + "{}, " * 1_000 + "{}]", "definition")), Place)


@pytest.mark.parametrize(("levels", "kind"), [(100, Place), (101, Violation)])
def test_a_hundred_levels_are_read(levels: int, kind: type) -> None:
    assert isinstance(parsed(Place("[" * levels + "]" * levels, "definition")), kind)


def test_what_a_secret_text_holds_is_secret() -> None:
    for text, secret in (('{"a": "b"}', False), (as_secret('{"a": "b"}'), True)):
        found = parsed(Place(text, "definition"))
        assert isinstance(found, Place)
        assert isinstance(found.value["a"], Secret) is secret


@pytest.mark.parametrize(
    "unknown", sorted(text for name, text in vars(proxy).items() if name.startswith("UNKNOWN_"))
)
def test_a_text_in_json_may_be_unknown(unknown: str) -> None:
    assert parsed(Place(f'["{unknown}", "a"]', "x")) == Place([UNKNOWN, "a"], "x")
