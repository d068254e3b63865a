"""A fork works from the first day, whichever way it was made."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.pulumi_cli import PulumiCli
from tests.sandbox.project import copy_project

pytestmark = pytest.mark.engine

HOST = Path(__file__).with_name("language_host.py")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clean checkout of the template."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    copy_project(folder)
    return folder


def make_up(folder: Path) -> str:
    """Run `make up` as a newcomer does, with nothing of the project installed."""
    environment = {**os.environ, "PYTHON": sys.executable}
    environment.pop("MAKEFLAGS", None)  # of the make that may run this test
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run(
        ["make", "up"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def made(checkout: Path, tmp_path: Path, cli: PulumiCli) -> Path:
    """What `pulumi new` makes of the checkout."""
    folder = tmp_path / "made"
    folder.mkdir()
    done = subprocess.run(
        [
            cli.path, "new", str(checkout), "--generate-only", "--yes",
            "--name", "shop-platform", "--description", "The shop's platform",
        ],
        cwd=folder,
        env={
            "PATH": f"{language_host(tmp_path)}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "PULUMI_HOME": str(tmp_path / "home"),
            "PULUMI_BACKEND_URL": f"file://{tmp_path}",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_pulumi_new_makes_a_project_in_which_make_up_works(made: Path) -> None:
    assert "name: shop-platform" in (made / "Pulumi.yaml").read_text(encoding="utf-8")

    said = make_up(made)

    assert "shop-platform-dev" in said
    assert "0 mandatory violations" in said
    state = made / ".sandbox" / "state" / ".pulumi" / "stacks" / "shop-platform"
    assert (state / "dev.json").exists()


def test_pulumi_new_makes_a_project_whose_tests_pass(made: Path) -> None:
    """Those that read what it writes anew or leaves out, such as Pulumi.yaml and .git."""
    edges = "test_whoever_names_a_resource_of_the_stack_depends_on_it"
    reading = (
        "tests/contract/test_stack_files.py",
        "tests/unit/settings/test_good_settings.py",
        "tests/sandbox/test_project.py",
        f"tests/sandbox/test_examples.py::{edges}[ecs-only]",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--maxfail=1", *reading],
        cwd=made,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout


def test_a_renamed_copy_is_a_project_in_which_make_up_works(checkout: Path) -> None:
    project = checkout / "Pulumi.yaml"
    text = project.read_text(encoding="utf-8")
    project.write_text(re.sub(r"^name: .*", "name: payments", text, count=1, flags=re.M), "utf-8")

    said = make_up(checkout)

    assert "payments-dev-ecs" in said
    assert "0 mandatory violations" in said


def language_host(folder: Path) -> Path:
    """Return a folder for PATH with the stub of a language host in it."""
    shims = folder / "shims"
    shims.mkdir()
    shim = shims / "pulumi-language-python"
    shim.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(HOST))} "$@"\n', "utf-8"
    )
    shim.chmod(0o755)
    return shims
