"""Previews by the Pulumi CLI as a person's are: no events are written, nor read as JSON."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from sandbox import pulumi_cli, session
from sandbox.console import Console
from sandbox.layout import Layout
from tests.policies.benchmark.processes import PackWatch
from tests.policies.benchmark.stacks import ROOT, STACK

_CREATED: Final = re.compile(r"^ +\+ (\d+) to create$", re.MULTILINE)


@dataclass(frozen=True)
class Measured:
    """One preview.

    Attributes:
        seconds: how long it took, from the program's process on.
        resources: how many it would create, components among them.
        memory: the most memory that the pack's process had, in MB; 0 without a pack.
        processor: how long the pack's process kept a core busy, in seconds.
    """

    seconds: float
    resources: int
    memory: int
    processor: float


class Previews:
    """Previews of one project in the sandbox.

    Args:
        opened: the sandbox's session.
    """

    def __init__(self, opened: session.Session) -> None:
        self._folder = opened.layout.folder
        self._root = opened.layout.root
        self._cli = opened.engine.command.command
        self._environment = opened.engine.command.environment

    def measure(self, pack: Path | None) -> Measured:
        """Preview once, with a pack or without."""
        watch = PackWatch()
        started = time.monotonic()
        with watch, self._served() as port:
            arguments = ["--stack", STACK, "--color", "never"]
            arguments += [f"--client=127.0.0.1:{port}", "--exec-kind", "auto.inline"]
            arguments += ["--policy-pack", str(pack)] if pack else []
            done = subprocess.run(
                [self._cli, "--non-interactive", "preview", *arguments],
                cwd=self._folder,
                env=self._environment,
                capture_output=True,
                text=True,
                check=False,
            )
            seconds = time.monotonic() - started
        created = _CREATED.search(done.stdout)
        if done.returncode or not created:
            raise SystemExit(f"{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return Measured(seconds, int(created[1]), watch.memory, watch.processor)

    @contextmanager
    def _served(self) -> Iterator[str]:
        """Serve the program in a process of its own while a preview needs it."""
        with subprocess.Popen(
            [sys.executable, "-m", "tests.policies.benchmark.host", self._root / "__main__.py"],
            cwd=self._root,
            env={**self._environment, "PYTHONPATH": f"{self._root}:{ROOT}"},
            stdout=subprocess.PIPE,
            text=True,
        ) as host:
            try:
                yield host.stdout.readline().strip() if host.stdout else ""
            finally:
                host.kill()


@contextmanager
def opened(make: Callable[[Path, int], None], resources: int) -> Iterator[Previews]:
    """Make a project, of a stack that doesn't exist yet, and open it in the sandbox."""
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), resources)
        layout = Layout.for_stack(STACK, Path(folder))
        find_cli = partial(pulumi_cli.find, console)
        with session.opened(layout, "preview", find_cli, console) as ready:
            yield Previews(ready)
