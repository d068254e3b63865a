"""The command line, as far as it goes without an engine."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import cli
from sandbox.errors import Exit
from sandbox.layout import ROOT


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_help_lists_every_verb_and_exit_code() -> None:
    said = run("--help").stdout
    for verb in ("up", "preview", "refresh", "down", "export", "run"):
        assert f"    {verb} " in said
    for code in Exit:
        assert f"\n    {int(code)}: " in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "VERB"),
        (["sideways"], "sideways"),
        (["up", "--stack", "dev", "--config", "x.yaml"], "not allowed with"),
    ],
)
def test_a_wrong_command_line_is_explained(arguments: list[str], message: str) -> None:
    done = run(*arguments)
    assert done.returncode == Exit.BAD_INPUT
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("verb", ["up", "preview", "refresh", "down"])
def test_a_missing_stack_file_stops_before_anything_is_started(verb: str, tmp_path: Path) -> None:
    done = run(verb, "--config", str(tmp_path / "never-heard-of.yaml"))
    assert done.returncode == Exit.BAD_INPUT
    assert "never-heard-of.yaml" in done.stderr
    assert not (ROOT / ".sandbox" / "never-heard-of").exists()


@pytest.mark.parametrize("arguments", [["export"], ["run", "pulumi", "stack"]])
def test_a_stack_that_is_not_up_has_nothing_to_run_on(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main([arguments[0], "--stack", "never-up", *arguments[1:]])
    assert code == Exit.BAD_INPUT
    assert "up comes first" in capsys.readouterr().err


def test_run_needs_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run"]) == Exit.BAD_INPUT
    assert "run needs a command" in capsys.readouterr().err
