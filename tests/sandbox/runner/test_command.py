import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pulumi.automation.errors import CommandError
from semver import VersionInfo

from sandbox.command import Command
from sandbox.errors import InterruptedRunError
from sandbox.locks import ChildLock
from tests.sandbox.runner.conftest import write_script


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Command]:
    def with_cli(body: str) -> Command:
        path = write_script(tmp_path / "pulumi", body)
        lock = ChildLock(tmp_path / "cli.lock")
        environment = {"PATH": os.environ["PATH"], "MINE": "1"}
        return Command(path, VersionInfo(3, 259, 0), environment, lock)

    return with_cli


def test_the_cli_sees_only_the_environment_it_is_given(
    make: Callable[[str], Command], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    seen = make("env").run(["stack", "ls"], str(tmp_path), {"ADDED": "2"}).stdout
    assert "canary" not in seen
    assert {"MINE=1", "ADDED=2"} <= set(seen.splitlines())


def test_no_command_asks_questions(make: Callable[[str], Command], tmp_path: Path) -> None:
    command = make('echo "$@"')
    assert command.run(["stack", "ls"], str(tmp_path), {}).stdout == "--non-interactive stack ls"


def test_previews_show_what_stays_too(make: Callable[[str], Command], tmp_path: Path) -> None:
    command = make('echo "$@"')
    assert command.run(["preview"], str(tmp_path), {}).stdout.endswith("preview --show-sames")


def test_a_failed_command_raises_and_keeps_what_was_said(
    make: Callable[[str], Command], tmp_path: Path
) -> None:
    command = make("echo out; echo err >&2; exit 3")
    with pytest.raises(CommandError):
        command.run(["up"], str(tmp_path), {})
    assert command.last is not None
    assert (command.last.code, command.last.stdout, command.last.stderr) == (3, "out", "err")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_passed_on_as_an_interrupt_and_waited_for(
    make: Callable[[str], Command], tmp_path: Path, number: signal.Signals
) -> None:
    done = tmp_path / "done"
    command = make(f"trap 'sleep 0.5; touch {done}; exit 1' INT; while :; do sleep 0.05; done")
    threading.Timer(0.5, os.kill, (os.getpid(), number)).start()
    with pytest.raises(InterruptedRunError) as caught:
        command.run(["up"], str(tmp_path), {})
    assert caught.value.signal_number == number
    assert done.exists()


def test_signals_are_handled_as_before_afterwards(
    make: Callable[[str], Command], tmp_path: Path
) -> None:
    before = signal.getsignal(signal.SIGINT)
    make("exit 0").run(["up"], str(tmp_path), {})
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_reaches_the_cli_only_through_the_sandbox(
    make: Callable[[str], Command], tmp_path: Path
) -> None:
    """A terminal signals the whole process group; a second SIGINT would make the CLI give up."""
    command = make("ps -o sid= -p $$ || cut -d' ' -f6 /proc/$$/stat")
    session = int(command.run(["up"], str(tmp_path), {}).stdout.split()[-1])
    assert session != os.getsid(0)


def test_the_cli_of_a_killed_run_is_found(make: Callable[[str], Command], tmp_path: Path) -> None:
    make("exec sleep 60")
    run = (
        "import sys, os\n"
        "from pathlib import Path\n"
        "from semver import VersionInfo\n"
        "from sandbox.command import Command\n"
        "from sandbox.locks import ChildLock\n"
        "folder = Path(sys.argv[1])\n"
        "lock = ChildLock(folder / 'cli.lock')\n"
        "cli = Command(folder / 'pulumi', VersionInfo(3), {'PATH': os.environ['PATH']}, lock)\n"
        "cli.run(['up'], str(folder), {})\n"
    )
    lock_file = tmp_path / "cli.lock"
    with subprocess.Popen([sys.executable, "-c", run, tmp_path]) as killed:
        while not lock_file.exists() or not lock_file.read_text(encoding="utf-8"):
            time.sleep(0.02)
        pid = json.loads(lock_file.read_text(encoding="utf-8"))["pid"]
        killed.kill()
    said: list[str] = []
    ChildLock(lock_file).end_holder(0.2, said.append, "the Pulumi CLI")
    assert f"(pid {pid})" in said[-1]
