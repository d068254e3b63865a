"""Settings as Pulumi hands them over."""

import json
from unittest.mock import patch

import pulumi
import pytest
from pulumi.runtime import set_all_config

from components.settings import Settings, SettingsError
from components.settings.project import name_problems
from tests.unit.support.cloud import CLOUD
from tests.unit.support.engine import PROJECT, deploy
from tests.unit.support.programs import IMAGE

CANARY = "canary-4711"


def load(config: dict[str, str], secret: tuple[str, ...] = ()) -> Settings:
    """Load settings from a stack's configuration, as the program does."""
    loaded: list[Settings] = []

    def program() -> None:
        set_all_config(config, list(secret))
        loaded.append(Settings.load())

    deploy(program, CLOUD, preview=False)
    return loaded[0]


def test_settings_are_read_from_the_projects_own_keys() -> None:
    settings = load({f"{PROJECT}:network": json.dumps({"zones": 2}), "aws:region": "eu-west-1"})
    assert settings.network.zones == 2


def test_keys_of_other_projects_and_providers_are_left_alone() -> None:
    assert load({"aws:defaultTags": "{}", "other:network": "nonsense"}) == Settings()


def test_an_encrypted_key_is_an_error_that_says_what_to_do_and_not_what_it_holds() -> None:
    with pytest.raises(SettingsError) as raised:
        load({f"{PROJECT}:token": CANARY}, secret=(f"{PROJECT}:token",))
    (problem,) = raised.value.problems
    assert str(problem) == (
        "token: is encrypted, and settings hold names of secrets, never values: keep the value "
        "in Secrets Manager or SSM, remove the key with `pulumi config rm`, and name the secret "
        "instead"
    )
    assert CANARY not in str(raised.value)


def test_an_encrypted_section_is_an_error_even_where_its_content_is_valid() -> None:
    key = f"{PROJECT}:services"
    given = json.dumps({"web": {"image": IMAGE, "environment": {"KEY": CANARY}}})
    with pytest.raises(SettingsError, match="services: is encrypted") as raised:
        load({key: given}, secret=(key,))
    assert CANARY not in str(raised.value)


def test_encrypted_keys_and_bad_values_are_reported_together() -> None:
    with pytest.raises(SettingsError) as raised:
        load(
            {f"{PROJECT}:token": CANARY, f"{PROJECT}:network": '{"zones": 9}'},
            secret=(f"{PROJECT}:token",),
        )
    assert [problem.path for problem in raised.value.problems] == ["network.zones", "token"]


def test_a_value_that_is_no_object_is_an_error_at_its_key() -> None:
    with pytest.raises(SettingsError, match='network: given "vpc": must be a mapping'):
        load({f"{PROJECT}:network": "vpc"})


def test_a_bad_stack_file_stops_the_program_before_anything_is_registered() -> None:
    def program() -> None:
        set_all_config({f"{PROJECT}:network": "[]"})
        Settings.load()
        pulumi.ComponentResource("never:reached:It", "it")

    with pytest.raises(pulumi.RunError):
        deploy(program, CLOUD, preview=False)


@pytest.mark.parametrize("name", ["dev", "Team_A", "pr-12", "2026", "a--b", "a" * 100])
def test_names_of_projects_and_stacks_may_be_what_every_service_of_aws_takes(name: str) -> None:
    assert list(name_problems(name, name)) == []


@pytest.mark.parametrize("name", ["pr.7", "_dev", "dev-", "a_-b", "größe", "-"])
def test_a_name_that_some_service_of_aws_refuses_is_an_error_before_anything_starts(
    name: str,
) -> None:
    with patch("pulumi.get_stack", return_value=name), pytest.raises(SettingsError) as raised:
        load({})
    (problem,) = raised.value.problems
    assert str(problem) == (
        f'name of the stack: given "{name}": names in AWS hold it, and queues, clusters and '
        "repositories take letters and digits with hyphens or underscores between them: run "
        "`pulumi stack rename`"
    )
    (problem,) = name_problems(name, "dev")
    assert str(problem).startswith(f'name of the project: given "{name}"')
    assert str(problem).endswith("change name in Pulumi.yaml")
