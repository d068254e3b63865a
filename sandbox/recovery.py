"""Clears up after a run that was killed, before the next one does anything else."""

import glob
import json
import os
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sandbox.errors import BusyError
from sandbox.invocation import command
from sandbox.layout import Layout
from sandbox.locks import ChildLock
from sandbox.standins import record
from sandbox.standins_process import lock_of
from sandbox.state import Resource

_PATIENCE = 10  # seconds, before each of: nothing, SIGINT, SIGKILL


@dataclass(frozen=True)
class PulumiLock:
    """A lock that the CLI keeps in its folder backend while it updates a stack.

    Attributes:
        path: Its file.
        host: The host name of the process that took it.
        pid: That process.
    """

    path: Path
    host: str
    pid: int


def end_leftover_processes(layout: Layout, say: Callable[[str], None]) -> None:
    """End the CLI and the stand-ins of a run whose own process was killed.

    Call it only while holding the stack's lock: then both can only be left-overs.
    """
    cli_lock(layout).end_holder(_PATIENCE, say, "the Pulumi CLI")
    lock_of(layout).end_holder(_PATIENCE, say, "the stand-ins' process")


def remove_unfinished_files(layout: Layout, project: str) -> None:
    """Remove what a killed CLI had begun to write in its folder backend.

    Beside each file the backend keeps one with attributes, `.attrs`, which it empties before it
    writes it: one that was left empty makes the file beside it unreadable, and one that is missing
    does no harm. The files themselves are written under another name, `.tmp`, and then renamed.

    Call it only while holding the stack's lock, when no CLI works on the stack any more.
    """
    backend = layout.state / ".pulumi"
    unfinished = [file for file in backend.rglob("*.attrs") if _is_empty(file)]
    unfinished += (backend / "stacks" / project).glob(f"{glob.escape(layout.stack)}.json.*.tmp")
    for file in unfinished:
        file.unlink(missing_ok=True)


def _is_empty(file: Path) -> bool:
    """Whether a file, which another stack's run may be deleting, is there and empty."""
    try:
        return file.stat().st_size == 0
    except FileNotFoundError:
        return False


def cli_lock(layout: Layout) -> ChildLock:
    """The lock that the CLI holds while it works on this stack."""
    return ChildLock(layout.folder / "cli.lock")


def stale_locks(layout: Layout, project: str) -> list[PulumiLock]:
    """The stack's Pulumi locks, all of them left behind by processes that are gone.

    Raises:
        BusyError: One belongs to a living process or to another host.
    """
    folder = layout.state / ".pulumi" / "locks" / "organization" / project / layout.stack
    locks = [_lock(file) for file in sorted(folder.glob("*.json"))]
    for lock in locks:
        if lock.host != socket.gethostname():
            raise BusyError(
                f"Stack {layout.stack} is locked by process {lock.pid} of another host, "
                f"{lock.host}. If that one is gone: {command(layout, 'run')} pulumi cancel --yes"
            )
        if _is_living_cli(lock.pid):
            raise BusyError(
                f"Stack {layout.stack} is locked by a Pulumi CLI (pid {lock.pid}) that the sandbox "
                f"did not start. Wait for it to end, or stop it with `kill -INT {lock.pid}`."
            )
    return locks


def mark_orphans(layout: Layout, resources: Iterable[Resource]) -> "list[record.Entry]":
    """Let the stand-ins' next create adopt what exists in their cloud but not in the state.

    Returns:
        What exists there unknown to the state.
    """
    if not layout.record.exists():
        return []
    known = {(resource.type, resource.id) for resource in resources if resource.custom}
    return record.Record(layout.record).mark_orphans(known)


def drop_orphans(layout: Layout, resources: Iterable[Resource]) -> "list[record.Entry]":
    """Forget what exists in the stand-ins' cloud but not in the state.

    Returns:
        What was forgotten.
    """
    orphans = mark_orphans(layout, resources)
    if orphans:
        cloud = record.Record(layout.record)
        for orphan in orphans:
            cloud.forget(orphan)
    return orphans


def _lock(file: Path) -> PulumiLock:
    facts = json.loads(file.read_text(encoding="utf-8"))
    return PulumiLock(file, str(facts["hostname"]), int(facts["pid"]))


def _is_living_cli(pid: int) -> bool:
    """Whether the pid is a process and, where that can be told, one of the Pulumi CLI.

    A lock file outlives its process, so its pid may long be another's.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it lives, and belongs to somebody else
        return True
    try:
        facts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:  # not Linux
        return True
    name, _, rest = facts.partition("(")[2].rpartition(")")
    return name == "pulumi" and rest.split()[0] != "Z"  # Z: ended, and nobody has asked how
