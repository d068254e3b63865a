"""The metric math that workers of a queue are scaled by, evaluated."""

import pytest

from components.jobs.backlog import UNATTENDED, backlog, longest_update
from components.settings.queue_worker import QueueTriggerSettings
from docs.queue_scaling.metric_math import evaluate
from tests.unit.support import programs


def per_task(
    visible: float | None,
    hidden: float | None = None,
    running: float | None = None,
    last: float | None = None,
) -> float | None:
    now = {"visible": visible, "hidden": hidden, "running": running}
    return evaluate(backlog(60), now, {"running": last})


@pytest.mark.parametrize(
    ("seconds", "latency", "messages"), [(10, 600, 60), (0.5, 60, 120), (7, 60, 8.57), (60, 60, 1)]
)
def test_what_may_wait_for_a_task_is_the_latency_over_the_seconds_of_a_message(
    seconds: float, latency: int, messages: float
) -> None:
    given = {"name": "orders", "secondsPerMessage": seconds, "latency": latency}
    assert programs.section(QueueTriggerSettings, given).backlog_per_task == messages


def test_messages_that_wait_and_that_are_worked_on_are_divided_among_the_tasks() -> None:
    assert per_task(400, 4, running=4) == 101
    assert per_task(400, None, running=4) == 100


def test_a_last_message_at_work_keeps_one_task_and_no_more() -> None:
    """Target tracking multiplies the tasks by this over the target: one, from however many."""
    for running in (1, 2, 7):
        value = per_task(0, 1, running=running)
        assert value is not None
        assert running * value / 60 == pytest.approx(1)


def test_an_empty_queue_needs_no_task() -> None:
    assert per_task(0, None, running=3) == 0


def test_without_a_task_nothing_is_divided_by_zero() -> None:
    assert per_task(600, None, running=0) == 600


def test_the_last_number_of_tasks_holds_until_there_is_another() -> None:
    assert per_task(600, None, running=None, last=5) == 120


def test_without_any_number_of_tasks_there_is_no_value() -> None:
    assert per_task(600) is None


def test_a_queue_that_publishes_nothing_has_no_value() -> None:
    assert per_task(None, running=1) is None


def unattended(
    visible: float | None,
    *,
    hidden: float | None = None,
    received: float | None = None,
    empty: float | None = None,
) -> float | None:
    now = {"visible": visible, "hidden": hidden, "received": received, "empty": empty}
    return evaluate(UNATTENDED, now, {})


def test_messages_are_unattended_where_none_is_at_work_and_nobody_asks_for_any() -> None:
    assert unattended(7) == 7
    assert unattended(0) == 0


@pytest.mark.parametrize("sign", ["hidden", "received", "empty"])
def test_a_task_that_works_or_asks_attends_to_them(sign: str) -> None:
    assert unattended(7, **{sign: 1}) == 0


def test_nothing_is_known_of_a_queue_that_publishes_nothing() -> None:
    assert unattended(None) is None


def test_a_target_is_written_without_an_exponent() -> None:
    assert "86400000.00" in backlog(86_400_000)["backlog"]


@pytest.mark.parametrize(("seconds", "waits"), [(0.5, "28m"), (10, "28m"), (3_600, "207m")])
def test_an_update_waits_for_the_slowest_message(seconds: float, waits: str) -> None:
    assert longest_update(seconds) == waits
