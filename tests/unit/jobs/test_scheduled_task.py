"""ScheduledTask: a task that starts at times, by a role that can start nothing else."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components import ScheduledTask
from components.settings import JobSettings
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.documents import service_trust, statements, trust
from tests.unit.support.engine import UNKNOWN, Recorder, Registration
from tests.unit.support.reach import Connection, reach

SCHEDULE = "aws:scheduler/schedule:Schedule"
PLACE = "eu-west-1:111122223333"
UNDELIVERED = f"arn:aws:sqs:{PLACE}:platform-test-report-undelivered"


DIRECT: dict[str, Any] = {"delivery": {"direct": True}}


def job(schedule: Mapping[str, object], **settings: object) -> JobSettings:
    return programs.section(
        JobSettings, {"image": programs.IMAGE, "schedule": schedule, **settings}
    )


def report(settings: JobSettings, *, preview: bool = False) -> Recorder:
    def program() -> None:
        cluster = programs.ecs(programs.network())
        assert settings.schedule
        ScheduledTask("report", settings, settings.schedule, cluster=cluster)

    return programs.run(program, preview=preview)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    schedule = {"cron": "0 3 ? * MON-FRI *", "timezone": "Europe/Berlin"}
    return report(job(schedule, **DIRECT), preview=preview)


def schedule(run: Recorder) -> Registration:
    return run.one(SCHEDULE)


def test_it_starts_at_its_time_in_its_time_zone(run: Recorder) -> None:
    given = schedule(run).inputs
    assert given["scheduleExpression"] == "cron(0 3 ? * MON-FRI *)"
    assert given["scheduleExpressionTimezone"] == "Europe/Berlin"
    assert given["flexibleTimeWindow"] == {"mode": "OFF"}
    assert given["state"] == "ENABLED"


@pytest.mark.parametrize(
    ("given", "expression"),
    [
        ({"rate": "1 hour"}, "rate(1 hour)"),
        ({"at": "2027-01-01T00:30:00"}, "at(2027-01-01T00:30:00)"),
    ],
)
def test_it_may_start_at_intervals_or_once(given: dict[str, object], expression: str) -> None:
    assert schedule(report(job(given))).inputs["scheduleExpression"] == expression


def test_it_may_start_anywhere_in_a_window() -> None:
    given = schedule(report(job({"rate": "1 hour", "flexibleMinutes": 10}))).inputs
    assert given["flexibleTimeWindow"] == {"mode": "FLEXIBLE", "maximumWindowInMinutes": 10}


def test_it_starts_one_task_of_its_own_group_in_private_subnets_without_a_shell(
    run: Recorder,
) -> None:
    target = schedule(run).inputs["target"]
    assert target["arn"] == f"arn:aws:ecs:{PLACE}:cluster/platform-test-ecs"
    parameters = target["ecsParameters"]
    assert parameters["taskCount"] == 1
    network = parameters["networkConfiguration"]
    assert network["assignPublicIp"] is False
    assert network["subnets"] in (UNKNOWN, [f"subnet-private-{zone}" for zone in (1, 2, 3)])
    assert network["securityGroups"] in ([UNKNOWN], ["report-group-id"])
    assert parameters["propagateTags"] == "TASK_DEFINITION"
    assert parameters["enableExecuteCommand"] is False


def test_it_starts_the_revision_that_is_deployed(run: Recorder) -> None:
    sources = schedule(run).sources["target"]
    assert run.one("aws:ecs/taskDefinition:TaskDefinition").urn in sources


@pytest.mark.parametrize(
    ("capacity", "strategy"),
    [
        (None, [{"capacityProvider": "FARGATE", "base": 0, "weight": 1}]),
        ("spot", [{"capacityProvider": "FARGATE_SPOT", "base": 0, "weight": 1}]),
    ],
)
def test_it_runs_where_its_capacity_says(capacity: object, strategy: object) -> None:
    settings = job({"rate": "1 hour"}, **DIRECT, **({"capacity": capacity} if capacity else {}))
    parameters = schedule(report(settings)).inputs["target"]["ecsParameters"]
    assert parameters["capacityProviderStrategies"] == strategy
    assert "launchType" not in parameters


def test_only_schedules_of_its_own_group_have_the_role(run: Recorder) -> None:
    assert trust(run, "report-scheduler-role") == service_trust(
        "scheduler.amazonaws.com",
        f"arn:aws:scheduler:{PLACE}:schedule-group/platform-test-report",
        ENVIRONMENT.account,
    )
    assert schedule(run).inputs["groupName"] == "platform-test-report"


def test_the_role_may_start_this_task_in_this_cluster_and_nothing_else(run: Recorder) -> None:
    roles = [
        f"arn:aws:iam::111122223333:role/platform-test-eu-west-1-report-{purpose}"
        for purpose in ("execution", "task")
    ]
    assert statements(run, "report-scheduler-policy") == [
        {
            "Effect": "Allow",
            "Action": ["ecs:RunTask"],
            "Resource": [f"arn:aws:ecs:{PLACE}:task-definition/platform-test-report:*"],
            "Condition": {
                "ArnEquals": {"ecs:cluster": f"arn:aws:ecs:{PLACE}:cluster/platform-test-ecs"}
            },
        },
        {
            "Effect": "Allow",
            "Action": ["iam:PassRole"],
            "Resource": roles,
            "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        },
        {
            "Effect": "Allow",
            "Action": ["ecs:TagResource"],
            "Resource": [f"arn:aws:ecs:{PLACE}:task/platform-test-ecs/*"],
            "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask"}},
        },
        {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": [UNDELIVERED]},
    ]


def test_what_cannot_be_started_is_kept_for_two_weeks_encrypted(run: Recorder) -> None:
    target = schedule(run).inputs["target"]
    assert target["deadLetterConfig"] == {"arn": UNDELIVERED}
    queue = run.named("report-undelivered").inputs
    assert queue["messageRetentionSeconds"] == 14 * 24 * 60 * 60
    assert queue["sqsManagedSseEnabled"] is True
    (refused,) = json.loads(run.named("report-undelivered-policy").inputs["policy"])["Statement"]
    assert (refused["Effect"], refused["Condition"]) == (
        "Deny",
        {"Bool": {"aws:SecureTransport": "false"}},
    )


def test_aws_tries_for_a_day_unless_the_settings_say_less(run: Recorder) -> None:
    policy = schedule(run).inputs["target"]["retryPolicy"]
    assert policy == {"maximumEventAgeInSeconds": 86_400, "maximumRetryAttempts": 185}
    less = job({"rate": "1 hour"}, delivery={"attempts": 3, "maxAge": 600})
    assert schedule(report(less)).inputs["target"]["retryPolicy"] == {
        "maximumEventAgeInSeconds": 600,
        "maximumRetryAttempts": 3,
    }


def test_nobody_connects_to_it_and_it_reaches_https_only(run: Recorder) -> None:
    assert reach(run) == {Connection("report-group", "0.0.0.0/0", 443)}


def test_it_is_scheduled_after_all_that_its_tasks_need(run: Recorder) -> None:
    for needed in (
        "report-execution-policy",
        "report-scheduler-policy",
        "report-https-egress",
        "ecs-capacity",
        "report-logs",
    ):
        assert run.depends(schedule(run), run.named(needed)), needed
    routes = {route.urn for route in run.of("aws:ec2/route:Route")}
    assert routes <= schedule(run).dependencies


def test_its_container_serves_nobody(run: Recorder) -> None:
    definition = run.one("aws:ecs/taskDefinition:TaskDefinition").inputs
    (container,) = json.loads(definition["containerDefinitions"])
    assert container["portMappings"] == []
    assert "healthCheck" not in container
    assert definition["family"] == "platform-test-report"
