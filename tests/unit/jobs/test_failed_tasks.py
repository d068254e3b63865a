"""Which stopped tasks of a job have failed, by events as ECS sends them, and what is told of them.

The events have the fields of the samples in the Amazon ECS developer guide, "Amazon ECS task state
change events".
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components.jobs.failed_tasks import MESSAGE_PATHS, failure_pattern, message_template
from tests.unit.support.events import filled, matches

ACCOUNT = "arn:aws:ecs:eu-west-1:111122223333"
CLUSTER = f"{ACCOUNT}:cluster/platform-test-ecs"
PATTERN = json.dumps(
    failure_pattern(
        "report",
        cluster_arn=CLUSTER,
        revisions=f"{ACCOUNT}:task-definition/platform-test-report:",
    )
)


def container(name: str, code: int | None = None, **more: object) -> dict[str, object]:
    arn = f"{ACCOUNT}:container/platform-test-ecs/0b0bdc6ab43c4a8da9ae0e1f9e4cb2f6/{name}"
    ended = {} if code is None else {"exitCode": code}
    return {"containerArn": arn, "lastStatus": "STOPPED", "name": name, **ended, **more}


def event(code: str, *containers: Mapping[str, object], **detail: object) -> dict[str, Any]:
    """Return the event of a stopped task."""
    task = f"{ACCOUNT}:task/platform-test-ecs/0b0bdc6ab43c4a8da9ae0e1f9e4cb2f6"
    stopped = {
        "availabilityZone": "eu-west-1a",
        "clusterArn": CLUSTER,
        "connectivity": "CONNECTED",
        "containers": list(containers),
        "cpu": "256",
        "createdAt": "2026-03-02T03:00:04.102Z",
        "desiredStatus": "STOPPED",
        "group": "family:platform-test-report",
        "lastStatus": "STOPPED",
        "launchType": "FARGATE",
        "memory": "512",
        "overrides": {
            "containerOverrides": [
                {"name": "report", "environment": [{"name": "TOKEN", "value": "not-to-be-told"}]}
            ]
        },
        "platformVersion": "1.4.0",
        "startedAt": "2026-03-02T03:00:31.913Z",
        "startedBy": "chronos-schedule/platform-t",
        "stopCode": code,
        "stoppedAt": "2026-03-02T03:04:12.457Z",
        "stoppedReason": "Essential container in task exited",
        "taskArn": task,
        "taskDefinitionArn": f"{ACCOUNT}:task-definition/platform-test-report:7",
        "version": 6,
        **detail,
    }
    return {
        "version": "0",
        "id": "9bcdac79-b31f-4d3d-9410-fbd727c29fab",
        "detail-type": "ECS Task State Change",
        "source": "aws.ecs",
        "account": "111122223333",
        "time": "2026-03-02T03:04:12Z",
        "region": "eu-west-1",
        "resources": [task],
        "detail": {name: value for name, value in stopped.items() if value is not None},
    }


EXITED = "EssentialContainerExited"
OF_A_SERVICE = {"group": "service:platform-test-report", "startedBy": "ecs-svc/1234567890123456789"}
SPOT = {"stoppedReason": "Your Spot Task was interrupted."}
BY_STATE_MACHINE = {"stoppedReason": "Stopped by AWS Step Functions"}
FAILED = {
    "it ends with an error": event(EXITED, container("report", 1)),
    "it is killed for want of memory": event(
        EXITED, container("report", 137, reason="OutOfMemoryError: Container killed")
    ),
    "its image can't be pulled": event(
        "TaskFailedToStart",
        container("report"),
        startedAt=None,
        stoppedReason="CannotPullContainerError: pull image manifest has been retried 1 time(s)",
    ),
    "it never gets a container": event("TaskFailedToStart", startedAt=None),
    "it ends without a code": event(EXITED, container("report")),
    "its sidecar ends before it starts": event(
        EXITED, container("log-router", 1), container("report"), startedAt=None
    ),
    "it ends with an error, its sidecar well": event(
        EXITED, container("report", 3), container("log-router", 0)
    ),
    "Spot takes its capacity": event("SpotInterruption", container("report", 143), **SPOT),
    "Spot takes its capacity, and it ends well": event(
        "SpotInterruption", container("report", 0), **SPOT
    ),
    "a state machine's timeout stops it": event(
        "UserInitiated", container("report", 0), **BY_STATE_MACHINE
    ),
    "a person stops it": event("UserInitiated", container("report", 143)),
    "the machine below it is taken away": event("TerminationNotice", container("report", 143)),
    "it is stopped for a reason that is new": event("InfrastructureHealth", container("report", 0)),
    "a service's worker ends with an error": event(EXITED, container("report", 1), **OF_A_SERVICE),
    "a service's worker doesn't start": event("TaskFailedToStart", **OF_A_SERVICE),
}
NOT_FAILED = {
    "it ends well": event(EXITED, container("report", 0)),
    "it ends well, and ECS stops its sidecar": event(
        EXITED, container("report", 0), container("log-router", 143)
    ),
    "its sidecar is listed first": event(
        EXITED, container("log-router", 137), container("report", 0)
    ),
    "it is about to be stopped by Spot": event(
        "SpotInterruption", container("report"), lastStatus="RUNNING", **SPOT
    ),
    "it is another job's": event(
        EXITED,
        container("report", 1),
        taskDefinitionArn=f"{ACCOUNT}:task-definition/platform-test-report-old:7",
    ),
    "it is in another cluster": event(
        EXITED, container("report", 1), clusterArn=f"{ACCOUNT}:cluster/other"
    ),
    "a service scales its worker in": event(
        "ServiceSchedulerInitiated", container("report", 143), **OF_A_SERVICE
    ),
    "Spot takes a service's worker, which is replaced": event(
        "SpotInterruption", container("report", 143), **OF_A_SERVICE
    ),
}


@pytest.mark.parametrize("found", FAILED.values(), ids=FAILED)
def test_a_task_has_failed_when(found: dict[str, Any]) -> None:
    assert matches(PATTERN, found)


@pytest.mark.parametrize("found", NOT_FAILED.values(), ids=NOT_FAILED)
def test_a_task_has_not_failed_when(found: dict[str, Any]) -> None:
    assert not matches(PATTERN, found)


def test_events_of_others_do_not_match() -> None:
    failed = event(EXITED, container("report", 1))
    assert not matches(PATTERN, {**failed, "source": "aws.batch"})
    assert not matches(PATTERN, {**failed, "detail-type": "ECS Container State Change"})


def test_a_pattern_is_well_within_eventbridges_limit() -> None:
    longest = failure_pattern("j" * 20, cluster_arn="c" * 300, revisions="d" * 300)
    assert len(json.dumps(longest)) < 2048


@pytest.mark.parametrize("found", FAILED.values(), ids=FAILED)
def test_the_message_names_job_task_code_reason_and_exit_codes(found: dict[str, Any]) -> None:
    detail = found["detail"]
    assert filled(message_template("report"), MESSAGE_PATHS, found) == {
        "job": "report",
        "message": "A task of job report failed",
        "time": "2026-03-02T03:04:12Z",
        "task": detail["taskArn"],
        "stopCode": detail["stopCode"],
        "reason": detail["stoppedReason"],
        "containers": detail["containers"],
    }


def test_the_message_never_holds_the_environment_of_a_start() -> None:
    found = event(EXITED, container("report", 1))
    assert "not-to-be-told" in json.dumps(found)
    message = filled(message_template("report"), MESSAGE_PATHS, found)
    assert "not-to-be-told" not in json.dumps(message)
    assert not [path for path in MESSAGE_PATHS.values() if path in {"$", "$.detail"}]
