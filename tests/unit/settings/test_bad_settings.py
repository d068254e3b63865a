"""Every kind of bad settings tells its reader exactly what is wrong: see bad/*.yaml."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from ruamel.yaml import YAML

from components.settings import Settings, SettingsError

BAD = Path(__file__).parent / "bad"


def cases() -> Iterator[Any]:
    for file in sorted(BAD.glob("*.yaml")):
        for case in YAML(typ="safe").load(file.read_text()):
            yield pytest.param(case["given"], case["says"], id=case["case"])


@pytest.mark.parametrize(("given", "says"), list(cases()))
def test_bad_settings_are_told_with_key_value_and_what_is_allowed(
    given: dict[str, Any], says: list[str]
) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.parse(given)
    heading = (
        f"The stack configuration is not valid ({len(says)} problem{'s' if len(says) > 1 else ''}):"
    )
    assert str(raised.value).splitlines() == [heading, *(f"  {line}" for line in says)]


def test_there_are_many_kinds_of_bad_settings_each_once() -> None:
    kinds = [parameters.id for parameters in cases()]
    assert len(kinds) == len(set(kinds)) >= 100


def test_pulumi_shows_the_message_alone_without_a_traceback() -> None:
    assert issubclass(SettingsError, pulumi.RunError)


def test_a_given_value_is_cut_to_a_line() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.parse({"network": {"nat": "x" * 10_000}})
    assert len(str(raised.value)) < 300
