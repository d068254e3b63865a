"""Runs a job's task at deployment: starts it, waits for its end, and fails when it failed.

Beside it in the package is job.json, what of the job doesn't change with a deployment.
"""

import hashlib
import itertools
import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3  # type: ignore[import-untyped]  # publishes no types
from botocore.config import Config  # type: ignore[import-untyped]  # publishes no types

from components.jobs.functions.launch import BusyError, NoRoomError, patiently, run_task

logger = logging.getLogger()

POLL: Final = 5
"""Seconds between two looks at the task."""
EXITED: Final = "EssentialContainerExited"
"""Stop code of a task that nobody stopped."""
CLIENT: Final = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard"})


class RunFailedError(Exception):
    """The task didn't do its work. It tells ids and codes, and no values of variables."""


@dataclass(frozen=True)
class Run:
    """What runs, and for how long.

    Attributes:
        request: parameters of RunTask; startedBy is the job's own.
        again: what the stack file says to have it run once more.
        container: the job's container, whose exit code counts.
        timeout: seconds from now on after which the task is stopped.
        log_group: where its containers log.
    """

    request: Mapping[str, Any]
    again: str
    container: str
    timeout: float
    log_group: str

    @property
    def started_by(self) -> str:
        """What its task is found by: the same as long as there is nothing new to run."""
        what = json.dumps([self.request["taskDefinition"], self.again])
        return f"{self.request['startedBy']}-{hashlib.sha256(what.encode()).hexdigest()[:16]}"

    @property
    def family(self) -> str:
        """The family of the task definition, of which the request has a revision's ARN."""
        revision: str = self.request["taskDefinition"].rpartition("/")[2]
        return revision.partition(":")[0]


def handle(
    event: Mapping[str, str],
    context: Any,  # noqa: ANN401 - Lambda's own
) -> Mapping[str, str]:
    """Answer Lambda: run the task, and return its ARN when it has ended well."""
    logger.setLevel(logging.INFO)
    fixed = json.loads((Path(os.environ["LAMBDA_TASK_ROOT"]) / "job.json").read_text())
    run = Run(json.loads(os.environ["RUN_TASK"]), again=event.get("again", ""), **fixed)
    return {"task": run_once(boto3.client("ecs", config=CLIENT), run, context.aws_request_id)}


def run_once(
    ecs: Any,  # noqa: ANN401 - boto3 publishes no types
    run: Run,
    token: str,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Run the task to its end and return its ARN.

    Whoever called this may have lost its answer and called again. So where the task runs already
    it is waited for, and where it has ended well it doesn't run again as long as ECS remembers it,
    an hour at least.

    Args:
        ecs: client.
        run: what to run.
        token: the call's own; ECS starts one task for it. Other tokens are made of it.
        clock: seconds that pass.
        sleep: waits.

    Raises:
        RunFailedError: it failed, was stopped in time, or another one still runs.
        BusyError: AWS has no room for it at the moment.
        RefusedError: AWS doesn't start it.
    """
    end = clock() + run.timeout
    request = {**run.request, "startedBy": run.started_by}
    task = _started(ecs, run) or patiently(
        _with_new_tokens(lambda each: run_task(ecs, request, each), token),
        lambda: end - clock(),
        sleep,
    )
    logger.info("waits for %s", task)
    while clock() < end:
        found = _describe(ecs, run, [task])
        if found and found[0]["lastStatus"] == "STOPPED":
            if failure := _failure(run, found[0]):
                raise RunFailedError(failure)
            return task
        sleep(POLL)
    ecs.stop_task(cluster=run.request["cluster"], task=task, reason="Its timeout is over")
    raise RunFailedError(
        f"{task} was stopped, since it had not ended after {run.timeout:g} seconds; its log is in "
        f"{run.log_group}"
    )


def _with_new_tokens(start: Callable[[str], str], token: str) -> Callable[[], str]:
    """Return a call that goes on to another token where there is no room for a task with one.

    Where no answer came the token stays, lest a task that was started all the same gets a second
    one beside it.
    """
    tokens = (f"{token}-{number}" for number in itertools.count(2))
    current = token

    def call() -> str:
        nonlocal current
        try:
            return start(current)
        except NoRoomError as error:
            current = next(tokens)
            raise BusyError(str(error)) from None

    return call


def _started(ecs: Any, run: Run) -> str | None:  # noqa: ANN401 - boto3 publishes no types
    """Return the task that runs for this deployment already, or has done its work.

    Raises:
        RunFailedError: another one hasn't ended: of a deployment before, or started by hand.
    """
    for task in _describe(ecs, run, sorted(_listed(ecs, run))):
        own = task.get("startedBy") == run.started_by
        if task["lastStatus"] == "STOPPED":
            if own and not _failure(run, task):
                return str(task["taskArn"])
            continue
        if own and task["desiredStatus"] == "RUNNING":
            return str(task["taskArn"])
        raise RunFailedError(
            f"{task['taskArn']}, which {task.get('startedBy') or 'somebody'} started, hasn't ended "
            "yet, and two at once may undo each other's work: wait for it or stop it, and deploy "
            "again"
        )
    return None


def _listed(ecs: Any, run: Run) -> Iterator[str]:  # noqa: ANN401 - boto3 publishes no types
    """Yield tasks of the job, whoever started them: those that run, and those that stop.

    ECS takes no other filter beside startedBy, which alone would leave out those that stop.
    """
    for status in ("RUNNING", "STOPPED"):
        yield from ecs.list_tasks(
            cluster=run.request["cluster"], family=run.family, desiredStatus=status
        )["taskArns"]


def _describe(
    ecs: Any,  # noqa: ANN401 - boto3 publishes no types
    run: Run,
    tasks: Sequence[str],
) -> Sequence[Mapping[str, Any]]:
    """Return what ECS knows of tasks; of one that has just started it may know nothing yet."""
    if not tasks:
        return []
    found: Sequence[Mapping[str, Any]] = ecs.describe_tasks(
        cluster=run.request["cluster"], tasks=tasks[:100]
    )["tasks"]
    return found


def _failure(run: Run, task: Mapping[str, Any]) -> str | None:
    """Return what went wrong, or None if the job's own container ended by itself and well."""
    own: Mapping[str, Any] = next(
        (each for each in task["containers"] if each["name"] == run.container), {}
    )
    by_itself = task.get("stopCode", EXITED) == EXITED
    if own.get("exitCode") == 0 and by_itself:
        return None
    code = f"exit code {own['exitCode']}" if "exitCode" in own else "no exit code"
    reasons = [task.get("stopCode"), task.get("stoppedReason"), own.get("reason")]
    why = "; ".join(str(reason) for reason in reasons if reason)
    return (
        f"{task['taskArn']} failed: {why}; its container {run.container} ended with {code}; its "
        f"log is in {run.log_group}"
    )
