"""What Step Functions does with a job's task: the states, by the job's settings."""

from typing import Any

import pytest

from components.jobs.task_states import overrides, start_attempts, task_states
from components.settings import JobSettings
from components.settings.job import DeliverySettings
from tests.unit.support import programs

RUN_TASK = {"Cluster": "jobs", "TaskDefinition": "report:7"}
LIST_TASKS = {"Cluster": "jobs", "Family": "report"}


def states(*, partition: str = "aws", **settings: object) -> dict[str, Any]:
    given = {"image": programs.IMAGE, "schedule": {"rate": "1 hour"}, **settings}
    return dict(
        task_states(
            programs.section(JobSettings, given),
            partition=partition,
            run_task=RUN_TASK,
            list_tasks=LIST_TASKS,
        )
    )


def run(**settings: Any) -> dict[str, Any]:  # noqa: ANN401 - settings as a stack file gives them
    state: dict[str, Any] = states(**settings)["States"]["Run"]
    return state


def retried(error: str, **settings: Any) -> int:  # noqa: ANN401 - settings as a stack file has them
    """Return how often a task is started again, by Step Functions' rule: first match counts."""
    for retrier in run(**settings)["Retry"]:
        names = retrier["ErrorEquals"]
        if error in names or ("States.TaskFailed" in names and error != "States.Timeout"):
            attempts: int = retrier["MaxAttempts"]
            return attempts
    return 0


def test_it_waits_for_the_task_and_ends_with_it() -> None:
    state = run(timeout=600)
    assert state["Resource"] == "arn:aws:states:::ecs:runTask.sync"
    assert state["Parameters"] == RUN_TASK
    assert state["End"] is True
    assert "Catch" not in state, "a failed task fails the execution"


def test_integrations_are_those_of_the_partition() -> None:
    found = states(partition="aws-cn", concurrency=1)["States"]
    assert found["Run"]["Resource"] == "arn:aws-cn:states:::ecs:runTask.sync"
    assert found["Count"]["Resource"] == "arn:aws-cn:states:::aws-sdk:ecs:listTasks"


def test_a_task_is_stopped_after_its_timeout_and_has_none_unless_given() -> None:
    assert run(timeout=600)["TimeoutSeconds"] == 600
    assert "TimeoutSeconds" not in run(retries=1)


def test_a_failed_task_is_started_again_as_often_as_asked() -> None:
    assert retried("States.TaskFailed", retries=3) == 3
    assert retried("States.TaskFailed", timeout=600) == 0


def test_a_timeout_is_never_started_again() -> None:
    assert retried("States.Timeout", timeout=600, retries=9) == 0


def test_pauses_start_at_half_a_minute_and_double() -> None:
    for retrier in run(retries=3)["Retry"]:
        assert (retrier["IntervalSeconds"], retrier["BackoffRate"]) == (30, 2)
    to_start, after_failure = run(retries=3)["Retry"]
    assert to_start["MaxDelaySeconds"] == 600
    assert "MaxDelaySeconds" not in after_failure


@pytest.mark.parametrize("error", ["AmazonECS.Unknown", "ECS.AmazonECSException"])
def test_a_task_that_lacks_capacity_is_tried_as_long_as_delivery_says(error: str) -> None:
    assert retried(error, timeout=600) == 147
    assert retried(error, timeout=600, delivery={"attempts": 2}) == 2
    assert retried(error, retries=3, delivery={"attempts": 0}) == 0


@pytest.mark.parametrize(
    ("attempts", "max_age", "fit"),
    [
        (185, 60, 1),  # 30 seconds fit, 30 + 60 don't
        (185, 90, 2),
        (185, 930, 5),  # 30 + 60 + 120 + 240 + 480
        (185, 1_529, 5),
        (185, 1_530, 6),  # from here on 600 more for each
        (4, 86_400, 4),
        (0, 86_400, 0),
    ],
)
def test_tries_to_start_fit_into_the_age_that_delivery_gives(
    attempts: int, max_age: int, fit: int
) -> None:
    given = {"attempts": attempts, "maxAge": max_age}
    assert start_attempts(programs.section(DeliverySettings, given)) == fit


