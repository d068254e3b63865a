"""Failures of jobs on EKS: counted once each in the audit log, and told as those on ECS are."""

import json
from typing import Any

import pytest

from components import Workloads
from components.jobs.failed_cron_jobs import failure_filter
from tests.unit.support import programs
from tests.unit.support.audit_events import condition, life, status_update
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.engine import Recorder
from tests.unit.support.filter_patterns import LONGEST, matches

PLACE = "eu-west-1:111122223333"
TOPIC = f"arn:aws:sns:{PLACE}:platform-test-job-failures"
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
REPORTS = failure_filter("report", "office")
FAILED, GIVEN_UP = condition("Failed"), condition("FailureTarget")
ON_EKS = {
    "image": programs.IMAGE,
    "runtime": "eks",
    "timeout": 600,
    "schedule": {"rate": "1 hour"},
}
ON_ECS = {"image": programs.IMAGE, "schedule": {"rate": "1 hour"}}


@pytest.mark.parametrize(
    "conditions",
    [
        # Before Kubernetes 1.31, since then, and after somebody suspended and resumed the Job.
        [FAILED],
        [GIVEN_UP, FAILED],
        [condition("Suspended"), GIVEN_UP, FAILED],
        [condition("FailureTarget", "DeadlineExceeded"), condition("Failed", "DeadlineExceeded")],
    ],
)
def test_a_run_that_failed_is_counted(conditions: list[dict[str, str]]) -> None:
    assert matches(REPORTS, status_update(*conditions))


def test_a_run_is_counted_once_in_its_life() -> None:
    events = life([], [], [GIVEN_UP], [GIVEN_UP, FAILED])
    refused = status_update(GIVEN_UP, FAILED, code=409)
    assert [matches(REPORTS, event) for event in (*events[:3], refused, events[3])] == [
        False, False, False, False, True,
    ]  # fmt: skip


def about(event: dict[str, Any], **reference: str | None) -> dict[str, Any]:
    """Return an event that is about another object, or another part of it."""
    return {**event, "objectRef": {**event["objectRef"], **reference}}


@pytest.mark.parametrize(
    "event",
    [
        status_update(condition("SuccessCriteriaMet"), condition("Complete")),
        status_update(FAILED, job="report-2"),
        status_update(FAILED, namespace="shop"),
        status_update(FAILED, owner="Workflow"),
        status_update(FAILED, user="arn:aws:iam::123456789012:role/editor"),
        about(status_update(FAILED), apiGroup="example.com"),
        about(status_update(FAILED), resource="cronjobs"),
        about(status_update(FAILED), subresource=None),
        {"kind": "Event", "level": "Metadata", "objectRef": {"resource": "jobs"}},
    ],
)
def test_nothing_else_is_counted(event: dict[str, Any]) -> None:
    assert not matches(REPORTS, event)


def test_a_filter_of_the_longest_names_is_no_longer_than_aws_takes() -> None:
    assert len(failure_filter("r" * 20, "n" * 40)) <= LONGEST


def deploy(*, preview: bool = False, jobs: object) -> Recorder:
    settings = programs.settings(eks={"enabled": True}, loadBalancer={"enabled": False}, jobs=jobs)

    def program() -> None:
        network = programs.network()
        with_ecs = any(job.runtime == "ecs" for job in settings.jobs.values())
        Workloads(
            "workloads",
            settings,
            environment=ENVIRONMENT,
            ecs=programs.ecs(network) if with_ecs else None,
            eks=programs.eks(network),
            behind=None,
        )

    return programs.run(program, preview=preview)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return deploy(preview=preview, jobs={"report": ON_EKS, "sweep": ON_EKS})


def test_the_clusters_audit_log_is_where_failures_are_counted(run: Recorder) -> None:
    given = run.one(FILTER, "report-failed").inputs
    assert given["logGroupName"] == "/aws/eks/platform-test-eks/cluster"
    assert run.depends(run.named("report-failed"), run.named("eks-control-plane-logs"))
    assert given["pattern"] == failure_filter("report", "apps")
    logs = run.one("eks:index:Cluster").inputs["enabledClusterLogTypes"]
    assert "audit" in logs


def test_each_failure_counts_one_and_without_any_there_is_no_metric_to_pay(run: Recorder) -> None:
    assert run.one(FILTER, "report-failed").inputs["metricTransformation"] == {
        "namespace": "platform-test",
        "name": "report-failed",
        "value": "1",
        "unit": "Count",
    }


def test_an_alarm_on_that_count_rings_even_if_the_log_comes_late(run: Recorder) -> None:
    given = run.one(ALARM, "report-failed-alarm").inputs
    assert (given["namespace"], given["metricName"]) == ("platform-test", "report-failed")
    assert (given["statistic"], given["period"]) == ("Sum", 300)
    assert (given["evaluationPeriods"], given["datapointsToAlarm"]) == (3, 1)
    assert (given["comparisonOperator"], given["threshold"]) == ("GreaterThanThreshold", 0)
    assert given["treatMissingData"] == "notBreaching"
    assert given["alarmActions"] == [TOPIC]


def test_the_topic_admits_the_alarm_of_each_job_on_either_runtime() -> None:
    run = deploy(jobs={"report": ON_EKS, "clean": ON_ECS})
    policy = json.loads(run.named("job-failures-policy").inputs["policy"])["Statement"]
    (admitted,) = [one for one in policy if one.get("Sid") == "Alarms"]
    assert sorted(admitted["Condition"]["ArnEquals"]["aws:SourceArn"]) == [
        f"arn:aws:cloudwatch:{PLACE}:alarm:platform-test-clean-failed",
        f"arn:aws:cloudwatch:{PLACE}:alarm:platform-test-clean-undelivered",
        f"arn:aws:cloudwatch:{PLACE}:alarm:platform-test-report-failed",
    ]


def test_a_job_on_eks_needs_no_rule_and_no_role_to_publish(run: Recorder) -> None:
    assert not run.of("aws:cloudwatch/eventRule:EventRule")
    assert not [role for role in run.of("aws:iam/role:Role") if "failures" in role.name]
