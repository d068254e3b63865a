"""Tests can copy the project wherever it is: a clone, a plain copy, a folder of something else."""

import subprocess
from pathlib import Path

import pytest

from tests.sandbox.project import files


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A project that is no git repository."""
    project = tmp_path / "project"
    (project / "sub").mkdir(parents=True)
    (project / "build").mkdir()
    (project / ".gitignore").write_text("/build/\n*.pyc\n", encoding="utf-8")
    for name in ("a.py", "sub/b.py", "sub/b.pyc", "build/c.py"):
        (project / name).touch()
    return project


def test_a_plain_folder_is_listed_without_what_it_ignores(plain: Path) -> None:
    assert sorted(map(str, files(plain))) == [".gitignore", "a.py", "sub/b.py"]
    assert not (plain / ".git").exists()


def test_a_clone_is_listed_with_what_is_committed_and_what_is_not_yet(plain: Path) -> None:
    before = files(plain)
    subprocess.run(["git", "init", "--quiet"], cwd=plain, check=True)
    subprocess.run(["git", "add", "a.py"], cwd=plain, check=True)
    assert files(plain) == before


def test_a_folder_that_another_repository_ignores_is_listed_too(plain: Path) -> None:
    before = files(plain)
    subprocess.run(["git", "init", "--quiet"], cwd=plain.parent, check=True)
    (plain.parent / ".gitignore").write_text("/project/\n", encoding="utf-8")
    assert files(plain) == before
