"""BatchJob: a job definition, and what submits it with a role that can submit nothing else."""

import json
from typing import Any

import pytest

from tests.unit.support import programs
from tests.unit.support.documents import service_trust, statements, trust
from tests.unit.support.engine import UNKNOWN, Recorder
from tests.unit.support.events import filled, matches
from tests.unit.support.payload import PathError, payload
from tests.unit.support.programs import platform
from tests.unit.support.sample_events import BATCH_JOB_FAILED, new_object

JOB = "aws:batch/jobDefinition:JobDefinition"
SCHEDULE = "aws:scheduler/schedule:Schedule"
RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
MACHINE = "aws:sfn/stateMachine:StateMachine"
PLACE = "eu-west-1:111122223333"
DEFINITION = f"arn:aws:batch:{PLACE}:job-definition/platform-test-"
QUEUE = f"arn:aws:batch:{PLACE}:job-queue/platform-test-"
UNDELIVERED = f"arn:aws:sqs:{PLACE}:platform-test-"


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return platform("batch", preview=preview)


def submitting(job: str, queue: str) -> dict[str, Any]:
    """Return the one statement that lets a role submit a job."""
    return {
        "Effect": "Allow",
        "Action": ["batch:SubmitJob"],
        "Resource": [f"{DEFINITION}{job}", f"{DEFINITION}{job}:*", f"{QUEUE}{queue}"],
    }


def container(run: Recorder, job: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run.one(JOB, f"{job}-job").inputs["containerProperties"])
    return found


def test_a_job_runs_on_fargate_alone_and_hands_its_tags_on(run: Recorder) -> None:
    for job in run.of(JOB):
        assert job.inputs["platformCapabilities"] == ["FARGATE"]
        assert job.inputs["type"] == "container"
        assert job.inputs["propagateTags"] is True
        assert job.inputs["deregisterOnNewRevision"] is True


def test_a_job_has_roles_a_log_group_and_no_rights_that_are_another_s(run: Recorder) -> None:
    given = container(run, "read-scan")
    role = "arn:aws:iam::111122223333:role/platform-test-eu-west-1-read-scan-"
    assert given["executionRoleArn"] == f"{role}execution"
    assert given["jobRoleArn"] == f"{role}task"
    assert given["logConfiguration"]["options"]["awslogs-group"] == "/ecs/platform-test/read-scan"
    assert run.one("aws:cloudwatch/logGroup:LogGroup", "read-scan-logs").inputs["name"] == (
        "/ecs/platform-test/read-scan"
    )
    (reading, *_) = statements(run, "read-scan-task-policy")
    assert "s3:GetObject" in reading["Action"] or "s3:ListBucket" in reading["Action"]


@pytest.mark.parametrize("purpose", ["execution", "task"])
def test_ecs_may_assume_its_roles_for_this_account_whatever_source_it_names(
    run: Recorder, purpose: str
) -> None:
    (statement,) = trust(run, f"render-{purpose}-role")["Statement"]
    assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}


def test_timeout_retries_and_priority_are_batch_s_own(run: Recorder) -> None:
    render = run.one(JOB, "render-job").inputs
    assert render["timeout"] == {"attemptDurationSeconds": 3600}
    assert render["retryStrategy"]["attempts"] == 5
    assert "schedulingPriority" not in render
    assert run.one(JOB, "invoices-job").inputs["schedulingPriority"] == 100
    assert "timeout" not in run.one(JOB, "invoices-job").inputs
    assert not [machine for machine in run.of(MACHINE) if "render" in machine.name]


def test_a_schedule_submits_with_all_that_submit_job_takes(run: Recorder) -> None:
    target = run.one(SCHEDULE, "render-schedule").inputs["target"]
    assert target["arn"] == "arn:aws:scheduler:::aws-sdk:batch:submitJob"
    assert json.loads(target["input"]) == {
        "JobName": "render",
        "JobDefinition": f"{DEFINITION}render",
        "JobQueue": f"{QUEUE}urgent",
        "ArrayProperties": {"Size": 100},
    }
    fair = json.loads(run.one(SCHEDULE, "invoices-schedule").inputs["target"]["input"])
    assert fair["ShareIdentifier"] == "billing"
    assert fair["JobQueue"] == f"{QUEUE}bulk-fair"
    assert target["deadLetterConfig"] == {"arn": f"{UNDELIVERED}render-undelivered"}


def test_the_schedule_s_role_may_submit_this_job_to_this_queue_and_nothing_else(
    run: Recorder,
) -> None:
    assert statements(run, "render-scheduler-policy") == [
        submitting("render", "urgent"),
        {
            "Effect": "Allow",
            "Action": ["sqs:SendMessage"],
            "Resource": [f"{UNDELIVERED}render-undelivered"],
        },
    ]
    assert trust(run, "render-scheduler-role") == service_trust(
        "scheduler.amazonaws.com",
        f"arn:aws:scheduler:{PLACE}:schedule-group/platform-test-render",
        "111122223333",
    )


