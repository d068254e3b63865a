import json
from pathlib import Path

import pytest

from sandbox import state
from sandbox.errors import SandboxError

SECRET = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    "ciphertext": "v1:x",
}
STACK = "urn:pulumi:dev::tiny::pulumi:pulumi:Stack::tiny-dev"
QUEUE = "urn:pulumi:dev::tiny::my:module:Thing$aws:sqs/queue:Queue::jobs"


def write(path: Path, deployment: object) -> Path:
    path.write_text(json.dumps({"version": 3, "checkpoint": {"latest": deployment}}))
    return path


def test_a_stack_that_does_not_exist_has_no_state(tmp_path: Path) -> None:
    assert state.read(tmp_path / "dev.json") is None


def test_a_new_stack_is_empty(tmp_path: Path) -> None:
    assert state.read(write(tmp_path / "dev.json", None)) == state.State(outputs={})


def test_resources_outputs_and_open_operations_are_read(tmp_path: Path) -> None:
    file = write(
        tmp_path / "dev.json",
        {
            "resources": [
                {"urn": STACK, "type": state.STACK_TYPE, "outputs": {"url": "x"}},
                {"urn": QUEUE, "type": "aws:sqs/queue:Queue", "custom": True, "id": "q"},
                {"urn": QUEUE, "type": "aws:sqs/queue:Queue", "id": "old", "delete": True},
            ],
            "pending_operations": [{"type": "creating", "resource": {"urn": QUEUE}}],
        },
    )
    found = state.read(file)
    assert found is not None
    assert [(one.name, one.id, one.custom, one.delete) for one in found.resources] == [
        ("tiny-dev", "", False, False),
        ("jobs", "q", True, False),
        ("jobs", "old", False, True),
    ]
    assert found.outputs == {"url": "x"}
    assert not found.has_secret_output
    assert found.pending == (("creating", QUEUE),)


def test_secret_outputs_are_not_shown(tmp_path: Path) -> None:
    outputs = {"plain": 1, "secret": SECRET, "deep": [{"secret": SECRET}]}
    file = write(
        tmp_path / "dev.json",
        {"resources": [{"urn": STACK, "type": state.STACK_TYPE, "outputs": outputs}]},
    )
    found = state.read(file)
    assert found is not None
    assert found.has_secret_output
    assert found.outputs == {"plain": 1, "secret": "[secret]", "deep": [{"secret": "[secret]"}]}


def test_name_and_type_are_read_from_the_urn() -> None:
    assert state.name_of(QUEUE) == "jobs"
    assert state.type_of(QUEUE) == "aws:sqs/queue:Queue"


def test_a_state_that_is_no_json_is_an_error_that_names_the_copy_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "dev.json"
    file.write_text('{"version": 3, "check', encoding="utf-8")
    with pytest.raises(SandboxError, match=r"dev\.json\.bak"):
        state.read(file)
