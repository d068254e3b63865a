"""OS file locks: one run at a time per stack, and finding what a killed run left behind.

The kernel drops a lock with the last process that holds it, so a lock never outlives a crash, and
a pid is believed only while the lock is held: no stale pid is ever taken for a living process.
"""

import contextlib
import fcntl
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sandbox.errors import BusyError

_SECONDS_BETWEEN_LOOKS = 0.1


@contextlib.contextmanager
def stack_lock(folder: Path, stack: str, verb: str) -> Iterator[None]:
    """Hold the stack for one run.

    Args:
        folder: The stack's folder.
        stack: The stack's name, for the message.
        verb: What this run does, for the message that a second run gives.

    Raises:
        BusyError: Another run holds the stack; the message names its pid and verb.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "run.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _try(descriptor):
            raise BusyError(_busy(stack, _read(descriptor)))
        _tell(descriptor, verb=verb)
        yield
    finally:
        os.close(descriptor)


class ChildLock:
    """A lock that a child process inherits and holds for as long as it lives.

    A later run learns by it that the child of a killed run is still at work.

    Args:
        path: The lock's file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextlib.contextmanager
    def inherited(self) -> Iterator[int]:
        """A locked descriptor for `subprocess.Popen(pass_fds=…)`.

        This process lets go of it at the end of the block; the child keeps it.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def name_holder(self, pid: int) -> None:
        """Write the child's pid down for `end_holder`."""
        descriptor = os.open(self._path, os.O_RDWR)
        try:
            _tell(descriptor, pid=pid)
        finally:
            os.close(descriptor)

    def end_holder(self, patience: float, say: Callable[[str], None], what: str) -> None:
        """Wait for what a killed run left behind, then interrupt it, then kill it.

        Args:
            patience: Seconds to wait before each step.
            say: Told what is waited for.
            what: The holder, in words.

        Raises:
            BusyError: It is still there after all steps, or its pid is not known.
        """
        if not self._path.exists():
            return
        descriptor = os.open(self._path, os.O_RDWR)
        try:
            if _try(descriptor):
                return
            say(f"Waiting for {what} of a killed run.")
            if _try(descriptor, patience):
                return
            pid = _read(descriptor).get("pid")
            for step in (signal.SIGINT, signal.SIGKILL):
                if isinstance(pid, int):
                    say(f"Ending {what} (pid {pid}) of a killed run with {step.name}.")
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, step)
                if _try(descriptor, patience):
                    return
            raise BusyError(
                f"{what} of a killed run (pid {pid or 'unknown'}) is still there and does not end; "
                f"end it by hand. It holds {self._path}."
            )
        finally:
            os.close(descriptor)


def _try(descriptor: int, patience: float = 0) -> bool:
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        else:
            return True


def _tell(descriptor: int, **facts: object) -> None:
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    text = json.dumps({"pid": os.getpid(), "since": now} | facts)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)


def _read(descriptor: int) -> dict[str, object]:
    with contextlib.suppress(ValueError):
        facts = json.loads(os.pread(descriptor, 4096, 0))
        if isinstance(facts, dict):
            return facts
    return {}


def _busy(stack: str, holder: dict[str, object]) -> str:
    if not holder:  # it has just taken the lock and not yet written who it is
        return f"Stack {stack} is busy: another run has just started on it. Wait for it to end."
    pid = holder["pid"]
    return (
        f"Stack {stack} is busy: `sandbox {holder['verb']}` (pid {pid}) has held it since "
        f"{holder['since']}. Wait for it to end, or stop it with Ctrl-C there or `kill -INT {pid}`."
    )
