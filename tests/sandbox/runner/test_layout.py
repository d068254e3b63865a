from pathlib import Path

import pytest

from sandbox.errors import BadInputError, Exit
from sandbox.layout import Layout


def test_a_stack_is_read_from_its_own_file(tmp_path: Path) -> None:
    layout = Layout.for_stack("prod", tmp_path)
    assert layout.stack_file == tmp_path / "Pulumi.prod.yaml"
    assert layout.folder == tmp_path / ".sandbox" / "prod"


@pytest.mark.parametrize(
    ("file", "stack"),
    [("examples/jobs.yaml", "jobs"), ("Pulumi.prod.yaml", "prod"), ("a/Pulumi.x.y.yaml", "x.y")],
)
def test_a_stack_is_named_after_any_file(tmp_path: Path, file: str, stack: str) -> None:
    layout = Layout.for_config(tmp_path / file, tmp_path)
    assert layout.stack == stack
    assert layout.stack_file == tmp_path / file


@pytest.mark.parametrize("name", ["", "..", ".x", "a/b", "-x", "a b", "state", "cli", "x" * 101])
def test_a_name_that_is_no_folder_of_its_own_is_refused(name: str) -> None:
    with pytest.raises(BadInputError, match="cannot be a stack's name") as caught:
        Layout.for_stack(name)
    assert caught.value.code == Exit.BAD_INPUT


def test_everything_is_kept_under_one_folder(tmp_path: Path) -> None:
    layout = Layout.for_stack("dev", tmp_path)
    kept = [
        *(layout.project_copy, layout.stack_copy, layout.placeholder, layout.record),
        *(layout.deployed, layout.state, layout.pulumi_home, layout.shims, layout.passphrase),
    ]
    assert all(path.is_relative_to(tmp_path / ".sandbox") for path in kept)
