"""When messages arrive on a bursty day."""

from random import Random

DAY = 86_400
SEED = 26
BUSY = (
    (7 * 3_600, 0.02),
    (9 * 3_600, 0.5),
    (12 * 3_600, 0.25),
    (13 * 3_600, 0.6),
    (18 * 3_600, 0.05),
)
"""From which second of the day on how many messages arrive each second; none before the first."""
BUSY_UNTIL = 21 * 3_600
BURSTS = 8
BURST_SIZES = (150, 600)
BURST_SECONDS = 90


def arrivals(seed: int = SEED) -> list[int]:
    """Return the seconds of a day at which messages arrive, in order.

    Nothing at night, for longer than SQS goes on publishing; in the day a stream that follows
    office hours, and on top of it bursts, each within a minute and a half.
    """
    random = Random(seed)  # noqa: S311 - a simulation, the same each time
    times: list[int] = []
    ends = [start for start, _ in BUSY[1:]] + [BUSY_UNTIL]
    for (start, rate), end in zip(BUSY, ends, strict=True):
        at = float(start)
        while (at := at + random.expovariate(rate)) < end:
            times.append(int(at))
    for _ in range(BURSTS):
        begin = random.randrange(BUSY[1][0], BUSY[-1][0])
        size = random.randint(*BURST_SIZES)
        times += [begin + random.randrange(BURST_SECONDS) for _ in range(size)]
    return sorted(times)
