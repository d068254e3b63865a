"""Settings of jobs on EKS, as a whole stack file."""

from typing import Any

import pytest

from components.settings import Settings, SettingsError
from tests.unit.support import programs

JOB = {"image": programs.IMAGE, "runtime": "eks", "timeout": 600, "schedule": {"rate": "1 hour"}}


def parse(jobs: int = 1, network: object = None, **job: object) -> Settings:
    given: dict[str, Any] = {
        "ecs": {"enabled": False},
        "eks": {"enabled": True, "namespaces": {"apps": {"quota": {"pods": 200, "cpu": 200}}}},
        "loadBalancer": {"enabled": False},
        "secrets": {
            "database": {"arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-a1B2c3"}
        },
        "network": network or {},
        "jobs": {f"report-{at}": {**JOB, **job} for at in range(jobs)},
    }
    return Settings.parse(given)


def problems(**given: Any) -> list[str]:  # noqa: ANN401 - a stack file's parts
    with pytest.raises(SettingsError) as raised:
        parse(**given)
    return [str(problem) for problem in raised.value.problems]


def test_a_job_on_eks_needs_no_ecs() -> None:
    assert parse().jobs["report-0"].namespace is None


def test_what_a_cron_job_has_too_is_taken() -> None:
    job = parse(concurrency=1, retries=9, delivery={"maxAge": 60}).jobs["report-0"]
    assert (job.concurrency, job.retries, job.delivery.max_age) == (1, 9, 60)


def test_step_functions_see_to_nothing_of_a_job_on_eks() -> None:
    assert parse(concurrency=1, retries=2).jobs["report-0"].supervised == ()


def test_a_log_group_counts_the_failures_of_a_hundred_jobs_and_no_more() -> None:
    assert len(parse(jobs=100).jobs) == 100
    (problem,) = problems(jobs=101)
    assert problem.startswith("jobs: 101 of them run on eks, and at most 100 can")


def test_without_internet_a_jobs_secrets_need_a_copy_of_the_operators_image() -> None:
    found = problems(network={"nat": "none"}, secrets={"PASSWORD": "database"}, image="a/b:1")
    assert any(problem.startswith("eks.secretsOperatorImage: ") for problem in found)
    assert not any(
        problem.startswith("eks.secretsOperatorImage: ")
        for problem in problems(network={"nat": "none"}, image="a/b:1")
    )
