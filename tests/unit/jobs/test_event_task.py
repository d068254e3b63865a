"""EventTask: a task that starts when something has happened, by a role of that rule alone."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from components import EventTask, Workloads
from components.settings import JobSettings
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.documents import service_trust, statements, trust
from tests.unit.support.engine import UNKNOWN, Recorder, Registration
from tests.unit.support.reach import Connection, reach

RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"
NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
PLACE = "eu-west-1:111122223333"
UNDELIVERED = f"arn:aws:sqs:{PLACE}:platform-test-invoice-undelivered"
MACHINE = f"arn:aws:states:{PLACE}:stateMachine:platform-test-invoice"
DIRECT: dict[str, Any] = {"delivery": {"direct": True}}
PATTERN = {"source": ["shop.orders"], "detail-type": ["Order placed"]}


def job(**settings: object) -> JobSettings:
    return programs.section(
        JobSettings, {"image": programs.IMAGE, "event": {"pattern": PATTERN}, **settings}
    )


def invoice(settings: JobSettings, *, preview: bool = False) -> Recorder:
    def program() -> None:
        cluster = programs.ecs(programs.network())
        assert settings.event
        EventTask("invoice", settings, settings.event, cluster=cluster)

    return programs.run(program, preview=preview)


def stack(*, preview: bool = False, **given: Any) -> Recorder:  # noqa: ANN401 - any settings
    """Run what a stack file with jobs declares."""
    jobs = {name: {"image": programs.IMAGE, **job} for name, job in given.pop("jobs").items()}
    settings = programs.settings(**given, jobs=jobs)

    def program() -> None:
        ecs = programs.ecs(programs.network())
        Workloads("workloads", settings, environment=ENVIRONMENT, ecs=ecs, eks=None, behind=None)

    return programs.run(program, preview=preview)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return invoice(job(**DIRECT), preview=preview)


def target(run: Recorder, name: str = "invoice") -> Mapping[str, Any]:
    return run.one(TARGET, f"{name}-target").inputs


def rule(run: Recorder, name: str = "invoice") -> Registration:
    return run.one(RULE, f"{name}-rule")


def test_its_rule_has_the_pattern_on_the_default_bus(run: Recorder) -> None:
    given = rule(run).inputs
    assert json.loads(given["eventPattern"]) == PATTERN
    assert (given["eventBusName"], given["state"]) == ("default", "ENABLED")
    assert given["name"] == "platform-test-invoice"


def test_it_starts_one_task_of_its_own_group_in_private_subnets_without_a_shell(
    run: Recorder,
) -> None:
    assert target(run)["arn"] == f"arn:aws:ecs:{PLACE}:cluster/platform-test-ecs"
    parameters = target(run)["ecsTarget"]
    assert parameters["taskCount"] == 1
    network = parameters["networkConfiguration"]
    assert network["assignPublicIp"] is False
    assert network["subnets"] in (UNKNOWN, [f"subnet-private-{zone}" for zone in (1, 2, 3)])
    assert network["securityGroups"] in ([UNKNOWN], ["invoice-group-id"])
    assert parameters["propagateTags"] == "TASK_DEFINITION"
    assert parameters["enableExecuteCommand"] is False


def test_it_starts_the_revision_that_is_deployed(run: Recorder) -> None:
    sources = run.one(TARGET).sources["ecsTarget"]
    assert run.one("aws:ecs/taskDefinition:TaskDefinition").urn in sources


@pytest.mark.parametrize(
    ("capacity", "strategy"),
    [
        (None, [{"capacityProvider": "FARGATE", "base": 0, "weight": 1}]),
        ("spot", [{"capacityProvider": "FARGATE_SPOT", "base": 0, "weight": 1}]),
    ],
)
def test_it_runs_where_its_capacity_says(capacity: object, strategy: object) -> None:
    parameters = target(invoice(job(**DIRECT, **({"capacity": capacity} if capacity else {}))))[
        "ecsTarget"
    ]
    assert parameters["capacityProviderStrategies"] == strategy
    assert "launchType" not in parameters


def test_a_direct_start_does_without_step_functions_and_gives_the_task_nothing_of_the_event(
    run: Recorder,
) -> None:
    assert not run.of(STATE_MACHINE)
    assert not {"input", "inputPath", "inputTransformer"} & set(target(run))


ORDER: dict[str, Any] = {
    "event": {
        "pattern": PATTERN,
        "environment": {"TYPE": "$.detail-type", "ORDER_ID": "$.detail.order.id"},
    }
}


@pytest.mark.parametrize("asked", [{}, ORDER, {"timeout": 60}, {"retries": 1}, {"concurrency": 1}])
def test_unless_direct_its_rule_starts_its_state_machine_with_the_event_as_it_is(
    asked: dict[str, Any], *, preview: bool
) -> None:
    run = invoice(job(**asked), preview=preview)
    assert target(run)["arn"] == MACHINE
    assert not {"ecsTarget", "input", "inputPath", "inputTransformer"} & set(target(run))
    assert run.depends(run.one(TARGET), run.one(STATE_MACHINE))


def test_its_role_may_then_start_this_state_machine_and_nothing_else(*, preview: bool) -> None:
    assert statements(invoice(job(**ORDER), preview=preview), "invoice-events-policy") == [
        {"Effect": "Allow", "Action": ["states:StartExecution"], "Resource": [MACHINE]}
    ]


def test_its_own_container_gets_fields_of_the_event_as_values_and_nothing_besides() -> None:
    run = invoice(job(**ORDER))
    states = json.loads(run.one(STATE_MACHINE).inputs["definition"])["States"]
    assert states["Run"]["Parameters"]["Overrides"] == {
        "ContainerOverrides": [
            {
                "Name": "invoice",
                "Environment": [
                    {
                        "Name": "ORDER_ID",
                        "Value.$": "States.Format('{}', $$.Execution.Input.detail.order.id)",
                    },
                    {
                        "Name": "TYPE",
                        "Value.$": "States.Format('{}', $$.Execution.Input['detail-type'])",
                    },
                ],
            }
        ]
    }
    definition = run.one("aws:ecs/taskDefinition:TaskDefinition").inputs
    (container,) = json.loads(definition["containerDefinitions"])
    assert container["name"] == "invoice"


def test_a_supervised_task_without_variables_has_no_overrides() -> None:
    run = invoice(job(retries=1))
    states = json.loads(run.one(STATE_MACHINE).inputs["definition"])["States"]
    assert "Overrides" not in states["Run"]["Parameters"]


def test_only_its_rule_has_the_role(run: Recorder) -> None:
    assert trust(run, "invoice-events-role") == service_trust(
        "events.amazonaws.com",
        f"arn:aws:events:{PLACE}:rule/platform-test-invoice",
        ENVIRONMENT.account,
    )
    role = "arn:aws:iam::111122223333:role/platform-test-eu-west-1-invoice-events"
    assert target(run)["roleArn"] == role


def test_the_role_may_start_this_task_in_this_cluster_and_nothing_else(run: Recorder) -> None:
    roles = [
        f"arn:aws:iam::111122223333:role/platform-test-eu-west-1-invoice-{purpose}"
        for purpose in ("execution", "task")
    ]
    assert statements(run, "invoice-events-policy") == [
        {
            "Effect": "Allow",
            "Action": ["ecs:RunTask"],
            "Resource": [f"arn:aws:ecs:{PLACE}:task-definition/platform-test-invoice:*"],
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
    ]


def test_its_rule_alone_may_send_what_it_cannot_start_to_the_dead_letter_queue(
    run: Recorder,
) -> None:
    assert target(run)["deadLetterConfig"] == {"arn": UNDELIVERED}
    policy = json.loads(run.named("invoice-undelivered-policy").inputs["policy"])
    (admitted,) = [found for found in policy["Statement"] if found["Effect"] == "Allow"]
    assert admitted == {
        "Sid": "Undelivered",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": UNDELIVERED,
        "Condition": {
            "ArnEquals": {"aws:SourceArn": f"arn:aws:events:{PLACE}:rule/platform-test-invoice"}
        },
    }
    assert {"Bool": {"aws:SecureTransport": "false"}} in [
        found["Condition"] for found in policy["Statement"] if found["Effect"] == "Deny"
    ]


def test_eventbridge_tries_for_a_day_unless_the_settings_say_less(run: Recorder) -> None:
    assert target(run)["retryPolicy"] == {
        "maximumEventAgeInSeconds": 86_400,
        "maximumRetryAttempts": 185,
    }
    less = job(delivery={"attempts": 0, "maxAge": 60})
    assert target(invoice(less))["retryPolicy"] == {
        "maximumEventAgeInSeconds": 60,
        "maximumRetryAttempts": 0,
    }


def test_nobody_connects_to_it_and_it_reaches_https_only(run: Recorder) -> None:
    assert reach(run) == {Connection("invoice-group", "0.0.0.0/0", 443)}


def test_it_is_started_after_all_that_its_tasks_need(run: Recorder) -> None:
    started = run.one(TARGET)
    for needed in (
        "invoice-execution-policy",
        "invoice-events-policy",
        "invoice-https-egress",
        "invoice-rule",
        "ecs-capacity",
        "invoice-logs",
    ):
        assert run.depends(started, run.named(needed)), needed
    assert {route.urn for route in run.of("aws:ec2/route:Route")} <= started.dependencies


SHOP: dict[str, Any] = {"jobs": {"invoice": {"event": {"bus": "shop", "pattern": PATTERN}}}}


def test_on_a_bus_of_this_stack_the_rule_s_arn_holds_the_bus(*, preview: bool) -> None:
    run = stack(preview=preview, eventBuses={"shop": {}}, **SHOP)
    assert rule(run).inputs["eventBusName"] == "platform-test-shop"
    assert target(run)["eventBusName"] == "platform-test-shop"
    assert run.depends(rule(run), run.named("shop-bus"))
    arn = f"arn:aws:events:{PLACE}:rule/platform-test-shop/platform-test-invoice"
    found = trust(run, "invoice-events-role")["Statement"][0]["Condition"]
    assert found["ArnLike"] == {"aws:SourceArn": arn}
    assert arn in run.named("invoice-undelivered-policy").inputs["policy"]


@pytest.mark.parametrize(
    ("bus", "source"),
    [
        ("default", "rule/platform-test-invoice"),
        ("aws.partner/example.com/1", "rule/aws.partner/example.com/1/platform-test-invoice"),
    ],
)
def test_an_existing_bus_may_be_the_default_one_or_a_partner_s(bus: str, source: str) -> None:
    run = stack(eventBuses={"shop": {"arn": f"arn:aws:events:{PLACE}:event-bus/{bus}"}}, **SHOP)
    assert rule(run).inputs["eventBusName"] == bus
    found = trust(run, "invoice-events-role")["Statement"][0]["Condition"]["ArnLike"]
    assert found == {"aws:SourceArn": f"arn:aws:events:{PLACE}:{source}"}


@pytest.mark.parametrize("place", ["eu-west-1:444455556666", "us-east-1:111122223333"])
def test_a_bus_of_another_account_or_region_is_an_error(place: str) -> None:
    bus = {"arn": f"arn:aws:events:{place}:event-bus/shop"}
    with pytest.raises(pulumi.RunError, match=r"^jobs\.invoice\.event\.bus: .* isn't in eu-west-1"):
        stack(eventBuses={"shop": bus}, **SHOP)


def test_a_bucket_of_this_stack_tells_eventbridge_of_its_objects(*, preview: bool) -> None:
    jobs = {name: {"objects": {"bucket": "uploads"}} for name in ("first", "second")}
    run = stack(preview=preview, buckets={"uploads": {}, "others": {}}, jobs=jobs)
    name = "platform-test-eu-west-1-111122223333-uploads"
    told = run.one(NOTIFICATION)
    assert told.inputs == {"bucket": name, "eventbridge": True}
    assert run.depends(told, run.named("uploads-tls-only"))
    for job_name in jobs:
        given = rule(run, job_name).inputs
        assert json.loads(given["eventPattern"]) == {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {"bucket": {"name": [name]}},
        }
        assert given["eventBusName"] == "default"


def test_an_existing_bucket_is_left_as_it_is(*, preview: bool) -> None:
    buckets = {"uploads": {"arn": "arn:aws:s3:::team-uploads"}}
    jobs = {"read": {"objects": {"bucket": "uploads", "suffix": ".csv"}}}
    run = stack(preview=preview, buckets=buckets, jobs=jobs)
    assert not run.of(NOTIFICATION)
    assert json.loads(rule(run, "read").inputs["eventPattern"])["detail"] == {
        "bucket": {"name": ["team-uploads"]},
        "object": {"key": [{"suffix": ".csv"}]},
    }


def test_a_bucket_that_no_job_waits_for_tells_nobody(*, preview: bool) -> None:
    jobs = {"report": {"schedule": {"rate": "1 hour"}}}
    assert not stack(preview=preview, buckets={"uploads": {}}, jobs=jobs).of(NOTIFICATION)
