"""The exit codes of ``python -m reports`` and the errors that lead to them."""

from enum import IntEnum


class Exit(IntEnum):
    """What the process's exit code says."""

    OK = 0
    BAD_INPUT = 2
    INCOMPLETE = 3


class ReportError(Exception):
    """An error whose message is all that the user has to see.

    Attributes:
        code: the exit code it leads to.
    """

    code: Exit = Exit.BAD_INPUT


class InputError(ReportError):
    """The input isn't what the engine prints, or holds a value that no provider accepts."""


class UnknownValueError(ReportError):
    """A value that the report needs isn't known yet, and nothing says where it comes from.

    Attributes:
        where: the resource and property, for a message of one's own.
    """

    code = Exit.INCOMPLETE

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where} is not known before the deployment. Deploy the stack, then report on "
            "`pulumi stack export`."
        )
        self.where = where
