"""What jobs cost: what starts them is billed by use, and so is what Batch runs."""

import json
from decimal import Decimal
from typing import Any

import pytest

from reports.cost.report import cost_report
from tests.unit.reports.builders import exported, resource

JOB = "aws:batch/jobDefinition:JobDefinition"
CONTAINER = {
    "resourceRequirements": [
        {"type": "VCPU", "value": "0.5"},
        {"type": "MEMORY", "value": "1024"},
    ],
    "runtimePlatform": {"cpuArchitecture": "ARM64"},
}


def used(kind: str, inputs: dict[str, Any]) -> list[tuple[str, Decimal | None]]:
    report = cost_report(exported(resource(kind, "it", inputs)))
    assert report.gaps == ()
    return [(each.price.unit, each.price.amount) for each in report.usage]


def gaps(kind: str, inputs: dict[str, Any], region: str = "us-east-1") -> list[str]:
    return [each.reason for each in cost_report(exported(resource(kind, "it", inputs),
                                                         region=region)).gaps]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        (
            "aws:scheduler/schedule:Schedule",
            {},
            [("million invocations above 14 million", None)],
        ),
        ("aws:pipes/pipe:Pipe", {}, [("million requests of up to 64 KB", Decimal("0.40"))]),
        (
            "aws:sfn/stateMachine:StateMachine",
            {},
            [("1,000 state transitions", Decimal("0.025"))],
        ),
        (
            "aws:lambda/function:Function",
            {"architectures": ["arm64"]},
            [("million requests", Decimal("0.20")), ("GB-second", Decimal("0.0000133334"))],
        ),
        (
            "aws:lambda/function:Function",
            {},
            [("million requests", Decimal("0.20")), ("GB-second", Decimal("0.0000166667"))],
        ),
    ],
)
def test_what_starts_a_job_is_billed_by_use(
    kind: str, inputs: dict[str, Any], expected: list[tuple[str, Decimal | None]]
) -> None:
    assert used(kind, inputs) == expected


def test_a_job_of_batch_costs_what_a_task_of_its_size_costs_while_it_runs() -> None:
    job = {"platformCapabilities": ["FARGATE"], "containerProperties": json.dumps(CONTAINER)}
    expected = Decimal("0.5") * Decimal("0.03238") + Decimal("0.00356")
    assert used(JOB, job) == [("hour", expected)]
    assert gaps(JOB, job, region="eu-north-1") != []
    assert "doesn't require FARGATE" in gaps(JOB, {**job, "platformCapabilities": ["EC2"]})[0]
    assert "several containers" in gaps(JOB, {**job, "containerProperties": None})[0]


def test_a_cron_jobs_pod_costs_by_the_hour_until_it_is_deleted() -> None:
    requests = {"resources": {"requests": {"cpu": "1000m", "memory": "1792Mi"}}}
    pods = {"template": {"spec": {"containers": [requests]}}}
    cron_job = resource(
        "kubernetes:batch/v1:CronJob",
        "report",
        {"metadata": {"namespace": "apps"}, "spec": {"jobTemplate": {"spec": pods}}},
    )
    profile = resource(
        "aws:eks/fargateProfile:FargateProfile", "apps", {"selectors": [{"namespace": "apps"}]}
    )
    report = cost_report(exported(cron_job, profile))
    (usage,) = report.usage
    assert (usage.name, usage.what) == ("report", "pod of 1 vCPU, 2 GB, until it is deleted")
    expected = Decimal("0.04048") + 2 * Decimal("0.004445")
    assert (usage.price.amount, usage.price.unit) == (expected, "hour")
    assert report.monthly == 0
    assert not report.gaps
    (gap,) = cost_report(exported(cron_job, profile, region="af-south-1")).gaps
    assert "no price known for af-south-1" in gap.reason


def test_what_counts_failures_in_a_log_is_a_metric_while_there_are_some() -> None:
    assert used("aws:cloudwatch/logMetricFilter:LogMetricFilter", {}) == [("metric", None)]


def test_an_alarm_costs_by_the_month_and_metric() -> None:
    kind = "aws:cloudwatch/metricAlarm:MetricAlarm"
    metric = {"metric": {"period": 60}}
    queries = [{"id": "a", **metric}, {"id": "b", **metric}, {"id": "sum", "expression": "a + b"}]
    for inputs, monthly in (({"period": 60}, "0.10"), ({"metricQueries": queries}, "0.20")):
        report = cost_report(exported(resource(kind, "it", inputs)))
        assert (report.monthly, report.gaps) == (Decimal(monthly), ())
    assert gaps(kind, {"period": 10}) == ["no price known for an alarm of high resolution"]


def test_only_target_tracking_makes_alarms_of_its_own() -> None:
    kind = "aws:appautoscaling/policy:Policy"
    assert used(kind, {"policyType": "StepScaling"}) == []
    assert used(kind, {"policyType": "TargetTrackingScaling"}) == [("alarm", None)]


def test_an_express_state_machine_has_no_known_price() -> None:
    assert "EXPRESS" in gaps("aws:sfn/stateMachine:StateMachine", {"type": "EXPRESS"})[0]


@pytest.mark.parametrize(
    "kind",
    [
        "aws:batch/computeEnvironment:ComputeEnvironment",
        "aws:batch/jobQueue:JobQueue",
        "aws:batch/schedulingPolicy:SchedulingPolicy",
        "aws:cloudwatch/eventRule:EventRule",
        "aws:cloudwatch/eventTarget:EventTarget",
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        "aws:lambda/permission:Permission",
        "aws:s3/bucketNotification:BucketNotification",
        "aws:scheduler/scheduleGroup:ScheduleGroup",
        "aws:sns/topicSubscription:TopicSubscription",
    ],
)
def test_what_ties_a_job_together_is_free(kind: str) -> None:
    assert used(kind, {}) == []
