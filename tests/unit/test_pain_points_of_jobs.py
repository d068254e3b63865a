"""What users of other tools suffer from with jobs: they fail silently, and scale wrongly.

It is point 14 of those of test_pain_points.py, for every job on ECS of every stack file.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components.settings.job import TRIGGERS
from tests.unit.support.engine import Recorder
from tests.unit.support.programs import EVERY_STACK, platform, read_stack

TASK = "aws:ecs/taskDefinition:TaskDefinition"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
EVENT_RULE = "aws:cloudwatch/eventRule:EventRule"
EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
INVOCATION = "aws:lambda/invocation:Invocation"
JOB_DEFINITION = "aws:batch/jobDefinition:JobDefinition"
QUEUE = "aws:sqs/queue:Queue"
SCALING_POLICY = "aws:appautoscaling/policy:Policy"
SCHEDULE = "aws:scheduler/schedule:Schedule"
STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"


@pytest.fixture(params=EVERY_STACK)
def stack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def run(stack: str) -> Recorder:
    return platform(stack, preview=False)


def jobs_on_ecs(stack: str) -> Mapping[str, Any]:
    """Return a stack's jobs on ECS with their settings as the stack file gives them."""
    jobs = read_stack(stack).get("jobs", {})
    return {name: job for name, job in jobs.items() if job.get("runtime") != "eks"}


