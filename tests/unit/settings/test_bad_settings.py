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


def variables(size: int) -> dict[str, Any]:
    """Return a stack file with a service whose variables hold so many characters."""
    values = {f"V{at}": "x" * 4_000 for at in range(size // 4_000)}
    return {"services": {"web": {"image": "nginx:1", "environment": values}}}


def test_a_service_that_no_task_definition_holds_is_told_how_much_one_does() -> None:
    assert Settings.parse(variables(56_000)).services
    with pytest.raises(SettingsError) as raised:
        Settings.parse(variables(60_000))
    (problem,) = raised.value.problems
    assert str(problem) == (
        "services.web: environment, secrets and commands take 60450 bytes as JSON; a task "
        "definition holds 65536, and 8192 of them are the platform's own: keep long values in the "
        "image, a parameter or a bucket"
    )


def test_a_pod_has_no_such_limit() -> None:
    pods = variables(60_000)
    pods["services"]["web"]["runtime"] = "eks"
    assert Settings.parse({**pods, "eks": {"enabled": True}}).services
