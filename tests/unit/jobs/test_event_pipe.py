"""EventTask with batches: a rule fills a queue, and a pipe starts the job with what is in it."""

import json
from typing import Any

import pytest

from components import EventTask
from components.settings import JobSettings
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.documents import service_trust, statements, trust
from tests.unit.support.engine import UNKNOWN, Recorder

PIPE = "aws:pipes/pipe:Pipe"
PLACE = "eu-west-1:111122223333"
QUEUE = f"arn:aws:sqs:{PLACE}:platform-test-invoice-events"
UNDELIVERED = f"arn:aws:sqs:{PLACE}:platform-test-invoice-undelivered"
MACHINE = f"arn:aws:states:{PLACE}:stateMachine:platform-test-invoice"
RULE = f"arn:aws:events:{PLACE}:rule/platform-test-invoice"
LOGS = "/aws/vendedlogs/pipes/platform-test/invoice"


def invoice(
    *, preview: bool = False, environment: dict[str, str] | None = None, **settings: object
) -> Recorder:
    event = {"pattern": {"source": ["shop.orders"]}, "batch": {"size": 50, "window": 120}}
    given = {"image": programs.IMAGE, "event": {**event, "environment": environment or {}}}
    job = programs.section(JobSettings, {**given, **settings})

    def program() -> None:
        assert job.event
        EventTask("invoice", job, job.event, cluster=programs.ecs(programs.network()))

    return programs.run(program, preview=preview)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return invoice(preview=preview, environment={"ORDER_ID": "$.detail.order.id"})


def machine(run: Recorder) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run.named("invoice-state-machine").inputs["definition"])
    return found


def test_its_rule_sends_events_to_the_queue_as_they_are(run: Recorder) -> None:
    target = run.named("invoice-target").inputs
    assert target["arn"] == QUEUE
    assert not {"input", "inputPath", "inputTransformer", "ecsTarget"} & set(target)
    assert target["deadLetterConfig"] == {"arn": UNDELIVERED}


def test_its_rule_has_no_role_since_the_queue_admits_it(run: Recorder) -> None:
    assert "roleArn" not in run.named("invoice-target").inputs
    assert "invoice-events-role" not in {found.name for found in run.registrations}


def test_the_queue_is_filled_by_this_rule_alone_and_over_tls(run: Recorder) -> None:
    policy = run.named("invoice-events-policy")
    assert run.named("invoice-events").urn in policy.sources["queueUrl"]
    assert json.loads(policy.inputs["policy"])["Statement"] == [
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sqs:*",
            "Resource": QUEUE,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "Events",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": QUEUE,
            "Condition": {"ArnEquals": {"aws:SourceArn": RULE}},
        },
    ]
    assert run.depends(run.named("invoice-target"), policy)


def test_messages_are_encrypted_hidden_while_a_batch_fills_and_kept_where_it_fails(
    run: Recorder,
) -> None:
    queue = run.named("invoice-events").inputs
    assert queue["name"] == "platform-test-invoice-events"
    assert queue["sqsManagedSseEnabled"] is True
    assert queue["visibilityTimeoutSeconds"] == 6 * 60 + 120
    assert queue["messageRetentionSeconds"] == 14 * 24 * 60 * 60
    assert json.loads(queue["redrivePolicy"]) == {
        "deadLetterTargetArn": UNDELIVERED,
        "maxReceiveCount": 10,
    }


def test_the_dead_letter_queue_takes_from_this_queue_and_this_rule_alone(run: Recorder) -> None:
    undelivered = run.named("invoice-undelivered")
    assert "redriveAllowPolicy" not in undelivered.inputs
    allowed = run.one("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy")
    assert undelivered.urn in allowed.sources["queueUrl"]
    assert json.loads(allowed.inputs["redriveAllowPolicy"]) == {
        "redrivePermission": "byQueue",
        "sourceQueueArns": [QUEUE],
    }
    policy = json.loads(run.named("invoice-undelivered-policy").inputs["policy"])
    (admitted,) = [found for found in policy["Statement"] if found["Effect"] == "Allow"]
    assert admitted["Condition"] == {"ArnEquals": {"aws:SourceArn": RULE}}


def test_the_pipe_starts_the_state_machine_with_the_messages_as_they_are(run: Recorder) -> None:
    pipe = run.one(PIPE).inputs
    assert (pipe["source"], pipe["target"]) == (QUEUE, MACHINE)
    assert pipe["sourceParameters"] == {
        "sqsQueueParameters": {"batchSize": 50, "maximumBatchingWindowInSeconds": 120}
    }
    assert pipe["targetParameters"] == {
        "stepFunctionStateMachineParameters": {"invocationType": "FIRE_AND_FORGET"}
    }
    assert "enrichment" not in pipe
    assert pipe["desiredState"] == "RUNNING"


