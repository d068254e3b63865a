"""The commands that the sandbox tells people to type."""

import os
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox import invocation
from sandbox.layout import ROOT, Layout


def test_the_command_works_where_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.defpath)
    monkeypatch.chdir(ROOT)
    typed = [*shlex.split(invocation.program()), "--help"]
    done = subprocess.run(typed, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert "VERB" in done.stdout


@pytest.mark.parametrize(
    ("folder", "shown"),
    [("fork", "bin/python"), ("fork/docs", "{0}/fork/bin/python"), (".", "fork/bin/python")],
)
def test_an_interpreter_below_the_current_folder_is_named_by_its_relative_path(
    folder: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fork" / "docs").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / folder)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "fork" / "bin" / "python"))
    assert invocation.program() == f"{shown.format(tmp_path)} -m sandbox"


def test_in_an_activated_environment_it_is_just_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "python").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert invocation.program() == "python -m sandbox"


def test_it_chooses_the_same_stack_and_rules_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def words(layout: Layout, verb: str) -> str:
        return invocation.command(layout, verb).removeprefix(invocation.program())

    example = Layout.for_config(tmp_path / "examples" / "a-stack.yaml", tmp_path)
    strict = replace(example, policy_config=tmp_path / "rules.json")
    assert words(Layout.for_stack("dev", tmp_path), "up") == " up"
    assert words(Layout.for_stack("prod", tmp_path), "up") == " up --stack prod"
    assert words(example, "down") == " down --config examples/a-stack.yaml"
    assert words(strict, "down") == " down --config examples/a-stack.yaml"
    assert words(strict, "preview") == (
        " preview --config examples/a-stack.yaml --policy-pack-config rules.json"
    )


def test_an_interpreter_without_the_packages_says_what_to_do() -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", "sandbox", "up"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 2
    assert "make install" in done.stderr
    assert "Traceback" not in done.stderr
