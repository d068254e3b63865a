"""The function that runs a task at deployment: it ends well only when the task did."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import (  # type: ignore[import-untyped]  # publishes no types
    ClientError,
    ConnectTimeoutError,
)

from components.jobs.functions.launch import BusyError, RefusedError
from components.jobs.functions.run_once import EXITED, Run, RunFailedError, run_once

TASK = "arn:aws:ecs:eu-west-1:111122223333:task/main/0123"
OTHER = "arn:aws:ecs:eu-west-1:111122223333:task/main/4567"
DEFINITION = "arn:aws:ecs:eu-west-1:111122223333:task-definition/shop-dev-migrate:7"
REQUEST = {"cluster": "main", "taskDefinition": DEFINITION, "startedBy": "shop-dev-migrate"}
OLDER = {**REQUEST, "taskDefinition": DEFINITION.replace(":7", ":6")}
RUN = Run(REQUEST, again="", container="migrate", timeout=600, log_group="/ecs/shop-dev/migrate")
OWN = RUN.started_by


def task(arn: str = TASK, **given: object) -> Mapping[str, Any]:
    return {
        "taskArn": arn,
        "taskDefinitionArn": DEFINITION,
        "startedBy": OWN,
        "lastStatus": "RUNNING",
        "desiredStatus": "RUNNING",
        **given,
    }


def ended(*containers: Mapping[str, Any], code: str = EXITED) -> Any:  # noqa: ANN401 - ECS' answer
    return task(
        lastStatus="STOPPED",
        desiredStatus="STOPPED",
        stopCode=code,
        stoppedReason="Essential container in task exited",
        containers=list(containers),
    )


DONE = ended({"name": "migrate", "exitCode": 0}, {"name": "log-router", "exitCode": 143})


class Ecs:
    """ECS, as far as one task goes: what it answers each time it is asked, and what it was told."""

    def __init__(
        self, *looks: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        self.before = before
        self.looks = iter(looks)
        self.last: Sequence[Mapping[str, Any]] = []
        self.started: list[Mapping[str, Any]] = []
        self.stopped: list[Mapping[str, Any]] = []
        self.refusals: Iterator[Any] = iter(())
        self.answers: dict[str, Mapping[str, Any]] = {}

    def list_tasks(self, **asked: str) -> Mapping[str, Any]:
        status = asked.pop("desiredStatus")
        assert asked == {"cluster": "main", "family": "shop-dev-migrate"}
        return {"taskArns": [t["taskArn"] for t in self.before if t["desiredStatus"] == status]}

    def run_task(self, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 - RunTask's parameters
        token = asked["clientToken"]
        if token in self.answers:
            return self.answers[token]
        refused = next(self.refusals, None)
        if isinstance(refused, Exception):
            raise refused
        if refused:
            self.answers[token] = {"tasks": [], "failures": [{"reason": refused}]}
        else:
            self.started.append(asked)
            self.answers[token] = {"tasks": [{"taskArn": TASK}], "failures": []}
        return self.answers[token]

    def describe_tasks(self, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 - its parameters
        if set(asked["tasks"]) == {found["taskArn"] for found in self.before} != {TASK}:
            return {"tasks": self.before}
        self.last = next(self.looks, self.last)
        return {"tasks": self.last}

    def stop_task(self, **asked: Any) -> None:  # noqa: ANN401 - its parameters
        self.stopped.append(asked)


def deploy(ecs: Ecs, run: Run = RUN) -> str:
    """Run with a clock that sleeping moves on."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    return run_once(ecs, run, "request-1", lambda: now[0], sleep)


def test_it_starts_the_task_once_for_its_call_and_waits_until_it_has_ended() -> None:
    ecs = Ecs([], [task(lastStatus="PROVISIONING")], [task()], [task()], [DONE])
    assert deploy(ecs) == TASK
    assert ecs.started == [{**REQUEST, "startedBy": OWN, "clientToken": "request-1"}]
    assert not ecs.stopped


REASON = "Essential container in task exited"
OUT_OF_MEMORY = {"name": "migrate", "exitCode": 137, "reason": "OutOfMemoryError: killed"}


