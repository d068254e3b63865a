"""The exit codes of ``python -m sandbox`` and the errors that lead to them."""

from enum import IntEnum


class Exit(IntEnum):
    """What the process's exit code says; a signal adds 128 to its number (Ctrl-C: 130)."""

    OK = 0
    FAILED = 1
    BAD_INPUT = 2
    POLICY = 3
    BUSY = 4
    NO_CLI = 5
    INTERRUPTED = 130


class SandboxError(Exception):
    """An error whose message is all that the user has to see.

    Attributes:
        code: The exit code it leads to.
    """

    code: Exit = Exit.FAILED


class BadInputError(SandboxError):
    """The command line, a stack file or the project's settings are wrong."""

    code = Exit.BAD_INPUT


class BusyError(SandboxError):
    """Another run holds the stack."""

    code = Exit.BUSY


class NoCliError(SandboxError):
    """No Pulumi CLI was found, and none could be installed or built."""

    code = Exit.NO_CLI


class InterruptedRunError(SandboxError):
    """A signal ended the run, after the Pulumi CLI had finished its cancellation.

    Attributes:
        signal_number: The signal.
    """

    code = Exit.INTERRUPTED

    def __init__(self, signal_number: int) -> None:
        super().__init__("Interrupted: the Pulumi CLI has cancelled the operation and let go.")
        self.signal_number = signal_number
