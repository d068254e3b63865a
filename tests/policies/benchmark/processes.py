"""What a process below this one uses (Linux's /proc; nothing is found where there is none)."""

import os
import threading
from pathlib import Path
from typing import Final

_SECONDS_BETWEEN_LOOKS: Final = 0.1


class PackWatch:
    """Looks, in a `with` block, what the policy pack's process uses.

    Attributes:
        memory: the most memory that it had, in MB.
        processor: how long it kept a core busy, in seconds.
    """

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
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # user and system time