def test_a_rule_submits_an_event_as_it_is(run: Recorder) -> None:
    target = run.one(TARGET, "reindex-target").inputs
    assert target["arn"] == f"{QUEUE}urgent"
    assert target["batchTarget"] == {"jobDefinition": f"{DEFINITION}reindex", "jobName": "reindex"}
    assert not {"input", "inputPath", "inputTransformer", "ecsTarget"} & set(target)
    assert target["deadLetterConfig"] == {"arn": f"{UNDELIVERED}reindex-undelivered"}
    assert statements(run, "reindex-events-policy") == [submitting("reindex", "urgent")]
    assert trust(run, "reindex-events-role") == service_trust(
        "events.amazonaws.com", f"arn:aws:events:{PLACE}:rule/platform-test-reindex", "111122223333"
    )


def test_a_state_machine_submits_what_a_rule_cant_say(run: Recorder) -> None:
    machine = run.one(MACHINE, "read-scan-state-machine")
    arn = f"arn:aws:states:{PLACE}:stateMachine:platform-test-read-scan"
    assert run.one(TARGET, "read-scan-target").inputs["arn"] == arn
    assert statements(run, "read-scan-events-policy") == [
        {"Effect": "Allow", "Action": ["states:StartExecution"], "Resource": [arn]}
    ]
    assert statements(run, "read-scan-submitter-policy") == [submitting("read-scan", "bulk-fair")]
    assert trust(run, "read-scan-submitter-role") == service_trust(
        "states.amazonaws.com", arn, "111122223333"
    )
    state = json.loads(machine.inputs["definition"])["States"]["Submit"]
    assert state["Resource"] == "arn:aws:states:::aws-sdk:batch:submitJob"
    assert state["Parameters"]["ShareIdentifier"] == "teamScans"


def submitted(run: Recorder, event: dict[str, Any]) -> dict[str, Any]:
    """Return what the state machine of read-scan asks for an event."""
    definition = json.loads(run.one(MACHINE, "read-scan-state-machine").inputs["definition"])
    parameters = definition["States"]["Submit"]["Parameters"]
    found: dict[str, Any] = payload(parameters, {"Execution": {"Input": event}})
    return found


@pytest.mark.parametrize("key", ["a.tiff", '"}],"Command":["sh"],"Environment":[{"Name":"X'])
def test_an_object_s_key_becomes_its_variable_and_nothing_else(run: Recorder, key: str) -> None:
    found = submitted(run, new_object("b", key=key))
    assert found["ContainerOverrides"] == {
        "Environment": [
            {"Name": "OBJECT_BUCKET", "Value": "b"},
            {"Name": "OBJECT_KEY", "Value": key},
            {"Name": "OBJECT_SIZE", "Value": "5"},
        ]
    }
    assert found["JobDefinition"] == f"{DEFINITION}read-scan"


def test_an_event_without_the_field_isnt_submitted(run: Recorder) -> None:
    with pytest.raises(PathError):
        submitted(run, {"detail": {"bucket": {"name": "b"}}})


def test_a_refused_submission_isnt_tried_for_as_long_as_one_that_aws_throttles(
    run: Recorder,
) -> None:
    definition = json.loads(run.one(MACHINE, "read-scan-state-machine").inputs["definition"])
    refused, failed = definition["States"]["Submit"]["Retry"]
    assert (refused["ErrorEquals"], refused["MaxAttempts"]) == (["Batch.ClientException"], 3)
    assert failed["ErrorEquals"] == ["States.TaskFailed"]
    assert failed["MaxAttempts"] > 100


@pytest.mark.parametrize("trigger", ["render-schedule", "reindex-target", "read-scan-target"])
def test_what_submits_a_job_waits_for_its_roles_and_its_queue(run: Recorder, trigger: str) -> None:
    names = {urn.rpartition("::")[2] for urn in run.named(trigger).dependencies}
    name = trigger.rpartition("-")[0]
    queue = "batch-bulk-fair-queue" if name == "read-scan" else "batch-urgent-queue"
    assert {f"{name}-job", f"{name}-execution-policy", queue} <= names
    assert "batch-cheap-https-egress" in names


def test_a_job_that_nothing_submits_has_neither_a_rule_nor_a_dead_letter_queue(
    run: Recorder,
) -> None:
    names = {found.name for found in run.registrations if found.name.startswith("simulate")}
    assert "simulate-job" in names
    assert not names & {"simulate-undelivered", "simulate-rule", "simulate-schedule"}


