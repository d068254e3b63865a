"""CronJobs and metric filters: what the API server and CloudWatch Logs take, and what not."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.standins.wire import UNKNOWN
from tests.sandbox.standins.cases.metric_filters import FAILED, FILTER
from tests.sandbox.standins.conftest import AbortedError

if TYPE_CHECKING:
    from tests.sandbox.standins.conftest import Client

URN = "urn:pulumi:dev::p::kubernetes:batch/v1:CronJob::report"
POD: dict[str, Any] = {"restartPolicy": "Never", "containers": [{"name": "report", "image": "a"}]}
CRON_JOB: dict[str, Any] = {
    "apiVersion": "batch/v1",
    "kind": "CronJob",
    "metadata": {"name": "report", "namespace": "apps"},
    "spec": {
        "schedule": "0 3 * * MON-FRI",
        "timeZone": "Europe/Berlin",
        "startingDeadlineSeconds": 600,
        "jobTemplate": {
            "spec": {
                "backoffLimit": 0,
                "ttlSecondsAfterFinished": 60,
                "template": {"metadata": {"labels": {"app": "report"}}, "spec": POD},
            }
        },
    },
}
JOB = "spec.jobTemplate.spec"
TEMPLATE = f"{JOB}.template"


def changed(path: str, value: object) -> dict[str, Any]:
    manifest = copy.deepcopy(CRON_JOB)
    *steps, last = path.split(".")
    found: Any = manifest
    for step in steps:
        found = found[int(step)] if step.isdigit() else found[step]
    found[last] = value
    return manifest


@pytest.mark.parametrize(
    "schedule",
    [
        "*/15 * * * *",
        "0 3 * * mon-fri",
        "0 0,12 1,15 JAN-MAR/2 ?",
        "0/10 8-17 * * 0,6",
        "@hourly",
        UNKNOWN,
    ],
)
def test_a_schedule_that_kubernetes_reads_is_taken(schedule: str, kubernetes: Client) -> None:
    inputs, problems = kubernetes.check(URN, changed("spec.schedule", schedule))
    assert problems == []
    assert inputs["spec"]["schedule"] == schedule


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("spec.schedule", "0 3 ? * MON-FRI *", "spec.schedule: must be five fields"),
        ("spec.schedule", "60 3 * * *", "spec.schedule: minutes must be 0 to 59"),
        ("spec.schedule", "0 3 * * 7", "spec.schedule: days of the week must be 0 to 6"),
        ("spec.schedule", "0 3 L * *", "spec.schedule: days of the month must be 1 to 31"),
        ("spec.schedule", "0 3 * * FRI-MON", "spec.schedule: days of the week must be"),
        ("spec.schedule", "*/0 3 * * *", "spec.schedule: minutes must be"),
        ("spec.schedule", "TZ=UTC 0 3 * * *", "spec.schedule: must hold no time zone"),
        ("spec.timeZone", "Berlin", "spec.timeZone: must be an IANA time zone"),
        ("spec.timeZone", "Local", "spec.timeZone: must be an IANA time zone"),
        ("spec.concurrencyPolicy", "Never", "spec.concurrencyPolicy: must be one of"),
        ("spec.startingDeadlineSeconds", -1, "spec.startingDeadlineSeconds: must be 0 or more"),
        ("spec.jobTemplate", {"spec": {"backoffLimit": 0}}, "spec: must have template"),
        ("spec.scheduled", "0 3 * * *", "spec: has no scheduled"),
        ("metadata.name", "a" * 53, "metadata.name: must be at most 52 characters"),
        (f"{JOB}.backoffLimit", -1, f"{JOB}.backoffLimit: must be 0 or more"),
        (f"{JOB}.ttlSecondsAfterFinished", -1, f"{JOB}.ttlSecondsAfterFinished: must be 0"),
        (f"{TEMPLATE}.spec.restartPolicy", "Always", "restartPolicy: must be one of Never"),
        (f"{TEMPLATE}.spec.restartPolicy", None, "restartPolicy: must be one of Never"),
        (f"{TEMPLATE}.spec.containers.0.name", "A", f"{TEMPLATE}.spec.containers[0].name: must"),
        (f"{TEMPLATE}.metadata.labels", {"a": "b c"}, f"{TEMPLATE}.metadata.labels.a: must be"),
    ],
)
def test_what_the_api_server_refuses_of_a_cron_job_is_refused(
    path: str, value: object, says: str, kubernetes: Client
) -> None:
    _, problems = kubernetes.check(URN, changed(path, value))
    assert any(says in problem for problem in problems), problems


def test_a_job_of_its_own_is_held_to_the_same(kubernetes: Client) -> None:
    spec = {"template": {"spec": {**POD, "restartPolicy": "Always"}}}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a"}, "spec": spec}
    _, problems = kubernetes.check(URN.replace("CronJob", "Job"), job)
    assert problems == ["spec.template.spec.restartPolicy: must be one of Never, OnFailure"]


def test_another_schedule_or_image_updates_a_cron_job(kubernetes: Client) -> None:
    for path, value in (
        ("spec.schedule", "0 4 * * *"),
        (f"{TEMPLATE}.spec.containers.0.image", "b"),
    ):
        found = kubernetes.diff(URN, CRON_JOB, changed(path, value))
        assert list(found.replaces) == []


def test_a_log_group_has_a_hundred_metric_filters_and_no_more(aws: Client) -> None:
    def urn(number: int) -> str:
        return f"urn:pulumi:dev::platform::{FILTER}::it-{number}"

    for number in range(100):
        aws.deploy(urn(number), **{**FAILED, "name": f"f{number}"})
    with pytest.raises(AbortedError, match="100"):
        aws.deploy(urn(100), **{**FAILED, "name": "f100"})


def test_a_filter_moves_to_another_log_group_as_another_one(aws: Client) -> None:
    urn = f"urn:pulumi:dev::platform::{FILTER}::it"
    assert list(aws.diff(urn, FAILED, {**FAILED, "pattern": "{ $.a = 1 }"}).replaces) == []
    assert list(aws.diff(urn, FAILED, {**FAILED, "logGroupName": "/b"}).replaces) == [
        "logGroupName"
    ]
