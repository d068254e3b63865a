"""Preview stacks of several sizes on the real engine, with the pack and without, and say the ratio.

The smallest pack there can be is measured too: what it takes is Pulumi's and not the rules'.

Usage: python -m tests.policies.benchmark [--stack platform|bare] [--rounds N] [RESOURCES ...]

Two kinds of stack: `platform`, this repository's program with as many workloads as make about as
many resources; and `bare`, a program that does nothing but register resources, so that a pack's
share can't be larger. No stack exists yet, so all resources are created.
"""

import argparse
import os
from pathlib import Path

from tests.policies.benchmark import previews, stacks
from tests.policies.benchmark.previews import Measured

SIZES = (100, 1_000, 5_000)
ROUNDS = 3
"""How often each size is previewed each way; the quickest counts, as others disturb."""
SMALLEST = Path(__file__).with_name("smallest_policies")
OWN = stacks.ROOT / "policies"
HEADER = """\
| Stack | Resources | Without a pack, s | Smallest pack, s | Ratio | This pack, s | Ratio \
| CPU for each, ms | MB |
|-|-|-|-|-|-|-|-|-|"""


def row(kind: str, size: int, count: int) -> str:
    """Measure a stack of a kind and size, in several rounds; return a row of the table."""
    with previews.opened(stacks.STACKS[kind], size) as opened:
        opened.measure(OWN)  # what is only done once, such as compiling modules, isn't counted
        rounds = [[opened.measure(pack) for pack in (None, SMALLEST, OWN)] for _ in range(count)]
    without, smallest, own = (min(each, key=_seconds) for each in zip(*rounds, strict=True))
    return (
        f"| {kind} | {own.resources:,} | {without.seconds:.1f} "
        f"| {smallest.seconds:.1f} | {smallest.seconds / without.seconds:.2f} "
        f"| {own.seconds:.1f} | {own.seconds / without.seconds:.2f} "
        f"| {own.processor / own.resources * 1_000:.1f} | {own.memory} |"
    )


def _seconds(measured: Measured) -> float:
    return measured.seconds


def main() -> None:
    """Print a row for each kind and size."""
    parser = argparse.ArgumentParser(prog="python -m tests.policies.benchmark")
    parser.add_argument("--stack", choices=list(stacks.STACKS), action="append")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("resources", type=int, nargs="*")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores\n\n{HEADER}", flush=True)
    for kind in options.stack or stacks.STACKS:
        for size in options.resources or SIZES:
            print(row(kind, size, options.rounds), flush=True)


if __name__ == "__main__":
    main()
