"""The exit codes of ``python -m policies.check`` and the error that leads to one of them."""

from enum import IntEnum


class Exit(IntEnum):
    """What the process's exit code says."""

    OK = 0
    VIOLATIONS = 1
    BAD_INPUT = 2


class InputError(Exception):
    """The input isn't what Pulumi prints; the message is all that the user has to see."""