@pytest.mark.parametrize(
    ("end", "why", "code"),
    [
        (ended({"name": "migrate", "exitCode": 3}), f"{EXITED}; {REASON}", "exit code 3"),
        (ended(OUT_OF_MEMORY), f"{EXITED}; {REASON}; OutOfMemoryError: killed", "exit code 137"),
        (
            ended({"name": "migrate"}, code="TaskFailedToStart"),
            f"TaskFailedToStart; {REASON}",
            "no exit code",
        ),
        (
            ended({"name": "migrate", "exitCode": 0}, code="SpotInterruption"),
            f"SpotInterruption; {REASON}",
            "exit code 0",
        ),
        (ended({"name": "log-router", "exitCode": 0}), f"{EXITED}; {REASON}", "no exit code"),
    ],
)
def test_it_fails_as_the_task_failed_and_says_why(
    end: Mapping[str, Any], why: str, code: str
) -> None:
    with pytest.raises(RunFailedError) as raised:
        deploy(Ecs([task()], [end]))
    assert str(raised.value) == (
        f"{TASK} failed: {why}; its container migrate ended with {code}; its log is in "
        "/ecs/shop-dev/migrate"
    )


def test_it_stops_a_task_that_takes_too_long_and_fails() -> None:
    ecs = Ecs([task()])
    with pytest.raises(RunFailedError, match=r"had not ended after 600 seconds; its log is in"):
        deploy(ecs)
    assert [(asked["cluster"], asked["task"]) for asked in ecs.stopped] == [("main", TASK)]


def test_it_tries_again_while_there_is_no_capacity_and_fails_in_the_end() -> None:
    ecs = Ecs([DONE])
    ecs.refusals = iter(["Capacity is unavailable"] * 3)
    assert deploy(ecs) == TASK
    ecs = Ecs([DONE])
    ecs.refusals = iter(["Capacity is unavailable"] * 100)
    with pytest.raises(BusyError, match="Capacity is unavailable"):
        deploy(ecs)
    assert not ecs.started


def test_it_comes_with_the_same_token_where_no_answer_came() -> None:
    ecs = Ecs([DONE])
    ecs.refusals = iter([ConnectTimeoutError(endpoint_url="https://ecs"), "No room", None])
    assert deploy(ecs) == TASK
    assert list(ecs.answers) == ["request-1", "request-1-2"]


def test_it_fails_at_once_where_aws_refuses_the_task() -> None:
    ecs = Ecs()
    answer = {"Error": {"Code": "AccessDeniedException", "Message": "no"}}
    ecs.refusals = iter([ClientError(answer, "RunTask")])
    with pytest.raises(RefusedError, match="RunTask was refused: AccessDeniedException: no"):
        deploy(ecs)


def test_a_second_call_for_the_same_task_waits_for_it_and_starts_no_other() -> None:
    ecs = Ecs([task()], [task()], [DONE], before=[task()])
    assert deploy(ecs) == TASK
    assert not ecs.started


@pytest.mark.parametrize(
    ("other", "who"),
    [
        (task(OTHER, startedBy=replace(RUN, request=OLDER).started_by), "shop-dev-migrate-.*"),
        (task(OTHER, startedBy=replace(RUN, again="x").started_by), "shop-dev-migrate-.*"),
        (task(OTHER, desiredStatus="STOPPED", lastStatus="DEPROVISIONING"), OWN),
        (task(OTHER, startedBy="someone-by-hand"), "someone-by-hand"),
        ({k: v for k, v in task(OTHER).items() if k != "startedBy"}, "somebody"),
    ],
)
def test_it_starts_none_beside_another_one_that_runs(other: Mapping[str, Any], who: str) -> None:
    ecs = Ecs(before=[other])
    with pytest.raises(RunFailedError, match=f"{OTHER}, which {who} started, hasn't ended yet"):
        deploy(ecs)
    assert not ecs.started


@pytest.mark.parametrize(
    "before",
    [
        {"startedBy": replace(RUN, request=OLDER).started_by},
        {"startedBy": replace(RUN, again="once more").started_by},
        {"startedBy": "someone-by-hand"},
        {"containers": [{"name": "migrate", "exitCode": 3}]},
        {"stopCode": "UserInitiated"},
    ],
)
def test_one_that_has_ended_badly_or_for_another_deployment_runs_again(
    before: Mapping[str, Any],
) -> None:
    ecs = Ecs([task()], [DONE], before=[{**DONE, "taskArn": OTHER, **before}])
    assert deploy(ecs) == TASK
    assert len(ecs.started) == 1


def test_a_second_call_after_the_task_has_ended_well_starts_no_other() -> None:
    over = {**DONE, "taskArn": OTHER}
    ecs = Ecs([over], before=[over])
    assert deploy(ecs) == OTHER
    assert not ecs.started


def test_a_task_is_found_by_a_name_that_ecs_takes() -> None:
    longest = {**REQUEST, "startedBy": "s" * 64}
    assert re.fullmatch(r"[\w/-]{1,128}", replace(RUN, request=longest).started_by)
