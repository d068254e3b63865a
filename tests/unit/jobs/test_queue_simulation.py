"""A simulated day of workers: what docs/guides/queue-scaling.md says of them holds."""

import pytest

from components.jobs.backlog import late_after
from components.settings.queue_worker import QueueTriggerSettings
from docs.queue_scaling import generate
from docs.queue_scaling.arrivals import arrivals
from docs.queue_scaling.simulation import by_backlog, by_cpu

TIMES = arrivals()
HOUR = 3_600


def workers(latency: int = 600, *, least: int = 0, most: int = 20) -> QueueTriggerSettings:
    return QueueTriggerSettings(
        name="pictures", seconds_per_message=10, latency=latency, min=least, max=most
    )


def test_the_page_is_current() -> None:
    assert generate.PAGE.read_text(encoding="utf-8") == generate.page(), (
        "write it with `make reference`"
    )


def test_the_day_is_the_same_each_time_and_another_seed_is_another_day() -> None:
    assert arrivals() == TIMES
    assert arrivals(1) != TIMES


def test_every_message_is_worked_on_for_as_long_as_it_takes() -> None:
    day = by_backlog(TIMES, workers())
    assert (len(day.waits), day.left) == (len(TIMES), 0)
    assert day.busy_seconds == 10 * len(TIMES)


@pytest.mark.parametrize("seed", range(1, 6))
def test_ten_minutes_are_held_for_nearly_all_messages_whatever_the_day(seed: int) -> None:
    assert by_backlog(arrivals(seed), workers(600, least=1)).part_within(600) > 0.95


@pytest.mark.parametrize("latency", [60, 300, 600, 1_800, 7_200])
@pytest.mark.parametrize("least", [0, 1])
def test_the_alarm_on_late_messages_is_silent_on_a_day_that_the_workers_master(
    latency: int, least: int
) -> None:
    for seed in range(1, 6):
        longest = max(by_backlog(arrivals(seed), workers(latency, least=least)).waits)
        assert longest + 10 < late_after(latency, 10)


def test_the_alarm_on_late_messages_rings_where_too_few_workers_may_run() -> None:
    longest = max(by_backlog(TIMES, workers(600, most=2)).waits)
    assert longest > late_after(600, 10)


def test_cpu_scaling_takes_almost_twice_the_tasks_that_ten_minutes_need() -> None:
    backlog = by_backlog(TIMES, workers())
    cpu = by_cpu(TIMES, workers(), cpu_at_work=100)
    assert 1.8 * backlog.task_seconds < cpu.task_seconds < 2 * backlog.task_seconds


def test_work_that_waits_for_others_never_scales_by_cpu() -> None:
    day = by_cpu(TIMES, workers(), cpu_at_work=50)
    assert day.most_tasks == 1
    assert day.left > len(TIMES) / 2


def test_the_first_message_after_a_night_waits_eighteen_minutes() -> None:
    day = by_backlog([10 * HOUR + 1], workers())
    assert 17 * 60 < day.waits[0] <= 18 * 60


def test_the_first_message_after_a_pause_waits_two_to_three_minutes() -> None:
    waits = [by_backlog([0, 2 * HOUR + second], workers()).waits[1] for second in range(0, 60, 7)]
    assert min(waits) > 2 * 60
    assert max(waits) <= 3 * 60


def test_without_messages_nothing_runs() -> None:
    assert by_backlog([], workers()).task_seconds == 0
    assert by_backlog([], workers(least=1)).task_seconds == 24 * HOUR


def test_the_last_task_stops_a_quarter_of_an_hour_after_the_queue_is_empty() -> None:
    day = by_backlog([60], workers())
    assert 15 * 60 <= day.task_seconds - day.busy_seconds <= 25 * 60


def test_a_single_long_message_keeps_its_task() -> None:
    """It would be tried again and again, were the task taken for idle while it works."""
    long = QueueTriggerSettings(name="films", seconds_per_message=2 * HOUR, latency=4 * HOUR, max=4)
    day = by_backlog([60], long)
    assert day.busy_seconds == 2 * HOUR
    assert day.most_tasks == 1


def test_no_more_tasks_run_than_the_most() -> None:
    assert by_backlog(TIMES, workers(300, most=7)).most_tasks == 7
