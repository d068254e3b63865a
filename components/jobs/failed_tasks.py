"""Which stopped tasks of a job have failed, and what is told of them: EventBridge patterns."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pulumi

EXITED: Final = "EssentialContainerExited"
NOT_STARTED: Final = "TaskFailedToStart"
"""Stop codes of a task (Amazon ECS developer guide, "Stopped tasks error codes")."""


def failure_pattern(
    job: str, *, cluster_arn: pulumi.Input[str], revisions: pulumi.Input[str]
) -> Mapping[str, Any]:
    """Return the event pattern that matches the failed tasks of one job.

    A job's task has done its work when its own container has ended by itself with exit code 0. All
    else is a failure, whoever stopped the task: Spot, the timeout of a state machine and a person
    all leave the work undone, ECS has no stop code that tells the latter two apart
    (UserInitiated), and one message too many costs less than a timeout that nobody sees.

    Workers that an ECS service keeps are the exception: the service replaces a task that is stopped
    (after a deployment, on scaling in, by Spot) and its message returns to the queue. Only what
    doesn't start or ends by itself with an error counts there.

    Args:
        job: the job's, and so its own container's, name.
        cluster_arn: where its tasks run.
        revisions: what ARNs of its task definitions begin with: whoever starts a task may choose
            its group, but not this.
    """
    return {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        "detail": {
            "clusterArn": [cluster_arn],
            "taskDefinitionArn": [{"prefix": revisions}],
            "lastStatus": ["STOPPED"],
            "$or": [
                {"stopCode": [NOT_STARTED]},
                # Name and code are of one and the same container (event-ruler's README, "JSON Array
                # Matching"): ECS stops sidecars after the job, and they may end with any code.
                {
                    "stopCode": [EXITED],
                    "containers": {"name": [job], "exitCode": [{"anything-but": 0}]},
                },
                {"stopCode": [EXITED], "containers": {"exitCode": [{"exists": False}]}},
                # A sidecar that the job's container waits for has ended before that one started.
                {"stopCode": [EXITED], "startedAt": [{"exists": False}]},
                {
                    "stopCode": [{"anything-but": [NOT_STARTED, EXITED]}],
                    "group": [{"anything-but": {"prefix": "service:"}}],
                },
            ],
        },
    }


MESSAGE_PATHS: Final[Mapping[str, str]] = {
    "time": "$.time",
    "task": "$.detail.taskArn",
    "stopCode": "$.detail.stopCode",
    "reason": "$.detail.stoppedReason",
    "containers": "$.detail.containers",
}
"""What of an event is told. Not the overrides, which hold environment variables.

All of it is in each event of a stopped task. Exit codes are not (a container that never started has
none), and a value that is missing would leave a gap in the message's JSON: so the containers are
told as they are, with their exit codes where they have one.
"""


def message_template(job: str, paths: Mapping[str, str] = MESSAGE_PATHS) -> str:
    """Return the template of the message about a failed task: a JSON object, once it is filled in.

    Variables are without quotes: EventBridge then puts strings into them, and nothing around lists.
    Whether it escapes quotes within a string isn't documented (ADR 17): should it not, a message
    isn't JSON, and the alarm rings all the same.
    """
    fixed = json.dumps({"job": job, "message": f"A task of job {job} failed"})
    values = ", ".join(f'"{name}": <{name}>' for name in paths)
    return f"{fixed[:-1]}, {values}}}"
