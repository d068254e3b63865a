"""Stack files are what Pulumi.yaml's schema and the settings allow, however YAML is read."""

import pytest
from ruamel.yaml import YAML

from components.settings import Settings
from tests.unit.support.programs import EVERY_STACK, EXAMPLES, ROOT, STACKS, declared, read_stack

TYPES: dict[str, type] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
}
SCHEMA = declared()


def text(stack: str) -> str:
    folder, name = (
        (ROOT, f"Pulumi.{stack}.yaml") if stack in STACKS else (EXAMPLES, f"{stack}.yaml")
    )
    return (folder / name).read_text()


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_every_key_is_declared_and_has_the_declared_type(stack: str) -> None:
    for key, value in read_stack(stack).items():
        assert isinstance(value, TYPES[SCHEMA[key]["type"]]), key


@pytest.mark.parametrize("key", SCHEMA)
def test_every_default_has_the_declared_type(key: str) -> None:
    assert isinstance(SCHEMA[key]["default"], TYPES[SCHEMA[key]["type"]])


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_every_stack_file_is_valid(stack: str) -> None:
    Settings.parse(read_stack(stack))


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_keys_carry_no_projects_name_so_that_a_renamed_fork_keeps_working(stack: str) -> None:
    config = YAML(typ="safe").load(text(stack))["config"]
    assert {key for key in config if ":" in key} <= {"aws:region", "aws:defaultTags"}


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_a_reader_of_yaml_1_1_finds_the_same(stack: str) -> None:
    # Pulumi's own reader is one: `on` is true to it, and 22:00 a number.
    older = YAML(typ="safe")
    older.version = (1, 1)
    assert older.load(text(stack)) == YAML(typ="safe").load(text(stack))


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_comments_stand_on_lines_of_their_own_since_the_cli_drops_others(stack: str) -> None:
    lines = [line for line in text(stack).splitlines() if not line.lstrip().startswith("#")]
    assert not [line for line in lines if " #" in line]


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_every_stack_file_names_its_region_and_no_secret(stack: str) -> None:
    config = YAML(typ="safe").load(text(stack))["config"]
    assert config["aws:region"]
    assert "secure:" not in text(stack)
    assert "encryptionsalt" not in text(stack)


def test_pulumi_new_is_told_what_the_template_is_and_what_to_ask_for() -> None:
    project = YAML(typ="safe").load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))
    if project["name"] != "fargate-platform":
        return  # pulumi new drops the block from the projects that it makes
    template = project["template"]
    assert template["displayName"]
    assert template["description"]
    assert template["config"].keys() == {"aws:region"}, "every other key has a default"
    for asked in template["config"].values():
        assert asked.keys() == {"description", "default"}
        assert all(asked.values())