def start_of(run: Recorder, name: str, job: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what starts a job: its schedule's target, or its rule's."""
    if "schedule" in job:
        target: Mapping[str, Any] = run.one(SCHEDULE, f"{name}-schedule").inputs["target"]
        return target
    return run.one(EVENT_TARGET, f"{name}-target").inputs


def fed_by(job: Mapping[str, Any]) -> str | None:
    """Return the queue whose messages a job works on, or is started by."""
    found: str | None = job.get("queue", {}).get("name") or job.get("lambda", {}).get("queue")
    return found


def failures_of(run: Recorder, name: str, job: Mapping[str, Any]) -> tuple[list[str], str]:
    """Return the prefixes that a job's rule for failures matches, and how they have to end."""
    detail = json.loads(run.one(EVENT_RULE, f"{name}-failed").inputs["eventPattern"])["detail"]
    if "batch" in job:
        definition = run.one(JOB_DEFINITION, f"{name}-job").inputs["name"]
        found, ending = detail["jobDefinition"], f":job-definition/{definition}:"
    else:
        family = run.one(TASK, f"{name}-task").inputs["family"]
        found, ending = detail["taskDefinitionArn"], f":task-definition/{family}:"
    return [one["prefix"] for one in found], ending


def retries_of(run: Recorder, name: str, job: Mapping[str, Any]) -> int:
    """Return how often a job that failed is started again."""
    if "batch" in job:
        definition = run.one(JOB_DEFINITION, f"{name}-job").inputs
        return int(definition["retryStrategy"]["attempts"]) - 1
    machine = run.one(STATE_MACHINE, f"{name}-state-machine").inputs
    states = json.loads(machine["definition"])["States"]
    if "Batch" in states:
        states = states["Batch"]["ItemProcessor"]["States"]
    *_, failed = states["Run"]["Retry"]
    assert failed["ErrorEquals"] == ["States.TaskFailed"]
    return int(failed["MaxAttempts"])


def assert_rings(run: Recorder, name: str, queue: str) -> None:
    """What lies in a job's dead-letter queue is told where its failures are."""
    told = run.named(f"{name}-failed-message").inputs["arn"]
    alarm = run.one(ALARM, f"{name}-undelivered-alarm").inputs
    assert alarm["dimensions"] == {"QueueName": queue}
    assert alarm["alarmActions"] == [told]


def test_14_no_job_fails_silently(run: Recorder, stack: str) -> None:
    # aws/containers-roadmap#1705, aws/aws-cdk#21118, #20706
    for name, job in jobs_on_ecs(stack).items():
        rule, message = run.one(EVENT_RULE, f"{name}-failed"), run.named(f"{name}-failed-message")
        (prefix,), ending = failures_of(run, name, job)
        assert prefix.endswith(ending)
        assert message.inputs["rule"] == rule.inputs["name"]
        topic = message.inputs["arn"]
        assert ":sns:" in topic
        assert run.one(ALARM, f"{name}-failed-alarm").inputs["alarmActions"] == [topic]


def test_14_no_start_is_lost_for_want_of_room_unless_the_stack_file_says_that_it_may_be(
    run: Recorder, stack: str
) -> None:
    # paradisec-archive/nabu#1254: EventBridge takes RunTask's list of failures for a success.
    for name, job in jobs_on_ecs(stack).items():
        if not {"schedule", "event", "objects"} & set(job) or "batch" in job:
            continue
        machines = [one.name for one in run.of(STATE_MACHINE)]
        direct = job.get("delivery", {}).get("direct", False)
        assert (f"{name}-state-machine" in machines) is not direct
        started = start_of(run, name, job)
        assert (("ecsParameters" in started) or ("ecsTarget" in started)) is direct
        if not direct:
            watched = run.one(ALARM, f"{name}-failed-alarm").inputs
            assert watched["metricName"] == "ExecutionsFailed"


def test_14_what_a_job_could_not_do_is_tried_again_and_then_kept(run: Recorder, stack: str) -> None:
    # aws/containers-roadmap#1705, aws/aws-cdk#21118, #20706
    for name, job in jobs_on_ecs(stack).items():
        if fed := fed_by(job):
            queue = run.one(QUEUE, f"{fed}-queue").inputs
            redrive = json.loads(queue["redrivePolicy"])
            assert redrive["maxReceiveCount"] > 1
            given_up = run.one(QUEUE, f"{fed}-dead-letters").inputs["name"]
            assert redrive["deadLetterTargetArn"].endswith(f":{given_up}")
            assert_rings(run, name, given_up)
        if "atDeployment" in job:
            # One that failed is in no state, and so tried again by the next deployment.
            assert run.one(INVOCATION, f"{name}-run").inputs["lifecycleScope"] == "CREATE_ONLY"
        if not {"schedule", "event", "objects"} & set(job):
            continue
        start = start_of(run, name, job)
        assert start["retryPolicy"]["maximumRetryAttempts"] > 1
        undelivered = run.one(QUEUE, f"{name}-undelivered").inputs["name"]
        assert start["deadLetterConfig"]["arn"].endswith(f":{undelivered}")
        assert_rings(run, name, undelivered)
        if "retries" in job:
            assert retries_of(run, name, job) == job["retries"]


def test_14_a_queue_s_workers_scale_by_the_backlog_of_each_and_from_none_to_the_first(
    run: Recorder, stack: str
) -> None:
    # aws/containers-roadmap#405, aws/copilot-cli#3376
    for name, job in jobs_on_ecs(stack).items():
        if "queue" not in job:
            continue
        held = run.one(SCALING_POLICY, f"{name}-scaling-backlog").inputs
        tracking = held["targetTrackingScalingPolicyConfiguration"]
        queue = job["queue"]
        assert tracking["targetValue"] == queue["latency"] / queue["secondsPerMessage"]
        metrics = {one["id"]: one for one in tracking["customizedMetricSpecification"]["metrics"]}
        assert metrics["backlog"]["expression"].endswith("/ IF(tasks > 1, tasks, 1), 0)")
        assert metrics["backlog"]["returnData"] is True

        from_none = queue.get("min", 0) == 0
        alarms = [one for one in run.of(ALARM) if one.name == f"{name}-unattended"]
        assert bool(alarms) is from_none
        for alarm in alarms:
            first = run.one(SCALING_POLICY, f"{name}-scaling-first")
            assert first.inputs["policyType"] == "StepScaling"
            (step,) = first.inputs["stepScalingPolicyConfiguration"]["stepAdjustments"]
            assert step["scalingAdjustment"] == 1
            assert alarm.sources["alarmActions"] == {first.urn}
            assert alarm.inputs["threshold"] == 1


def test_the_stack_files_have_each_kind_of_job() -> None:
    """What the tests above say of each stack is said of something."""
    jobs = [job for stack in EVERY_STACK for job in jobs_on_ecs(stack).values()]
    for key in (*TRIGGERS, "batch"):
        assert any(key in job for job in jobs), key
    assert any("retries" in job and "batch" in job for job in jobs)
    assert any("retries" in job and "batch" not in job for job in jobs)
