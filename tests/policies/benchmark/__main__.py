"""Preview stacks of several sizes on the real engine, with the pack and without, and say the ratio.

The smallest pack there can be is measured too: what it takes is Pulumi's and not the rules'.

Usage: python -m tests.policies.benchmark [RESOURCES ...]

Each size is a stack that doesn't exist yet (program.py), so all resources are created. The memory
of the pack's process is read from /proc, so it is 0 where there is none.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import pulumi_cli, session
from sandbox.console import Console
from sandbox.layout import Layout
from sandbox.outcome import Outcome

SIZES = (100, 1_000, 5_000)
ROUNDS = 3
"""How often each size is previewed with and without; the quickest counts, as others disturb."""
ROUNDS_OF_THE_LARGE = 1
LARGE = 2_000
ROOT = Path(__file__).parents[3]
PROGRAM = Path(__file__).with_name("program.py")
SMALLEST = Path(__file__).with_name("smallest_policies")
_SECONDS_BETWEEN_LOOKS = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """One preview.

    Attributes:
        seconds: how long it took.
        memory: the most memory that the pack's process had, in MB; 0 without a pack.
        processor: how long the pack's process kept a core busy, in seconds.
    """

    seconds: float
    memory: int
    processor: float


@dataclass(frozen=True)
class Row:
    """Previews of one size: the quickest of several each.

    Attributes:
        without: without a pack.
        smallest: with the smallest pack there can be.
        own: with this pack.
    """

    without: Measured
    smallest: Measured
    own: Measured


def measure(resources: int) -> Row:
    """Return previews of a stack that doesn't exist yet."""
    count = ROUNDS if resources < LARGE else ROUNDS_OF_THE_LARGE
    with tempfile.TemporaryDirectory() as folder, _opened(Path(folder), resources) as opened:
        _refuse_failure(opened.engine.preview(lambda _: None))
        rounds = [_round(opened) for _ in range(count)]
    return Row(
        without=min((each.without for each in rounds), key=_seconds),
        smallest=min((each.smallest for each in rounds), key=_seconds),
        own=min((each.own for each in rounds), key=_seconds),
    )


def _round(opened: session.Session) -> Row:
    return Row(
        without=_preview(opened, None),
        smallest=_preview(opened, SMALLEST),
        own=_preview(opened, opened.layout.policies),
    )


def _seconds(measured: Measured) -> float:
    return measured.seconds


@contextmanager
def _opened(root: Path, resources: int) -> Iterator[session.Session]:
    for folder in ("policies", "sandbox"):  # the stand-ins start in the project's folder
        (root / folder).symlink_to(ROOT / folder)
    (root / "__main__.py").write_text(PROGRAM.read_text(encoding="utf-8"), encoding="utf-8")
    (root / "Pulumi.yaml").write_text("name: bench\nruntime: python\n", encoding="utf-8")
    (root / "Pulumi.bench.yaml").write_text(
        f'config:\n  aws:region: eu-west-1\n  bench:resources: "{resources}"\n', encoding="utf-8"
    )
    layout = Layout.for_stack("bench", root)
    console = Console()
    with session.opened(layout, "preview", lambda: pulumi_cli.find(console), console) as opened:
        yield opened


def _preview(opened: session.Session, pack: Path | None) -> Measured:
    """Preview as the CLI does for a person, who doesn't have each of its events read as JSON.

    Of those the pack makes two for each resource, with the names of all of its rules; to read them
    in this process takes longer than to judge the resources.
    """
    engine: Any = opened.engine
    options = {"policy_packs": [str(pack)], "color": "never"} if pack else {}
    watch = _Watch()
    started = time.monotonic()
    with watch:
        engine._stack.preview(**options)
    return Measured(time.monotonic() - started, watch.memory, watch.processor)


def _refuse_failure(outcome: Outcome) -> None:
    if outcome.failed or not outcome.packs or outcome.blocking:
        said = [outcome.error, *(violation.message for violation in outcome.blocking[:3])]
        raise SystemExit("\n".join(str(each) for each in said))


class _Watch:
    """Looks what the process of the pack has used (Linux)."""

    def __init__(self) -> None:
        self.memory = 0
        self.processor = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        process: Path | None = None
        while not self._done.wait(_SECONDS_BETWEEN_LOOKS):
            try:
                process = process or _find()
                if process:
                    self.memory = max(self.memory, _peak(process))
                    self.processor = max(self.processor, _busy(process))
            except OSError:  # it has ended
                continue


def _find() -> Path | None:
    """Return the pack's process: Python that runs a policy pack, below this process."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            program, *arguments = (process / "cmdline").read_bytes().split(b"\0")
            runs_a_pack = any(b"policy" in argument for argument in arguments[:4])
            if b"python" in program and runs_a_pack and _is_below(process):
                return process
        except OSError:  # it has ended
            continue
    return None


def _is_below(process: Path) -> bool:
    parent = int(_fields(process)[1])
    if parent <= 1:
        return False
    return parent == os.getpid() or _is_below(Path(f"/proc/{parent}"))


def _fields(process: Path) -> list[str]:
    return (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def _peak(process: Path) -> int:
    lines = (process / "status").read_text(encoding="utf-8").splitlines()
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)


def _busy(process: Path) -> float:
    fields = _fields(process)
    return (int(fields[11]) + int(fields[12])) / _TICKS  # user and system time


def main(arguments: list[str]) -> None:
    """Print a row for each size."""
    measure(10)  # what is only done once, such as imports, isn't counted
    print(f"{os.cpu_count()} cores\n")
    print(
        "| Resources | Without a pack, s | Smallest pack, s | Ratio | This pack, s | Ratio "
        "| CPU for each, ms | MB |"
    )
    print("|-|-|-|-|-|-|-|-|")
    for size in [int(argument) for argument in arguments] or SIZES:
        row = measure(size)
        without, smallest, own = row.without.seconds, row.smallest.seconds, row.own.seconds
        print(
            f"| {size:,} | {without:.1f} | {smallest:.1f} | {smallest / without:.2f} "
            f"| {own:.1f} | {own / without:.2f} "
            f"| {row.own.processor / size * 1_000:.1f} | {row.own.memory} |",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
