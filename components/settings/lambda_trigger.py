"""Settings of a small function that starts a job: for a queue's messages, or for requests."""

import ast
from pathlib import Path
from typing import Annotated, ClassVar, Final, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import matching
from components.settings.build import INSIDE, PROJECT_FOLDER
from components.settings.container import EnvironmentName
from components.settings.event import PATH
from components.settings.grantable import Grantable

FUNCTION_TIMEOUT: Final = 30
"""Seconds that the function may take for a batch of messages or a request, its tries included."""
VISIBILITY_TIMEOUT: Final = 6 * FUNCTION_TIMEOUT
"""Seconds for which its queue has to hide a message: six times the function's timeout (Lambda
developer guide, "Using Lambda with Amazon SQS")."""

MessagePath = Annotated[
    str,
    Field(max_length=256),
    matching(
        PATH, "must be the path of one field of the message, such as $.order.id or $.items[0]"
    ),
]


def _filter(path: str) -> str:
    """Refuse a file that can't be the function's filter."""
    file = PROJECT_FOLDER / path
    if not file.is_file():
        raise ValueError("there is no such file; its path is relative to the folder of Pulumi.yaml")
    if not file.resolve().is_relative_to(PROJECT_FOLDER):
        raise ValueError("is a link to a place outside of the project; copy it into it")
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except ValueError:
        raise ValueError("isn't UTF-8 text") from None
    except SyntaxError as error:
        raise ValueError(f"line {error.lineno} isn't Python: {error.msg}") from None
    found = [
        each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == "decide"
    ]
    if not found or len(found[-1].args.posonlyargs + found[-1].args.args) != 1:
        raise ValueError("has no function decide(message)")
    return path


_filter.__doc__ = "must be a Python file with a function decide(message)"


class LambdaSettings(Grantable):
    """A function in AWS Lambda that starts the job.

    It is for what EventBridge can't filter or isn't told: it starts a task for each message of a
    queue, or when a service asks it to, and tries again while AWS is busy. A million calls cost
    0.20 USD, and each second of them 0.0000033 USD (us-east-1).
    """

    kind: ClassVar[str] = "job that requests start"
    levels: ClassVar[tuple[str, ...]] = ("start",)

    queue: Annotated[str, Field(max_length=40)] | None = None
    """Name of a queue declared below queues, of this region, each of whose messages starts the job;
    one job for each queue. Its visibilityTimeout has to be 180 at least, six times what the
    function may take. Of an existing queue only its owner knows it: Lambda itself refuses less than
    30 at deployment, and advises 180."""
    request: bool = False
    """Whether services start the job by calling the function: those that are granted `start` on the
    job, by its name. Their environment has the function's name, such as EXPORT_FUNCTION_NAME for
    the job export. It has no address on the internet."""
    max_concurrency: Annotated[int, Field(ge=2, le=1_000)] = 2
    """How many batches of up to ten messages are worked on at once, 2 to 1000. It bounds how fast
    tasks start, not how many run."""
    environment: dict[EnvironmentName, MessagePath] = Field(default_factory=dict)
    """Environment variables that hold fields of the message or request, which is JSON then, by
    their path: `ORDER_ID: $.order.id`. A field holds text, a number, true or false; a message
    without it goes back to its queue, and at last to the dead-letter queue. ECS takes 8192
    characters for all of them. They are readable to anybody who may describe tasks, so not for
    credentials."""
    filter: (
        Annotated[
            str,
            Field(max_length=256),
            matching(
                INSIDE,
                "must be a file below the folder of Pulumi.yaml, relative to it, such as "
                "jobs/decide.py",
            ),
            AfterValidator(_filter),
        ]
        | None
    ) = None
    """A Python file of one's own with a function `decide(message)`, relative to the folder of
    Pulumi.yaml. It gets the message's JSON (or text, if it is none) and returns None to start
    nothing, or a mapping of variables to text: of those in the job's environment, or in lambda's.
    It has Python's library and boto3, and no right that the function hasn't. None by default: every
    message starts the job."""

    @property
    def filter_file(self) -> Path | None:
        """The filter on this machine."""
        return PROJECT_FOLDER / self.filter if self.filter else None

    @model_validator(mode="after")
    def _is_started_by_something(self) -> Self:
        if self.queue is None and not self.request:
            raise ValueError("needs queue, or request: true, to say what starts the job; or both")
        if self.queue is None and "max_concurrency" in self.model_fields_set:
            raise ValueError("maxConcurrency is about the messages of a queue: remove it")
        return self
