"""What make does before Python code of the project runs: the virtual environment."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from sandbox.layout import ROOT
from tests.sandbox.runner.conftest import write_script

REQUIREMENTS = ("requirements.txt", "requirements-dev.txt", "policies/requirements.txt")

# These tests may run below `make test`, whose flags are not for the make that they start.
OUTSIDE_MAKE = {
    name: value
    for name, value in os.environ.items()
    if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The Makefile with a sandbox that only says what it was asked, and nothing to install."""
    return make_project(tmp_path / "project")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with its virtual environment: tests of it leave it working."""
    folder = make_project(tmp_path_factory.mktemp("made") / "project")
    done = make(folder, "up")
    assert done.returncode == 0, done.stderr
    assert "Making the virtual environment" in done.stdout
    assert f"sandbox up --stack dev {folder}/.venv" in done.stdout
    return folder


def make_project(folder: Path) -> Path:
    for name in REQUIREMENTS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    package = folder / "sandbox"
    package.mkdir()
    for name in ("__init__.py", "console.py", "requirements.py"):
        shutil.copy(ROOT / "sandbox" / name, package / name)
    (package / "__main__.py").write_text(
        "import sys; print('sandbox', *sys.argv[1:], sys.prefix)\n", encoding="utf-8"
    )
    shutil.copy(ROOT / "Makefile", folder / "Makefile")
    return folder


def make(
    folder: Path, *arguments: str, path: str | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**OUTSIDE_MAKE, "PATH": path or os.environ["PATH"]},
        timeout=120,
    )


def test_make_alone_lists_the_targets(project: Path) -> None:
    said = make(project).stdout
    for target in ("up", "preview", "down", "test", "lint", "format", "types", "clean"):
        assert f"make {target} " in said
    assert not (project / ".venv").exists()


def test_up_makes_the_virtual_environment_once(made: Path) -> None:
    again = make(made, "up", "STACK=prod")
    assert again.stdout == f"sandbox up --stack prod {made}/.venv\n"


def test_a_copied_virtual_environment_is_made_anew(made: Path) -> None:
    copy = made.parent / "copy"
    shutil.copytree(made, copy, symlinks=True)
    done = make(copy, "up")
    assert "Making the virtual environment" in done.stdout
    assert f"sandbox up --stack dev {copy}/.venv" in done.stdout


def test_changed_requirements_are_installed(made: Path) -> None:
    (made / "requirements-dev.txt").write_text("# nothing\n", encoding="utf-8")
    done = make(made, "up")
    assert "Making the virtual environment" not in done.stdout
    assert "Installing what requirements-dev.txt lists" in done.stderr


def test_requirements_that_fail_to_install_are_tried_again(made: Path) -> None:
    (made / "requirements-dev.txt").write_text("./no-such-folder\n", encoding="utf-8")
    for _ in range(2):
        done = make(made, "up")
        assert done.returncode != 0
        assert "pip failed:" in done.stderr
        assert "no-such-folder" in done.stderr
        assert "sandbox up" not in done.stdout
    (made / "requirements-dev.txt").write_text("", encoding="utf-8")
    assert make(made, "up").returncode == 0


def test_an_old_python_is_refused(project: Path, tmp_path: Path) -> None:
    old = write_script(tmp_path / "old", '[ "$1" = -V ] && echo Python 3.9.1 && exit; exit 1')
    done = make(project, "up", f"PYTHON={old}")
    assert done.returncode != 0
    assert "Python 3.9.1 is too old: Python 3.11 or later is needed" in done.stderr


def test_a_missing_python_is_explained(project: Path) -> None:
    done = make(project, "up", "PYTHON=python-that-is-not-there")
    assert done.returncode != 0
    assert "There is no python-that-is-not-there: install Python 3.11" in done.stderr


def test_a_python_without_venv_is_explained(project: Path, tmp_path: Path) -> None:
    """Debian ships ensurepip in a package of its own."""
    python = write_script(
        tmp_path / "python", 'case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac'
    )
    done = make(project, "up", f"PYTHON={python}")
    assert done.returncode != 0
    assert "install python3-venv" in done.stderr


def test_clean_removes_what_make_made(project: Path) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".sandbox").mkdir()
    make(project, "clean")
    assert not (project / ".venv").exists()
    assert not (project / ".sandbox").exists()


def test_test_runs_every_check_and_fails_if_one_does(made: Path) -> None:
    log = made / "log"
    for tool, code in (("ruff", 1), ("mypy", 0), ("pytest", 0)):
        write_script(made / ".venv" / "bin" / tool, f'echo {tool} "$1" >> {log}; exit {code}')
    done = make(made, "test")
    assert done.returncode != 0
    ran = [line.split()[0] for line in log.read_text(encoding="utf-8").splitlines()]
    assert list(dict.fromkeys(ran)) == ["ruff", "mypy", "pytest"]


def test_nothing_looks_like_a_placeholder_of_pulumi_new() -> None:
    """`pulumi new` replaces these in every text file of a template."""
    files = [
        ROOT / "Makefile",
        *(ROOT / "sandbox").rglob("*.py"),
        *(ROOT / "sandbox").rglob("go.*"),
    ]
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert "${" + "PROJECT}" not in text
        assert "${" + "DESCRIPTION}" not in text
