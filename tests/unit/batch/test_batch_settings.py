"""Settings of jobs of AWS Batch that no list of bad examples holds."""

from typing import Any

import pytest

from components.settings import Settings, SettingsError
from components.settings.batch import FairShareSettings
from tests.unit.support import programs


def stack(characters: int) -> dict[str, Any]:
    """Return a job of Batch with so many characters in its variables."""
    values = {f"V{at}": "x" * 4_000 for at in range(characters // 4_000)}
    job = {"image": "python:3.13", "batch": {"queue": "bulk"}, "environment": values}
    return {
        "batch": {
            "environments": {"cheap": {}},
            "queues": {"bulk": {"environments": ["cheap"]}},
        },
        "jobs": {"render": job},
    }


def test_a_job_that_no_job_definition_holds_is_told_how_much_one_does() -> None:
    assert Settings.parse(stack(20_000)).jobs
    with pytest.raises(SettingsError) as raised:
        Settings.parse(stack(24_000))
    (problem,) = raised.value.problems
    assert str(problem) == (
        "jobs.render: environment, secrets and command take 24180 bytes as JSON; a job definition "
        "of Batch holds 24576, and 4096 of them are the platform's own: keep long values in the "
        "image, a parameter or a bucket"
    )


def test_a_task_of_the_same_size_is_fine_elsewhere() -> None:
    given = stack(24_000)
    given["jobs"]["render"]["schedule"] = {"rate": "1 hour"}
    del given["jobs"]["render"]["batch"]
    assert Settings.parse(given).jobs


@pytest.mark.parametrize("weights", [{"team*": 1, "other": 1}, {"a": 1, "ab": 1}, {"a*": 2}])
def test_shares_that_dont_overlap_are_fine(weights: dict[str, float]) -> None:
    assert programs.section(FairShareSettings, {"weights": weights}).weights == weights


def test_a_job_of_batch_is_never_run_by_step_functions() -> None:
    given = stack(0)
    given["jobs"]["render"] |= {"timeout": 60, "retries": 9}
    job = Settings.parse(given).jobs["render"]
    assert (job.supervised, job.trigger) == ((), "batch")
