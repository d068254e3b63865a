"""Failures of jobs on EKS: counted in the audit log, and told as those on ECS are."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from components import Workloads
from components.jobs.failed_cron_jobs import failure_filter
from components.settings.job import JobName
from components.settings.namespace import NamespaceName
from tests.unit.support import programs
from tests.unit.support.audit_events import condition, creation, life, status_update, unread
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.engine import Recorder
from tests.unit.support.filter_patterns import LONGEST, matches

PLACE = "eu-west-1:111122223333"
GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "jobs-on-eks.md"
TOPIC = f"arn:aws:sns:{PLACE}:platform-test-job-failures"
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
CRON_JOB = "kubernetes:batch/v1:CronJob"
REPORTS = failure_filter("report", "office")
FAILED, GIVEN_UP = condition("Failed"), condition("FailureTarget")
OUT_OF_TIME = [
    condition("FailureTarget", "DeadlineExceeded"),
    condition("Failed", "DeadlineExceeded"),
]
SUCCEEDED = [condition("SuccessCriteriaMet"), condition("Complete")]
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
        OUT_OF_TIME,
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
        status_update(*SUCCEEDED),
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


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (400, "a webhook says no"),
        (403, "a quota is used up"),
        (422, "a label is too long"),
        (500, "a webhook can't be reached"),
    ],
)
def test_a_start_that_the_api_server_refuses_is_counted(code: int, why: str) -> None:
    assert matches(REPORTS, creation(code=code)), why


@pytest.mark.parametrize(
    "event",
    [
        creation(),
        # A try whose answer was lost had created it.
        creation(code=409),
        # Another job's, though its runs' names begin with this one's.
        creation(code=403, job="report-2"),
        creation(code=403, namespace="shop"),
        creation(code=403, owner="Workflow"),
        # Somebody starts one by hand, and sees the error.
        creation(code=403, user="arn:aws:iam::123456789012:role/editor"),
        about(creation(code=403), resource="pods", apiGroup=None),
        {**creation(code=403), "verb": "delete"},
        # What the API server refuses before it reads the Job names none.
        unread(creation(code=403)),
        unread(creation(code=429)),
    ],
)
def test_no_other_start_is_counted(event: dict[str, Any]) -> None:
    assert not matches(REPORTS, event)


def test_a_refused_update_of_a_failed_runs_status_is_no_refused_start() -> None:
    assert not matches(REPORTS, status_update(FAILED, code=403))


def longest(name: Any) -> str:  # noqa: ANN401 - an annotated type
    """Return a name that is as long as it may be."""
    return "n" * int(TypeAdapter(name).json_schema()["maxLength"])


def test_a_filter_of_the_longest_names_is_no_longer_than_aws_takes() -> None:
    assert len(failure_filter(longest(JobName), longest(NamespaceName))) <= LONGEST


def guides_pattern(word: str) -> str:
    """Return the filter pattern in the guide that has a word."""
    (found,) = [
        block
        for block in GUIDE.read_text().split("```")
        if block.startswith("\n{ ($.") and word in block
    ]
    return found.strip()


def test_the_guides_pattern_counts_each_success_of_its_job_once() -> None:
    successes = guides_pattern("Complete")
    events = life([], SUCCEEDED[:1], SUCCEEDED, job="nightly-report")
    assert [matches(successes, event) for event in events] == [False, False, True]
    others = [
        status_update(FAILED, job="nightly-report"),
        status_update(*SUCCEEDED, job="nightly-report-2"),
        status_update(*SUCCEEDED, job="nightly-report", namespace="shop"),
        status_update(*SUCCEEDED, job="nightly-report", code=409),
        creation(job="nightly-report"),
    ]
    assert not [event for event in others if matches(successes, event)]


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


def test_a_run_whose_pod_never_starts_fails_at_the_jobs_timeout_and_is_counted_then(
    run: Recorder,
) -> None:
    spec = run.one(CRON_JOB, "report-cron-job").inputs["spec"]["jobTemplate"]["spec"]
    assert spec["activeDeadlineSeconds"] == ON_EKS["timeout"]
    pattern = run.one(FILTER, "report-failed").inputs["pattern"]
    waiting_then_out_of_time = life([], OUT_OF_TIME[:1], OUT_OF_TIME, namespace="apps")
    assert [matches(pattern, event) for event in waiting_then_out_of_time] == [False, False, True]


def test_a_refused_start_is_counted_in_the_metric_of_failed_runs(run: Recorder) -> None:
    (counter,) = [one for one in run.of(FILTER) if one.name == "report-failed"]
    assert matches(counter.inputs["pattern"], creation(namespace="apps", code=403))


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
    assert given["alarmDescription"] == "A run of job report failed, or couldn't be started"
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
