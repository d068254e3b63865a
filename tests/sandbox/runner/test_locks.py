import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.errors import BusyError, Exit
from sandbox.locks import ChildLock, stack_lock

HOLD = """
import sys, time
from pathlib import Path
from sandbox.locks import stack_lock
with stack_lock(Path(sys.argv[1]), "dev", "up"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the stack."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_run_is_told_who_holds_the_stack(
    tmp_path: Path, holder: "subprocess.Popen[str]"
) -> None:
    with pytest.raises(BusyError) as caught, stack_lock(tmp_path, "dev", "down"):
        pass
    assert caught.value.code == Exit.BUSY
    assert f"`sandbox up` (pid {holder.pid})" in str(caught.value)
    assert f"kill -INT {holder.pid}" in str(caught.value)


def test_a_killed_run_holds_nothing(tmp_path: Path, holder: "subprocess.Popen[str]") -> None:
    holder.kill()
    holder.wait()
    with stack_lock(tmp_path, "dev", "up"):
        pass


def test_the_lock_is_free_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), stack_lock(tmp_path, "dev", "up"):
        raise RuntimeError
    with stack_lock(tmp_path, "dev", "up"):
        pass


def test_two_stacks_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with stack_lock(tmp_path / "one", "one", "up"), stack_lock(tmp_path / "two", "two", "up"):
        pass


def start_child(lock: ChildLock, *command: str) -> "subprocess.Popen[bytes]":
    with lock.inherited() as held:
        child = subprocess.Popen(command, pass_fds=[held])
        lock.name_holder(child.pid)
    return child


def test_a_left_over_child_is_waited_for(tmp_path: Path) -> None:
    lock = ChildLock(tmp_path / "lock")
    said: list[str] = []
    child = start_child(lock, "sleep", "0.3")
    lock.end_holder(5, said.append, "the child")
    assert child.wait(5) == 0
    assert said == ["Waiting for the child of a killed run."]


def test_a_left_over_child_that_stays_is_interrupted(tmp_path: Path) -> None:
    lock = ChildLock(tmp_path / "lock")
    said: list[str] = []
    child = start_child(lock, "sleep", "60")
    lock.end_holder(0.2, said.append, "the child")
    assert child.wait(5) == -signal.SIGINT
    assert any(f"(pid {child.pid})" in line for line in said)


def test_a_left_over_child_that_takes_no_hint_is_killed(tmp_path: Path) -> None:
    lock = ChildLock(tmp_path / "lock")
    stubborn = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(60)"
    child = start_child(lock, sys.executable, "-c", stubborn)
    lock.end_holder(1, lambda _: None, "the child")
    assert child.wait(5) == -signal.SIGKILL


def test_a_pid_is_not_believed_when_nothing_holds_the_lock(tmp_path: Path) -> None:
    """The pid of a child that is gone may be another process's by now."""
    lock = ChildLock(tmp_path / "lock")
    said: list[str] = []
    start_child(lock, "true").wait()
    with subprocess.Popen(["sleep", "60"]) as bystander:
        lock.name_holder(bystander.pid)
        lock.end_holder(0.1, said.append, "the child")
        assert bystander.poll() is None
        bystander.kill()
    assert said == []


def test_a_child_that_cannot_be_ended_is_reported(tmp_path: Path) -> None:
    lock = ChildLock(tmp_path / "lock")
    with lock.inherited():  # this process, which has named no pid
        with pytest.raises(BusyError, match=r"the child of a killed run \(pid unknown\)"):
            lock.end_holder(0.05, lambda _: None, "the child")
        assert os.getpid()