def test_a_service_may_submit_the_job_that_it_is_granted_and_finds_it(run: Recorder) -> None:
    assert statements(run, "desk-task-policy") == [submitting("simulate", "urgent")]
    task = run.one("aws:ecs/taskDefinition:TaskDefinition", "desk-task").inputs
    (own,) = json.loads(task["containerDefinitions"])
    assert own["environment"] == [
        {"name": "SIMULATE_JOB_DEFINITION", "value": f"{DEFINITION}simulate"},
        {"name": "SIMULATE_JOB_QUEUE", "value": f"{QUEUE}urgent"},
    ]


def failed(**detail: object) -> dict[str, Any]:
    own = {"jobDefinition": f"{DEFINITION}render:7", **detail}
    return {**BATCH_JOB_FAILED, "detail": {**BATCH_JOB_FAILED["detail"], **own}}


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (failed(), True),
        (failed(jobQueue=f"{QUEUE}another"), True),
        (failed(arrayProperties={"index": 3}), True),
        (failed(status="SUCCEEDED"), False),
        (failed(status="RUNNABLE"), False),
        (failed(jobDefinition=f"{DEFINITION}render-more:7"), False),
        ({**failed(), "source": "shop"}, False),
    ],
)
def test_a_job_that_isnt_tried_any_more_is_told_of(
    run: Recorder, event: dict[str, Any], *, told: bool
) -> None:
    pattern = str(run.one(RULE, "render-failed").inputs["eventPattern"])
    assert matches(pattern, event) is told


def test_the_message_has_the_attempts_and_no_variable_of_the_container(run: Recorder) -> None:
    given = run.one(TARGET, "render-failed-message").inputs["inputTransformer"]
    message = filled(given["inputTemplate"], given["inputPaths"], failed())
    assert message == {
        "job": "render",
        "message": "A task of job render failed",
        "time": "2022-01-11T23:36:40Z",
        "batchJob": "4c7599ae-0a82-49aa-ba5a-4727fcce14a8",
        "reason": "Essential container in task exited",
        "attempts": BATCH_JOB_FAILED["detail"]["attempts"],
    }
    assert "acme" not in json.dumps(message)


def test_alarms_ring_for_failed_jobs_and_for_what_could_not_be_submitted(run: Recorder) -> None:
    failed_job = run.one(ALARM, "render-failed-alarm").inputs
    assert failed_job["namespace"] == "AWS/Events"
    assert failed_job["dimensions"] == {"RuleName": "platform-test-render-failed"}
    lost = run.one(ALARM, "read-scan-not-submitted-alarm").inputs
    assert (lost["namespace"], lost["metricName"]) == ("AWS/States", "ExecutionsFailed")
    assert lost["dimensions"] == {
        "StateMachineArn": f"arn:aws:states:{PLACE}:stateMachine:platform-test-read-scan"
    }
    names = {alarm.name for alarm in run.of(ALARM)}
    assert {"render-undelivered-alarm", "read-scan-undelivered-alarm"} <= names
    assert not {"render-not-submitted-alarm", "simulate-undelivered-alarm"} & names


def test_what_a_job_that_mounts_files_runs_is_the_one_document_unknown_before(
    run: Recorder,
) -> None:
    unknown = {job.name for job in run.of(JOB) if job.inputs["containerProperties"] == UNKNOWN}
    assert unknown in (set(), {"render-job"})


def test_an_event_with_a_share_but_without_variables_goes_through_the_state_machine() -> None:
    given = {
        "batch": {
            "environments": {"cheap": {}},
            "queues": {"fair": {"environments": ["cheap"], "fairShare": {}}},
        },
        "jobs": {
            "count": {
                "image": programs.IMAGE,
                "event": {"pattern": {"source": ["shop"]}},
                "batch": {"queue": "fair", "share": "a", "array": 2},
            }
        },
    }
    run = programs.page(given, preview=False)
    state = json.loads(run.one(MACHINE).inputs["definition"])["States"]["Submit"]
    assert state["Parameters"] == {
        "JobName": "count",
        "JobDefinition": f"{DEFINITION}count",
        "JobQueue": f"{QUEUE}fair-fair",
        "ArrayProperties": {"Size": 2},
        "ShareIdentifier": "a",
    }


@pytest.mark.parametrize("array", [2, 10_000])
def test_an_event_submits_an_array_by_the_rule_itself(array: int) -> None:
    given = {
        "batch": {
            "environments": {"cheap": {}},
            "queues": {"plain": {"environments": ["cheap"]}},
        },
        "jobs": {
            "count": {
                "image": programs.IMAGE,
                "event": {"pattern": {"source": ["shop"]}},
                "batch": {"queue": "plain", "array": array},
            }
        },
    }
    run = programs.page(given, preview=False)
    assert run.one(TARGET, "count-target").inputs["batchTarget"] == {
        "jobDefinition": f"{DEFINITION}count",
        "jobName": "count",
        "arraySize": array,
    }
    assert not run.of(MACHINE)
