"""Each way to start a job, on each runtime, is in an example that tests deploy in the sandbox."""

from typing import get_args

import pytest

from components.settings import JobSettings
from components.settings.job import TRIGGERS
from tests.sandbox.deployments import FILES
from tests.unit.support.programs import EXAMPLES, read_stack

RUNTIMES = get_args(JobSettings.model_fields["runtime"].annotation)
JOBS = [
    job
    for file in FILES
    if file.parent == EXAMPLES
    for job in read_stack(file.stem).get("jobs", {}).values()
]
"""The jobs of all examples that tests/sandbox/test_examples.py deploys."""


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_task_of_an_example_is_started_by_it(trigger: str) -> None:
    tasks = [job for job in JOBS if job.get("runtime", "ecs") == "ecs" and "batch" not in job]
    assert any(trigger in job for job in tasks), f"no task of examples/*.yaml has {trigger}"


def test_a_job_of_an_example_is_submitted_to_aws_batch() -> None:
    assert any("batch" in job for job in JOBS)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_job_of_an_example_runs_on_it(runtime: str) -> None:
    found = any(job.get("runtime", "ecs") == runtime for job in JOBS)
    assert found, f"no job of examples/*.yaml runs on {runtime}"
