"""Write docs/guides/queue-scaling.md from a simulated day: `make reference`."""

from collections.abc import Iterator
from pathlib import Path

from components.settings.queue_worker import QueueTriggerSettings
from docs.queue_scaling.arrivals import BURST_SECONDS, BURST_SIZES, BURSTS, SEED, arrivals
from docs.queue_scaling.simulation import Day, by_backlog, by_cpu

PAGE = Path(__file__).parents[1] / "guides" / "queue-scaling.md"
MARK = "<!-- Written by `make reference` from docs/queue_scaling/; changes here are lost. -->"
SECONDS_PER_MESSAGE, MOST = 10, 20
LATENCIES = (300, 600, 1_800)
HOUR = 3_600

TEXT = """{mark}

# A day of workers, simulated

How long messages wait and how many tasks are idle, when workers are scaled by backlog per task
([jobs](jobs.md#queue)) and when they are scaled by CPU, as services are by default.

The day has {messages} messages of {seconds} seconds of work each: none from 21 to 7 o'clock, up to
0.6 a second in office hours, and {bursts} bursts of {smallest} to {largest} within {burst_seconds}
seconds. At most {most} tasks run. It is the same day for all rows (random seed {seed}).

| Scaled by | Wait allowed | In time | 95 % wait at most | Longest wait | Task hours | Idle |
|---|---|---|---|---|---|---|
{rows}

*Idle* is the time in which tasks run and have no message.

- By CPU the wait isn't a setting: work that keeps a CPU busy gets almost twice the tasks that ten
  minutes of waiting need, and they never go to none. Work that waits for something else, such as
  another service's answer, stays below the target whatever waits: it is done by one task all day,
  and {left} messages are left at midnight.
- A short wait costs idle tasks: to answer a burst they start, and they stay until a quarter of an
  hour has been quiet. A long one uses the same tasks longer.
- The first message of the day waits {first} with `min: 0`, whatever is allowed: the queue was idle
  for more than six hours, so that SQS had stopped publishing metrics.
- Five minutes are held for {short} of the messages: scaling itself takes about as long. Half an
  hour is held for {long}, as a backlog at its limit means waits at theirs, and what scale-in takes
  away makes what already waits wait longer. Where nearly all have to be in time, ask for less than
  what you need.

## What it assumes

The expressions are the ones that the platform gives to CloudWatch, evaluated. Target tracking's
alarms take three minutes above the target and fifteen below nine tenths of it, which is how
Application Auto Scaling makes them today; AWS doesn't promise it. SQS' metrics are a minute late
and the number of running tasks two. A task takes a minute to start. After six idle hours SQS takes
fifteen minutes to publish again, the longest that is known. Nothing is interrupted by Spot. A task
at work is never stopped, as one that [protects itself](jobs.md#scale-in-and-deployments) isn't.
"""


def page() -> str:
    """Return the page."""
    times = arrivals()
    rows = list(_rows(times))
    _, by_io, _ = rows[-1]
    _, short, _ = rows[0]
    _, long, _ = rows[2 * LATENCIES.index(LATENCIES[-1])]
    return TEXT.format(
        mark=MARK,
        messages=f"{len(times):,}",
        seconds=SECONDS_PER_MESSAGE,
        bursts=BURSTS,
        smallest=BURST_SIZES[0],
        largest=BURST_SIZES[1],
        burst_seconds=BURST_SECONDS,
        most=MOST,
        seed=SEED,
        rows="\n".join(_row(*row) for row in rows),
        left=f"{by_io.left:,}",
        first=_minutes(short.waits[0]),
        short=_percent(short.part_within(LATENCIES[0])),
        long=_percent(long.part_within(LATENCIES[-1])),
    )


def _settings(latency: int, least: int) -> QueueTriggerSettings:
    return QueueTriggerSettings(
        name="pictures",
        seconds_per_message=SECONDS_PER_MESSAGE,
        latency=latency,
        min=least,
        max=MOST,
    )


def _rows(times: list[int]) -> Iterator[tuple[str, Day, int]]:
    """Yield what scales, its day and the wait that it is compared with."""
    for latency in LATENCIES:
        for least in (0, 1):
            yield f"backlog, min {least}", by_backlog(times, _settings(latency, least)), latency
    compared = LATENCIES[1]
    for name, cpu in (("CPU 60 %, work that takes all of it", 100), ("CPU 60 %, work of 50 %", 50)):
        yield name, by_cpu(times, _settings(compared, 1), cpu_at_work=cpu), compared


def _row(name: str, day: Day, latency: int) -> str:
    idle = day.task_seconds - day.busy_seconds
    cells = (
        name,
        _minutes(latency),
        _percent(day.part_within(latency)),
        _minutes(day.percentile(95)),
        _minutes(max(day.waits)),
        f"{day.task_seconds / HOUR:.0f}",
        f"{idle / HOUR:.0f} h ({_percent(idle / day.task_seconds)})",
    )
    return f"| {' | '.join(cells)} |"


def _minutes(seconds: int) -> str:
    return f"{seconds / 60:.0f} min" if seconds < 2 * HOUR else f"{seconds / HOUR:.0f} h"


def _percent(part: float) -> str:
    return f"{100 * part:.0f} %"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
