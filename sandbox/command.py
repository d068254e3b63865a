"""Calls of the Pulumi CLI, in the sandbox's environment, with signals passed on and waited for."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, Any

from pulumi.automation import CommandResult, PulumiCommand
from pulumi.automation.errors import create_command_error
from semver import VersionInfo

from sandbox.errors import InterruptedRunError
from sandbox.locks import ChildLock

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(PulumiCommand):
    """The Pulumi CLI as the Automation API calls it.

    Unlike the Automation API's own: the CLI sees only the environment it is given, so the
    developer's credentials don't reach it; it runs in a session of its own, so one Ctrl-C reaches
    it once; and it holds a lock while it lives, by which the next run finds it if this one is
    killed.

    Args:
        path: The CLI.
        version: Its version.
        environment: Its whole environment, before what the Automation API adds.
        lock: The lock it inherits.
    """

    def __init__(
        self, path: Path, version: VersionInfo, environment: Mapping[str, str], lock: ChildLock
    ) -> None:
        # Not calling the base: it would start the CLI once more to ask for its version.
        self.command = str(path)
        self.version = version
        self.environment = dict(environment)
        self.lock = lock
        self.last: CommandResult | None = None

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Callable[[str], Any] | None = None,
        on_error: Callable[[str], Any] | None = None,
    ) -> CommandResult:
        """Run one command; see `PulumiCommand.run`.

        Raises:
            CommandError: It failed.
            InterruptedRunError: A signal came; it was passed on and the CLI has ended.
        """
        command = [self.command, "--non-interactive", *args]
        if args[0] == "preview":  # the API has no parameter for it
            command.append("--show-sames")
        environment = {**self.environment, **additional_env, "PULUMI_AUTOMATION_API": "true"}
        with self.lock.inherited() as held:
            process = subprocess.Popen(  # noqa: S603 - the CLI that was found, with the API's arguments
                command,
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                start_new_session=True,
                pass_fds=[held],
            )
            self.lock.name_holder(process.pid)
        with _passing_signals_to(process) as received:
            output, error = _read_both(process, on_output, on_error)
            code = process.wait()
        self.last = result = CommandResult(stdout=output, stderr=error, code=code)
        if received:
            raise InterruptedRunError(received[0])
        if code != 0:
            raise create_command_error(result)
        return result


def _read_both(
    process: "subprocess.Popen[str]",
    on_output: Callable[[str], Any] | None,
    on_error: Callable[[str], Any] | None,
) -> tuple[str, str]:
    chunks: tuple[list[str], list[str]] = ([], [])

    def consume(
        stream: IO[str] | None, callback: Callable[[str], Any] | None, into: list[str]
    ) -> None:
        for line in stream or ():
            into.append(line.rstrip())
            if callback:
                callback(line.rstrip())

    readers = [
        threading.Thread(target=consume, args=(process.stdout, on_output, chunks[0])),
        threading.Thread(target=consume, args=(process.stderr, on_error, chunks[1])),
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return "\n".join(chunks[0]), "\n".join(chunks[1])


@contextmanager
def _passing_signals_to(process: "subprocess.Popen[str]") -> Iterator[list[int]]:
    """Pass signals on as SIGINT: the CLI cancels at the first one and ends at the second."""
    received: list[int] = []

    def pass_on(number: int, _: FrameType | None) -> None:
        received.append(number)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGINT)

    before = {number: signal.signal(number, pass_on) for number in _SIGNALS}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