def test_without_a_limit_of_concurrency_nothing_is_counted() -> None:
    definition = states(timeout=600)
    assert definition["StartAt"] == "Run"
    assert set(definition["States"]) == {"Run"}


def test_with_a_limit_the_jobs_tasks_are_counted_before_the_start() -> None:
    definition = states(concurrency=3)
    count = definition["States"][definition["StartAt"]]
    assert count["Parameters"] == {**LIST_TASKS, "DesiredStatus": "RUNNING", "MaxResults": 100}
    assert count["ResultSelector"] == {
        "limit": 3,
        "running.$": "States.ArrayLength($.TaskArns)",
    }
    assert count["Next"] == "Limit"


def test_counting_is_tried_again_and_never_hangs() -> None:
    count = states(concurrency=3)["States"]["Count"]
    assert count["TimeoutSeconds"] == 60
    (retrier,) = count["Retry"]
    assert (retrier["ErrorEquals"], retrier["MaxAttempts"]) == (["States.TaskFailed"], 5)


@pytest.mark.parametrize(
    ("running", "then"), [(0, "Run"), (2, "Run"), (3, "Skipped"), (4, "Skipped")]
)
def test_a_start_beyond_the_limit_is_skipped(running: int, then: str) -> None:
    limit = states(concurrency=3)["States"]["Limit"]
    (rule,) = limit["Choices"]
    assert rule["Variable"] == "$.running"
    reached = running >= rule["NumericGreaterThanEquals"]
    assert (rule["Next"] if reached else limit["Default"]) == then


def test_a_skipped_start_ends_well_and_says_so() -> None:
    skipped = states(concurrency=3)["States"]["Skipped"]
    assert skipped["Type"] == "Succeed"
    assert "not started" in skipped["Comment"]


def test_settings_name_what_is_supervised_and_nothing_where_the_start_is_direct() -> None:
    given = {"image": programs.IMAGE, "schedule": {"rate": "1 hour"}}
    assert programs.section(JobSettings, {**given, "retries": 0}).supervised == ("schedule",)
    direct = {**given, "delivery": {"direct": True}}
    assert programs.section(JobSettings, direct).supervised == ()
    all_three = {"timeout": 60, "retries": 1, "concurrency": 1}
    assert programs.section(JobSettings, {**given, **all_three}).supervised == tuple(all_three)
    for elsewhere in (
        {"runtime": "eks", **given, "timeout": 60},
        {**given, "batch": {"queue": "q"}},
    ):
        assert programs.section(JobSettings, elsewhere).supervised == ()


@pytest.mark.parametrize(
    ("path", "found_at"),
    [
        ("$.detail.order.id", ".detail.order.id"),
        ("$.detail-type", "['detail-type']"),
        ("$.resources[0]", ".resources[0]"),
        ("$.detail.line-items[2].sku", ".detail['line-items'][2].sku"),
        ("$.detail.a/b.1st", ".detail['a/b']['1st']"),
    ],
)
def test_a_variable_is_the_text_of_one_field_of_the_input(path: str, found_at: str) -> None:
    assert overrides("report", {"V": path}) == {
        "ContainerOverrides": [
            {
                "Name": "report",
                "Environment": [
                    {"Name": "V", "Value.$": f"States.Format('{{}}', $$.Execution.Input{found_at})"}
                ],
            }
        ]
    }


@pytest.mark.parametrize(
    ("trigger", "asked"),
    [
        ({"lambda": {"request": True}}, ()),
        (
            {"event": {"pattern": {"source": ["shop"]}, "environment": {"V": "$.detail.v"}}},
            ("event.environment",),
        ),
        ({"objects": {"bucket": "uploads"}}, ("objects",)),
    ],
)
def test_variables_of_an_event_are_supervised_too(
    trigger: dict[str, Any], asked: tuple[str, ...]
) -> None:
    given = {"image": programs.IMAGE, **trigger}
    assert programs.section(JobSettings, given).supervised == asked
    retried = programs.section(JobSettings, {**given, "retries": 1})
    assert retried.supervised == (*asked, "retries")
