"""Starts the stand-ins for the cloud providers and ends them."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.locks import ChildLock

_SECONDS_TO_END = 10


class StandIns:
    """The stand-ins' process, starting.

    It ends with this process, however this process ends: it reads end-of-file from its input.

    Args:
        layout: The stack's paths.
        environment: Its whole environment.
    """

    def __init__(self, layout: Layout, environment: Mapping[str, str]) -> None:
        lock = lock_of(layout)
        with lock.inherited() as held:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "sandbox.standins", "--record", str(layout.record)],
                cwd=layout.root,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                start_new_session=True,
                pass_fds=[held],
            )
            lock.name_holder(self._process.pid)

    def providers(self) -> str:
        """Wait until they answer.

        Returns:
            The value of PULUMI_DEBUG_PROVIDERS.

        Raises:
            SandboxError: They ended instead.
        """
        assert self._process.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
        line = self._process.stdout.readline()
        try:
            ports = json.loads(line)
        except ValueError:
            code = self._process.wait()
            raise SandboxError(
                f"The stand-in providers did not start (exit code {code}); what they said is above."
            ) from None
        return ",".join(f"{package}:{port}" for package, port in ports.items())

    def end(self) -> None:
        """Close their input and wait for them."""
        assert self._process.stdin is not None  # noqa: S101 - for the type checker: it is a pipe
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def lock_of(layout: Layout) -> ChildLock:
    """The lock that this stack's stand-ins hold."""
    return ChildLock(layout.folder / "standins.lock")


@contextmanager
def started(layout: Layout, environment: Mapping[str, str]) -> Iterator[StandIns]:
    """Stand-ins that end with the block."""
    stand_ins = StandIns(layout, environment)
    try:
        yield stand_ins
    finally:
        stand_ins.end()