def test_the_pipe_logs_errors_without_what_the_events_hold(run: Recorder) -> None:
    group = run.named("invoice-pipe-logs").inputs
    assert (group["name"], group["retentionInDays"]) == (LOGS, 14)
    assert run.one(PIPE).inputs["logConfiguration"] == {
        "level": "ERROR",
        "cloudwatchLogsLogDestination": {"logGroupArn": f"arn:aws:logs:{PLACE}:log-group:{LOGS}"},
    }


def test_the_pipe_s_log_is_kept_as_long_as_the_job_s() -> None:
    group = invoice(logRetentionDays=90).named("invoice-pipe-logs")
    assert group.inputs["retentionInDays"] == 90


def test_only_this_pipe_has_the_role(run: Recorder) -> None:
    assert trust(run, "invoice-pipe-role") == service_trust(
        "pipes.amazonaws.com",
        f"arn:aws:pipes:{PLACE}:pipe/platform-test-invoice",
        ENVIRONMENT.account,
    )
    pipe = run.one(PIPE).inputs
    assert pipe["name"] == "platform-test-invoice"
    assert pipe["roleArn"] == f"arn:aws:iam::111122223333:role/{pipe['roleArn'].split('/')[-1]}"
    assert pipe["roleArn"].endswith("/platform-test-eu-west-1-invoice-pipe")


def test_the_role_may_read_this_queue_start_this_job_log_and_nothing_else(run: Recorder) -> None:
    assert statements(run, "invoice-pipe-policy") == [
        {"Effect": "Allow", "Action": ["states:StartExecution"], "Resource": [MACHINE]},
        {
            "Effect": "Allow",
            "Action": ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
            "Resource": [QUEUE],
        },
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": [f"arn:aws:logs:{PLACE}:log-group:{LOGS}:*"],
        },
    ]


def test_the_pipe_comes_after_its_rights_and_all_that_the_job_needs(run: Recorder) -> None:
    for needed in (
        "invoice-pipe-policy",
        "invoice-events",
        "invoice-undelivered",
        "invoice-state-machine",
        "invoice-pipe-logs",
        "invoice-execution-policy",
        "invoice-https-egress",
    ):
        assert run.depends(run.one(PIPE), run.named(needed)), needed


def test_nothing_of_the_pipe_is_unknown_in_the_first_preview() -> None:
    first = invoice(preview=True)
    for name in ("invoice-pipe", "invoice-target", "invoice-events", "invoice-pipe-policy"):
        assert UNKNOWN not in json.dumps(dict(first.named(name).inputs))


def test_a_job_with_variables_gets_what_its_batch_divides_into() -> None:
    states = machine(invoice(environment={"ORDER_ID": "$.detail.order.id"}))["States"]
    (container,) = states["Batch"]["ItemProcessor"]["States"]["Run"]["Arguments"]["Overrides"][
        "ContainerOverrides"
    ]
    assert container == {"Name": "invoice", "Environment": "{% $states.input.environment %}"}


def test_a_job_without_variables_is_one_task_that_gets_nothing_of_the_events() -> None:
    found = machine(invoice())
    assert set(found["States"]) == {"Run"}
    assert "Overrides" not in found["States"]["Run"]["Parameters"]


@pytest.mark.parametrize("environment", [{}, {"ORDER_ID": "$.detail.order.id"}])
def test_timeout_and_retries_are_those_of_any_supervised_job(
    environment: dict[str, str],
) -> None:
    found = machine(invoice(environment=environment, timeout=600, retries=3))
    states = found["States"]
    assert found["StartAt"] == ("Batch" if environment else "Run")
    run = states["Batch"]["ItemProcessor"]["States"]["Run"] if environment else states["Run"]
    assert run["TimeoutSeconds"] == 600
    assert [retrier["ErrorEquals"] for retrier in run["Retry"]][-1] == ["States.TaskFailed"]
    assert run["Retry"][-1]["MaxAttempts"] == 3
    assert run["Resource"] == "arn:aws:states:::ecs:runTask.sync"


def test_delivery_holds_from_the_rule_to_the_queue_and_for_the_start_of_the_task() -> None:
    run = invoice(delivery={"attempts": 2, "maxAge": 600})
    assert run.named("invoice-target").inputs["retryPolicy"] == {
        "maximumEventAgeInSeconds": 600,
        "maximumRetryAttempts": 2,
    }
    assert machine(run)["States"]["Run"]["Retry"][0]["MaxAttempts"] == 2


def test_without_batches_there_is_neither_queue_nor_pipe_and_nothing_redrives() -> None:
    pattern = {"pattern": {"source": ["shop.orders"]}}
    run = invoice(event=pattern)
    assert not run.of(PIPE)
    assert not run.of("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy")
    (queue,) = run.of("aws:sqs/queue:Queue")
    assert json.loads(queue.inputs["redriveAllowPolicy"]) == {"redrivePermission": "denyAll"}
