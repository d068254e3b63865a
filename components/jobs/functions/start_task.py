"""Starts a job's task for each message of a queue, and for each request.

Beside it in the package is job.json, what of the job doesn't change with a deployment, and with a
filter decide.py, which is the team's own.
"""

import importlib
import json
import logging
import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]  # publishes no types

from components.jobs.functions.launch import (
    CLIENT,
    BusyError,
    NoRoomError,
    RefusedError,
    patiently,
    run_task,
    start_execution,
)
from components.jobs.functions.message import (
    Decide,
    UnusableError,
    overrides,
    read,
    variables,
)

logger = logging.getLogger()

Start = Callable[[Mapping[str, str], str], str]
"""Starts the job with variables, once for each token; returns what was started."""


@dataclass(frozen=True)
class Job:
    """What is started, and what of a message its container gets.

    Attributes:
        start: starts it.
        fields: by variable, the path of a message's field.
        declared: variables that the filter may set.
        decide: the filter, if the job has one.
    """

    start: Start
    fields: Mapping[str, str]
    declared: Sequence[str]
    decide: Decide | None = None


def handle(event: Any, context: Any) -> Mapping[str, Any]:  # noqa: ANN401 - Lambda's own
    """Answer Lambda: a batch of messages, or else a request."""

    def seconds_left() -> float:
        return float(context.get_remaining_time_in_millis()) / 1000

    job = patient(_job(), seconds_left)
    if is_batch(event):
        return start_for_messages(job, event["Records"])
    return start_for_request(job, event, context.aws_request_id)


def is_batch(event: Any) -> bool:  # noqa: ANN401 - any JSON
    """Say whether an event is a batch of messages from SQS."""
    records = event.get("Records") if isinstance(event, Mapping) else None
    return bool(
        isinstance(records, list)
        and all(isinstance(each, Mapping) for each in records)
        and all(each.get("eventSource") == "aws:sqs" for each in records)
        and records
    )


def start_for_messages(job: Job, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Start the job for each message; those that fail go back to the queue, and no others."""
    failed = []
    for record in records:
        identifier = record["messageId"]
        try:
            _start(job, read(record["body"]), tokens_of(record))
        except (BusyError, NoRoomError, RefusedError, UnusableError) as error:
            logger.warning("message %s: %s", identifier, error)
            failed.append({"itemIdentifier": identifier})
        except Exception as error:  # noqa: BLE001 - one message must not fail the others
            logger.error("message %s: %s", identifier, _trace(error))  # noqa: TRY400 - see _trace
            failed.append({"itemIdentifier": identifier})
    return {"batchItemFailures": failed}


def start_for_request(
    job: Job,
    request: Any,  # noqa: ANN401 - any JSON
    identifier: str,
) -> Mapping[str, Any]:
    """Start the job for a request, and say in the words of HTTP what came of it.

    Raises:
        RefusedError: nothing can be started, for no fault of the request.
        RuntimeError: the filter failed; its own text, which may hold the request's, isn't in it.
    """
    try:
        started = _start(job, request, [identifier])
    except (BusyError, NoRoomError) as error:
        return {"statusCode": 503, "message": f"{error}; ask again later"}
    except UnusableError as error:
        return {"statusCode": 400, "message": str(error)}
    except RefusedError:
        raise
    except Exception as error:  # noqa: BLE001 - the filter may raise anything
        logger.error("request %s: %s", identifier, _trace(error))  # noqa: TRY400 - see _trace
        raise RuntimeError(f"nothing was started: {type(error).__name__}") from None
    if started is None:
        return {"statusCode": 200, "message": "the job's filter starts nothing for this"}
    return {"statusCode": 202, "started": started}


def tokens_of(record: Mapping[str, Any]) -> Sequence[str]:
    """Return the tokens with which a message starts the job, in the order in which they are tried.

    The first is its id. Where there was no room for a token there never is, so that each later
    delivery has one of its own. Before it come the first and that of the delivery before: a message
    that has started a task and comes again all the same starts no second one.
    """
    identifier = record["messageId"]
    delivery = int(record["attributes"]["ApproximateReceiveCount"])
    later = (f"{identifier}-{number}" for number in (delivery - 1, delivery) if number > 1)
    return [identifier, *later]


def patient(job: Job, seconds_left: Callable[[], float]) -> Job:
    """Return a job whose start is tried again while there is time."""
    return replace(
        job, start=lambda given, token: patiently(lambda: job.start(given, token), seconds_left)
    )


def _start(
    job: Job,
    message: Any,  # noqa: ANN401 - any JSON
    tokens: Sequence[str],
) -> str | None:
    given = variables(message, fields=job.fields, declared=job.declared, decide=job.decide)
    if given is None:
        logger.info("%s: the filter starts nothing", tokens[0])
        return None
    started = _start_by_any(job, given, tokens)
    logger.info("%s: started %s", tokens[0], started)
    return started


def _start_by_any(job: Job, given: Mapping[str, str], tokens: Sequence[str]) -> str:
    """Start the job with the first token for which there is, or was, room."""
    *earlier, last = tokens
    for token in earlier:
        with suppress(NoRoomError):
            return job.start(given, token)
    return job.start(given, last)


def _trace(error: Exception) -> str:
    """Return where an error comes from without its own text, which may hold the message's."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"


@cache
def _job() -> Job:
    """Return the job of this package and environment."""
    logger.setLevel(logging.INFO)
    fixed = json.loads((Path(os.environ["LAMBDA_TASK_ROOT"]) / "job.json").read_text())
    decide = importlib.import_module("decide").decide if fixed["filter"] else None
    fields, defaults = fixed["fields"], fixed["defaults"]
    start = starting(fixed["container"], defaults, os.environ)
    return Job(start, fields, sorted({*fields, *defaults}), decide)


def starting(container: str, defaults: Mapping[str, str], environment: Mapping[str, str]) -> Start:
    """Return what starts the job: its state machine if it has one, else its task.

    Args:
        container: the job's own.
        defaults: what its variables hold that the filter doesn't set.
        environment: the function's; STATE_MACHINE or RUN_TASK say what to start.
    """
    machine = environment.get("STATE_MACHINE")
    if machine:
        sfn = boto3.client("stepfunctions", config=CLIENT)
        return lambda given, token: start_execution(
            sfn, machine, token, execution_input(container, {**defaults, **given})
        )
    ecs = boto3.client("ecs", config=CLIENT)
    request = json.loads(environment["RUN_TASK"])
    return lambda given, token: run_task(
        ecs,
        {**request, **({"overrides": overrides(container, given)} if given else {})},
        token,
    )


def execution_input(container: str, given: Mapping[str, str]) -> str:
    """Return a state machine's input: the value of each variable that it gives the container.

    Raises:
        UnusableError: they are longer than ECS takes.
    """
    overrides(container, given)
    return json.dumps(dict(given), sort_keys=True)
