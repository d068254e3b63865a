"""Starting a task or an execution: once for each token, and again while AWS takes no calls."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from botocore.config import Config  # type: ignore[import-untyped]  # publishes no types
from botocore.exceptions import (  # type: ignore[import-untyped]  # publishes no types
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's name
    HTTPClientError,
)

Result = TypeVar("Result")

CALL_SECONDS: Final = 7
"""The longest that one call takes: two seconds to connect, five to answer."""
CLIENT: Final = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1})
"""Of clients: `patiently` tries again, and knows how much time is left."""
TRIES: Final = 5
LONGEST_PAUSE: Final = 8
"""Seconds between two tries at most, of which a random part is waited."""

BUSY: Final = frozenset(
    {
        "ExecutionLimitExceeded",
        "InternalServerError",
        "RequestLimitExceeded",
        "ServerException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""Codes of errors that another try may not meet."""


class BusyError(Exception):
    """AWS takes no more calls at the moment."""


class NoRoomError(Exception):
    """ECS has no room for another task, and says so from now on to whoever comes with this token.

    A token gets the answer that it got first, even one with failures (Amazon ECS API reference,
    "Ensuring idempotency"): another try takes another one.
    """


class RefusedError(Exception):
    """AWS says no, and would say so again."""


def patiently(
    call: Callable[[], Result],
    seconds_left: Callable[[], float],
    sleep: Callable[[float], None] = time.sleep,
) -> Result:
    """Call until AWS isn't busy any more, with growing pauses of random length.

    Args:
        call: raises BusyError where another try is worth it.
        seconds_left: how long the function may run yet; no try begins that it couldn't end.
        sleep: waits.

    Raises:
        BusyError: neither the tries nor the time sufficed.
    """
    for pause in _pauses():
        if seconds_left() < CALL_SECONDS:
            raise BusyError("the function has no time left")
        try:
            return call()
        except BusyError:
            if seconds_left() < pause + CALL_SECONDS:
                raise
        sleep(pause)
    return call()


def _pauses() -> Iterator[float]:
    for attempt in range(TRIES - 1):
        yield random.uniform(0, min(2**attempt, LONGEST_PAUSE))  # noqa: S311 - not cryptography


def run_task(
    ecs: Any,  # noqa: ANN401 - boto3 publishes no types
    request: Mapping[str, Any],
    token: str,
) -> str:
    """Start one task and return its ARN, or that of the one which the token has started already.

    Args:
        ecs: client.
        request: parameters of RunTask.
        token: up to 64 characters; ECS remembers it for 24 hours at most.

    Raises:
        BusyError: no task was started, and another try may succeed.
        NoRoomError: nor will one be with this token.
        RefusedError: nor will one be.
    """
    try:
        answer = ecs.run_task(**request, clientToken=token)
    except ClientError as error:
        if _code(error) == "ConflictException":
            # The token came with other parameters before: of an older deployment.
            return _task_of_before(error.response.get("resourceIds", ()))
        raise _explained(error) from None
    except (ConnectionError, HTTPClientError) as error:
        raise BusyError(f"ECS could not be reached: {type(error).__name__}") from None
    if answer["tasks"]:
        return str(answer["tasks"][0]["taskArn"])
    reasons = {str(failure.get("reason")) for failure in answer["failures"]}
    raise NoRoomError(f"ECS started no task: {', '.join(sorted(reasons))}")


def _task_of_before(tasks: Sequence[str]) -> str:
    for task in tasks:
        return task
    raise NoRoomError("ECS started no task: an older deployment found no room")


def start_execution(
    sfn: Any,  # noqa: ANN401 - boto3 publishes no types
    machine: str,
    name: str,
    text: str,
) -> str:
    """Start an execution and return its ARN, or its name if it has been there already.

    Args:
        sfn: client.
        machine: ARN of a standard state machine.
        name: the execution's; Step Functions remembers it for 90 days after its end.
        text: its input as JSON.

    Raises:
        BusyError: nothing was started, and another try may succeed.
        RefusedError: nor will anything be.
    """
    try:
        return str(
            sfn.start_execution(stateMachineArn=machine, name=name, input=text)["executionArn"]
        )
    except ClientError as error:
        if _code(error) == "ExecutionAlreadyExists":
            return name
        raise _explained(error) from None
    except (ConnectionError, HTTPClientError) as error:
        raise BusyError(f"Step Functions could not be reached: {type(error).__name__}") from None


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def _explained(error: ClientError) -> Exception:
    """Return the error in plain words, as BusyError where another try may not meet it."""
    text = f"{error.operation_name} was refused: {_code(error)}"
    if _code(error) in BUSY:
        return BusyError(text)
    return RefusedError(f"{text}: {error.response['Error'].get('Message', '')}")
