"""Cases of EventBridge Scheduler."""

from __future__ import annotations

import json
from typing import Any

SCHEDULE = "aws:scheduler/schedule:Schedule"
GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup"
PLACE = "us-east-1:123456789012"
ARN = f"arn:aws:scheduler:{PLACE}:"
ROLE = "arn:aws:iam::123456789012:role/nightly"
TASK = {
    "taskDefinitionArn": f"arn:aws:ecs:{PLACE}:task-definition/nightly",
    "launchType": "FARGATE",
    "networkConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]},
}
TARGET = {
    "arn": f"arn:aws:ecs:{PLACE}:cluster/main",
    "roleArn": ROLE,
    "ecsParameters": TASK,
    "deadLetterConfig": {"arn": f"arn:aws:sqs:{PLACE}:nightly-failed"},
    "retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 3},
    "input": '{"containerOverrides":[{"name":"job"}]}',
}
NIGHTLY = {
    "name": "nightly",
    "groupName": "jobs",
    "scheduleExpression": "cron(15 2 ? * MON-FRI *)",
    "scheduleExpressionTimezone": "Europe/Berlin",
    "flexibleTimeWindow": {"mode": "FLEXIBLE", "maximumWindowInMinutes": 15},
    "target": TARGET,
}


def _every(expression: str) -> dict[str, Any]:
    return {**NIGHTLY, "scheduleExpression": expression}


def _at(**changed: object) -> dict[str, Any]:
    return {**NIGHTLY, "target": {**TARGET, **changed}}


def _task(**changed: object) -> dict[str, Any]:
    return _at(ecsParameters={**TASK, **changed})


def _universal(action: str, text: object) -> dict[str, Any]:
    arn = f"arn:aws:scheduler:::aws-sdk:{action}"
    return {**NIGHTLY, "target": {"arn": arn, "roleArn": ROLE, "input": text}}


ACCEPTED = [
    *map(_every, (
        "rate(1 minutes)", "rate(5 minutes)", "at(2026-12-24T18:00:00)", "cron(0/15 * * * ? *)",
        "cron(0 8 1 * ? *)", "cron(15 10 ? * 6L 2026-2030)", "cron(0 18 L * ? *)",
        "cron(0 9 ? * TUE#2 *)", "cron(05 08-17/2 ? JAN,jul MON,3,FRI *)".replace("jul", "JUL"),
    )),
    _task(launchType=None, capacityProviderStrategies=[
        {"capacityProvider": "FARGATE_SPOT", "weight": 1}]),
    _universal("batch:submitJob", json.dumps({"JobName": "a", "ShareIdentifier": "team"})),
]  # fmt: skip
"""Further inputs of a schedule that AWS accepts."""

GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    SCHEDULE: (NIGHTLY, "jobs/nightly", ARN + "schedule/jobs/nightly"),
    GROUP: ({"name": "jobs"}, "jobs", ARN + "schedule-group/jobs"),
}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (GROUP, {"name": "default"}, "name: must not be default"),
    (GROUP, {"name": "a b"}, "name: must match"),
    (SCHEDULE, {**NIGHTLY, "name": "a" * 65}, "name: must be 1 to 64 characters"),
    *(
        (SCHEDULE, _every(expression), "scheduleExpression: must be at(yyyy-mm-ddThh:mm:ss)")
        for expression in (
            "0 2 * * *", "cron(0 2 * * *)", "cron(0 2 * * * *)", "cron(0 2 ? * ? *)",
            "rate(0 minutes)", "rate(30 seconds)", "rate(1.5 hours)", "at(2026-02-30T00:00:00)",
        )
    ),
    (SCHEDULE, _every("cron(60 2 ? * * *)"), "the minutes in cron must be 0 to 59"),
    (SCHEDULE, _every("cron(0 24 ? * * *)"), "the hours in cron must be 0 to 23"),
    (SCHEDULE, _every("cron(0 2 32 * ? *)"), "the day of month in cron must be 1 to 31"),
    (SCHEDULE, _every("cron(0 2 ? 13 * *)"), "the month in cron must be 1 to 12 or JAN to DEC"),
    (SCHEDULE, _every("cron(0 2 ? * 0 *)"), "the day of week in cron must be 1 to 7"),
    (SCHEDULE, _every("cron(0 2 ? * * 2300)"), "the year in cron must be 1970 to 2199"),
    (SCHEDULE, _every("cron(0/0 2 ? * * *)"), "the minutes in cron"),
    (SCHEDULE, {**NIGHTLY, "scheduleExpressionTimezone": "CET/Berlin"}, "be a time zone"),
    (SCHEDULE, {**NIGHTLY, "flexibleTimeWindow": {"mode": "FLEXIBLE"}}, "exactly for FLEXIBLE"),
    (
        SCHEDULE,
        {**NIGHTLY, "flexibleTimeWindow": {"mode": "OFF", "maximumWindowInMinutes": 5}},
        "exactly for FLEXIBLE",
    ),
    (
        SCHEDULE,
        {**NIGHTLY, "flexibleTimeWindow": {"mode": "FLEXIBLE", "maximumWindowInMinutes": 1441}},
        "flexibleTimeWindow.maximumWindowInMinutes: must be 1 to 1440",
    ),
    (SCHEDULE, _at(roleArn="nightly"), "target.roleArn: must match"),
    (
        SCHEDULE,
        _at(retryPolicy={"maximumRetryAttempts": 186}),
        "target.retryPolicy.maximumRetryAttempts: must be 0 to 185",
    ),
    (
        SCHEDULE,
        _at(retryPolicy={"maximumEventAgeInSeconds": 59}),
        "target.retryPolicy.maximumEventAgeInSeconds: must be 60 to 86400",
    ),
    (
        SCHEDULE,
        _at(deadLetterConfig={"arn": f"arn:aws:sqs:{PLACE}:failed.fifo"}),
        "target.deadLetterConfig.arn: must be the ARN of a standard queue",
    ),
    (SCHEDULE, _at(ecsParameters=None), "target.ecsParameters: must be given exactly"),
    (SCHEDULE, _at(arn=f"arn:aws:sqs:{PLACE}:a"), "target.ecsParameters: must be given exactly"),
    (SCHEDULE, _at(input="now"), "target.input: must be JSON"),
    (SCHEDULE, _at(input='{"command":["a"]}'), "target.input: must hold overrides of a task only"),
    (SCHEDULE, _task(taskCount=11), "target.ecsParameters.taskCount: must be 1 to 10"),
    (
        SCHEDULE,
        _task(capacityProviderStrategies=[{"capacityProvider": "FARGATE"}]),
        "capacityProviderStrategies: can't be given together with launchType",
    ),
    (
        SCHEDULE,
        _task(launchType=None, capacityProviderStrategies=[
            {"capacityProvider": "FARGATE", "base": 1},
            {"capacityProvider": "FARGATE_SPOT", "base": 1}]),
        "only one capacity provider may have a base",
    ),
    (SCHEDULE, _task(networkConfiguration=None), "networkConfiguration.subnets: must be given"),
    (
        SCHEDULE,
        _task(networkConfiguration={"subnets": ["subnet-1"], "securityGroups": ["sg-1"] * 6}),
        "networkConfiguration.securityGroups: must be 1 to 5 items",
    ),
    (
        SCHEDULE,
        _task(placementConstraints=[{"type": "distinctInstance"}]),
        "placementConstraints: is not supported on Fargate",
    ),
    (SCHEDULE, _universal("batch", "{}"), "must be arn:aws:scheduler:::aws-sdk:service:apiAction"),
    (SCHEDULE, _universal("batch:listJobs", "{}"), "not one that reads"),
    (SCHEDULE, _universal("batch:submitJob", None), "target.input: must be given"),
    (SCHEDULE, _universal("batch:submitJob", "now"), "target.input: must be JSON"),
]  # fmt: skip
