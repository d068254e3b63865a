"""LambdaTask: a task that a small function starts, with a role that can do nothing else."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from components import LambdaTask, Workloads
from components.settings import JobSettings
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.documents import service_trust, statements, trust
from tests.unit.support.engine import UNKNOWN, Recorder
from tests.unit.support.functions import FUNCTION
from tests.unit.support.reach import Connection, reach

MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
PLACE = "eu-west-1:111122223333"
STARTER = f"arn:aws:lambda:{PLACE}:function:platform-test-review-start"
QUEUE = f"arn:aws:sqs:{PLACE}:platform-test-orders"
QUEUES: dict[str, Any] = {"orders": {"visibilityTimeout": 180}}


def stack(*, preview: bool = False, **given: Any) -> Recorder:  # noqa: ANN401 - any settings
    """Run what a stack file with jobs and services declares."""
    sections = {
        section: {
            name: {"image": programs.IMAGE, **each} for name, each in given.pop(section, {}).items()
        }
        for section in ("jobs", "services")
    }
    settings = programs.settings(**given, **sections)

    def program() -> None:
        ecs = programs.ecs(programs.network())
        eks = programs.eks(programs.network()) if settings.eks.enabled else None
        Workloads("workloads", settings, environment=ENVIRONMENT, ecs=ecs, eks=eks, behind=None)

    return programs.run(program, preview=preview)


def review(*, preview: bool = False, queues: Any = QUEUES, **settings: object) -> Recorder:  # noqa: ANN401 - any settings
    return stack(
        preview=preview, queues=queues, jobs={"review": {"lambda": {"queue": "orders"}, **settings}}
    )


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return review(preview=preview)


def function(run: Recorder) -> Mapping[str, Any]:
    return run.one(FUNCTION, "review-start-function").inputs


def test_lambda_hands_the_queue_s_messages_over_and_puts_those_back_that_failed(
    run: Recorder,
) -> None:
    given = run.one(MAPPING, "review-messages").inputs
    assert given == {
        "functionName": "platform-test-review-start",
        "eventSourceArn": QUEUE,
        "enabled": True,
        "batchSize": 10,
        "functionResponseTypes": ["ReportBatchItemFailures"],
        "scalingConfig": {"maximumConcurrency": 2},
    }


def test_how_many_batches_at_once_is_a_setting() -> None:
    given = stack(
        queues=QUEUES, jobs={"review": {"lambda": {"queue": "orders", "maxConcurrency": 7}}}
    )
    assert given.one(MAPPING).inputs["scalingConfig"] == {"maximumConcurrency": 7}


def test_the_function_says_all_that_lambda_would_choose_by_itself(run: Recorder) -> None:
    given = {key: value for key, value in function(run).items() if key != "code"}
    assert given.pop("environment")
    assert given == {
        "name": "platform-test-review-start",
        "description": "Job review: start",
        "packageType": "Zip",
        "runtime": "python3.14",
        "architectures": ["arm64"],
        "handler": "components.jobs.functions.start_task.handle",
        "role": "arn:aws:iam::111122223333:role/platform-test-eu-west-1-review-start",
        "memorySize": 256,
        "timeout": 30,
        "loggingConfig": {
            "logFormat": "JSON",
            "logGroup": "/aws/lambda/platform-test-review-start",
            "applicationLogLevel": "INFO",
            "systemLogLevel": "INFO",
        },
        "tracingConfig": {"mode": "PassThrough"},
        "publish": False,
    }


def test_it_starts_the_deployed_revision_in_private_subnets_without_a_public_address() -> None:
    run = review(capacity="spot")
    request = json.loads(function(run)["environment"]["variables"]["RUN_TASK"])
    assert request == {
        "cluster": f"arn:aws:ecs:{PLACE}:cluster/platform-test-ecs",
        "taskDefinition": "arn:computed:review-task",
        "count": 1,
        "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "base": 0, "weight": 1}],
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": [f"subnet-private-{zone}" for zone in (1, 2, 3)],
                "securityGroups": ["review-group-id"],
                "assignPublicIp": "DISABLED",
            }
        },
        "enableECSManagedTags": True,
        "enableExecuteCommand": False,
        "propagateTags": "TASK_DEFINITION",
    }
    (variables,) = [function(run)["environment"]["variables"]]
    assert set(variables) == {"RUN_TASK"}


def test_the_first_preview_knows_all_of_the_function_but_what_it_starts() -> None:
    given = function(review(preview=True))
    assert given["environment"] == {"variables": {"RUN_TASK": UNKNOWN}}


def test_a_function_that_is_called_has_its_role_alone(*, preview: bool) -> None:
    called = review(preview=preview, **{"lambda": {"request": True}})
    assert trust(called, "review-start-role") == service_trust(
        "lambda.amazonaws.com", STARTER, ENVIRONMENT.account
    )


def test_who_receives_messages_for_a_function_may_name_any_source_of_this_account(
    run: Recorder,
) -> None:
    (statement,) = trust(run, "review-start-role")["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": ENVIRONMENT.account}},
    }


LOGGING = {
    "Effect": "Allow",
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": [f"arn:aws:logs:{PLACE}:log-group:/aws/lambda/platform-test-review-start:*"],
}
RECEIVING = {
    "Effect": "Allow",
    "Action": [
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ReceiveMessage",
    ],
    "Resource": [QUEUE],
}


def test_the_role_may_start_this_task_receive_from_its_queue_and_log_and_nothing_else(
    run: Recorder,
) -> None:
    roles = [
        f"arn:aws:iam::111122223333:role/platform-test-eu-west-1-review-{purpose}"
        for purpose in ("execution", "task")
    ]
    assert statements(run, "review-start-policy") == [
        LOGGING,
        {
            "Effect": "Allow",
            "Action": ["ecs:RunTask"],
            "Resource": [f"arn:aws:ecs:{PLACE}:task-definition/platform-test-review:*"],
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
        RECEIVING,
    ]


@pytest.mark.parametrize("asked", [{"timeout": 60}, {"retries": 1}, {"concurrency": 1}])
def test_with_supervision_it_may_start_the_state_machine_alone(
    asked: dict[str, Any], *, preview: bool
) -> None:
    run = review(preview=preview, **asked)
    machine = f"arn:aws:states:{PLACE}:stateMachine:platform-test-review"
    assert function(run)["environment"] == {"variables": {"STATE_MACHINE": machine}}
    assert statements(run, "review-start-policy") == [
        LOGGING,
        {"Effect": "Allow", "Action": ["states:StartExecution"], "Resource": [machine]},
        RECEIVING,
    ]
    assert run.depends(run.one(FUNCTION), run.one(STATE_MACHINE))


def packed(run: Recorder) -> dict[str, Any]:
    files: dict[str, Any] = function(run)["code"]["assets"]
    return {path: asset["text"] for path, asset in files.items() if isinstance(asset, dict)}


def test_its_package_says_what_of_a_message_the_container_gets() -> None:
    trigger = {"queue": "orders", "environment": {"ORDER_ID": "$.id"}}
    settings: dict[str, Any] = {"lambda": trigger, "environment": {"LEVEL": "low"}}
    run = review(**settings)
    assert json.loads(packed(run)["job.json"]) == {
        "container": "review",
        "defaults": {},
        "fields": {"ORDER_ID": "$.id"},
        "filter": False,
    }
    assert "decide.py" not in packed(run)


def test_a_filter_is_packed_and_may_set_what_the_job_declares() -> None:
    file = "examples/apps/order-filter/decide.py"
    trigger = {"queue": "orders", "filter": file}
    settings: dict[str, Any] = {"lambda": trigger, "environment": {"TOTAL": "0"}}
    run = review(**settings)
    assert packed(run)["decide.py"] == (programs.ROOT / file).read_text()
    job = json.loads(packed(run)["job.json"])
    assert (job["filter"], job["defaults"]) == (True, {"TOTAL": "0"})


def test_nobody_connects_to_it_and_it_reaches_https_only(run: Recorder) -> None:
    assert reach(run) == {Connection("review-group", "0.0.0.0/0", 443)}
    assert "vpcConfig" not in function(run)


def test_messages_come_after_all_that_a_task_and_the_function_need(run: Recorder) -> None:
    started = run.one(MAPPING)
    for needed in (
        "orders-queue",
        "review-execution-policy",
        "review-https-egress",
        "review-logs",
        "review-start-function",
        "review-start-logs",
        "review-start-policy",
        "ecs-capacity",
    ):
        assert run.depends(started, run.named(needed)), needed
    assert {route.urn for route in run.of("aws:ec2/route:Route")} <= run.one(FUNCTION).dependencies


def test_its_logs_are_kept_as_long_as_the_job_s(run: Recorder) -> None:
    assert run.named("review-start-logs").inputs["retentionInDays"] == 14
    longer = review(logRetentionDays=90)
    assert longer.named("review-start-logs").inputs["retentionInDays"] == 90


def test_an_alarm_tells_of_messages_in_the_dead_letter_queue_and_one_of_the_function_s_errors(
    run: Recorder,
) -> None:
    undelivered = run.one(ALARM, "review-undelivered-alarm").inputs
    assert undelivered["dimensions"] == {"QueueName": "platform-test-orders-dead-letters"}
    errors = run.one(ALARM, "review-function-alarm").inputs
    assert (errors["namespace"], errors["metricName"]) == ("AWS/Lambda", "Errors")
    assert errors["dimensions"] == {"FunctionName": "platform-test-review-start"}
    assert (errors["statistic"], errors["threshold"]) == ("Sum", 0)
    topic = f"arn:aws:sns:{PLACE}:platform-test-job-failures"
    assert undelivered["alarmActions"] == errors["alarmActions"] == [topic]
    admitted = run.named("job-failures-policy").inputs["policy"]
    assert f"arn:aws:cloudwatch:{PLACE}:alarm:platform-test-review-function" in admitted


def test_jobs_without_a_function_have_no_alarm_for_one() -> None:
    run = stack(jobs={"report": {"schedule": {"rate": "1 hour"}}})
    assert {alarm.name for alarm in run.of(ALARM)} == {
        "report-failed-alarm",
        "report-undelivered-alarm",
    }


def existing(place: str) -> Recorder:
    return review(queues={"orders": {"arn": f"arn:aws:sqs:{place}:orders"}})


def test_an_existing_queue_keeps_its_own_dead_letter_queue_which_only_its_owner_knows() -> None:
    run = existing("eu-west-1:444455556666")
    queue = "arn:aws:sqs:eu-west-1:444455556666:orders"
    assert run.one(MAPPING).inputs["eventSourceArn"] == queue
    assert not [alarm for alarm in run.of(ALARM) if alarm.name == "review-undelivered-alarm"]


def test_a_queue_of_another_region_is_an_error() -> None:
    with pytest.raises(
        pulumi.RunError, match=r"^jobs\.review\.lambda\.queue: orders is in us-east"
    ):
        existing("us-east-1:111122223333")


def test_a_queue_that_is_not_given_is_an_error() -> None:
    settings = programs.section(
        JobSettings, {"image": programs.IMAGE, "lambda": {"queue": "orders"}}
    )

    def program() -> None:
        assert settings.lambda_
        LambdaTask("review", settings, settings.lambda_, cluster=programs.ecs(programs.network()))

    with pytest.raises(
        pulumi.RunError, match=r"^jobs\.review\.lambda\.queue: no queue named orders"
    ):
        programs.run(program, preview=False)


ASKED: dict[str, Any] = {
    "jobs": {"export": {"lambda": {"request": True}}, "other": {"lambda": {"request": True}}},
    "services": {"shop": {"grants": {"export": ["start"]}}},
}


def test_a_service_that_is_granted_start_may_call_the_function_and_finds_it_by_its_name(
    *, preview: bool
) -> None:
    run = stack(preview=preview, **ASKED)
    assert statements(run, "shop-task-policy") == [
        {
            "Effect": "Allow",
            "Action": ["lambda:InvokeFunction"],
            "Resource": [f"arn:aws:lambda:{PLACE}:function:platform-test-export-start"],
        }
    ]
    definition = run.named("shop-task").inputs
    (container,) = json.loads(definition["containerDefinitions"])
    assert container["environment"] == [
        {"name": "EXPORT_FUNCTION_NAME", "value": "platform-test-export-start"}
    ]
    assert run.depends(run.named("shop-service"), run.named("export-start-function"))


def test_a_service_on_eks_may_be_granted_it_too() -> None:
    shop = {**ASKED["services"]["shop"], "runtime": "eks"}
    run = stack(**{**ASKED, "services": {"shop": shop}}, eks={"enabled": True})
    (found,) = [
        policy.inputs["policy"]
        for policy in run.of("aws:iam/rolePolicy:RolePolicy")
        if "lambda:InvokeFunction" in policy.inputs["policy"]
    ]
    assert f"arn:aws:lambda:{PLACE}:function:platform-test-export-start" in found


def test_a_function_for_requests_has_neither_a_url_nor_a_queue(*, preview: bool) -> None:
    run = stack(preview=preview, **ASKED)
    assert not [found for found in run.registrations if "Url" in found.type]
    assert not run.of("aws:lambda/permission:Permission")
    assert not run.of(MAPPING)
    actions = [
        action
        for statement in statements(run, "export-start-policy")
        for action in statement["Action"]
    ]
    assert not [action for action in actions if action.startswith("sqs:")]
