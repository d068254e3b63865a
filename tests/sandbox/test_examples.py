"""Every stack file in the repository deploys, with the pack, and settles."""

import json
from pathlib import Path

import pytest

from tests.sandbox.project import ROOT, Project

pytestmark = pytest.mark.engine

FILES = sorted([*(ROOT / "examples").glob("*.yaml"), ROOT / "Pulumi.prod.yaml"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_deploys_without_a_violation_and_a_second_preview_shows_no_change(
    file: Path, tmp_path: Path
) -> None:
    project = Project(tmp_path)
    stack = ("--config", str(file.relative_to(ROOT)))

    assert json.loads(project.sandbox("up", "--json", *stack).stdout)["result"] == "updated"

    planned = json.loads(project.sandbox("preview", "--json", *stack).stdout)
    assert [step["op"] for step in planned["steps"] if step["op"] != "same"] == []
    in_cloud = sorted((entry.type, entry.id) for entry in project.cloud(stack_name(file)))
    assert in_cloud == project.export(*stack).managed()


def stack_name(file: Path) -> str:
    """Return the name that the sandbox gives to a stack file's stack."""
    return file.stem.removeprefix("Pulumi.")
