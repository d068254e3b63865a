import json
import os
import signal
import socket
import subprocess

import pytest

from sandbox import recovery
from sandbox.errors import BusyError
from sandbox.layout import Layout
from sandbox.standins.record import Entry, Record
from sandbox.state import Resource

URN = "urn:pulumi:dev::tiny::aws:sqs/queue:Queue::"


def lock(layout: Layout, pid: int, host: str | None = None) -> None:
    folder = layout.state / ".pulumi" / "locks" / "organization" / "tiny" / "dev"
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"pid": pid, "hostname": host or socket.gethostname(), "username": "me"}
    (folder / f"{pid}.json").write_text(json.dumps(facts), encoding="utf-8")


def dead_pid() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def queue(name: str) -> Resource:
    return Resource(URN + name, "aws:sqs/queue:Queue", name, f"id-{name}", "", True, False)  # noqa: FBT003 - a record's fields


def test_what_a_killed_cli_had_begun_to_write_is_removed_and_nothing_else(layout: Layout) -> None:
    stacks = layout.state / ".pulumi" / "stacks" / "tiny"
    stacks.mkdir(parents=True)
    kept = ["dev.json", "dev.json.bak", "dev.json.bak.attrs", "other.json.12ab.tmp"]
    begun = ["dev.json.attrs", "dev.json.18eb4d89d5057702.tmp"]
    for name in (*kept, *begun):
        (stacks / name).write_text("" if name == "dev.json.attrs" else "{}", encoding="utf-8")
    recovery.remove_unfinished_files(layout, "tiny")
    assert sorted(file.name for file in stacks.iterdir()) == kept


def test_a_stack_without_locks_has_none(layout: Layout) -> None:
    assert recovery.stale_locks(layout, "tiny") == []


def test_the_lock_of_a_dead_process_is_stale(layout: Layout) -> None:
    pid = dead_pid()
    lock(layout, pid)
    assert [found.pid for found in recovery.stale_locks(layout, "tiny")] == [pid]


def test_the_lock_of_a_pid_that_is_another_program_now_is_stale(layout: Layout) -> None:
    lock(layout, os.getpid())
    assert len(recovery.stale_locks(layout, "tiny")) == 1


def test_the_lock_of_a_living_cli_is_respected(layout: Layout) -> None:
    cli = layout.root / "pulumi"
    cli.symlink_to("/bin/sleep")
    with subprocess.Popen([cli, "60"]) as process:
        try:
            lock(layout, process.pid)
            with pytest.raises(BusyError, match=rf"pid {process.pid}"):
                recovery.stale_locks(layout, "tiny")
        finally:
            process.kill()


def test_the_lock_of_a_cli_that_ended_unnoticed_is_stale(layout: Layout) -> None:
    """A killed CLI keeps its pid and name until somebody asks how it ended."""
    cli = layout.root / "pulumi"
    cli.symlink_to("/bin/sleep")
    process = subprocess.Popen([cli, "60"])
    lock(layout, process.pid)
    with pytest.raises(BusyError):
        recovery.stale_locks(layout, "tiny")
    os.kill(process.pid, signal.SIGKILL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    try:
        assert len(recovery.stale_locks(layout, "tiny")) == 1
    finally:
        process.wait()


def test_the_lock_of_another_host_is_respected(layout: Layout) -> None:
    lock(layout, 1, "elsewhere")
    with pytest.raises(BusyError, match=r"another host, elsewhere.*pulumi cancel --yes"):
        recovery.stale_locks(layout, "tiny")


def test_what_the_state_does_not_know_is_adoptable(layout: Layout) -> None:
    cloud = Record(layout.record)
    for name in ("known", "lost"):
        cloud.add(Entry(URN + name, "aws:sqs/queue:Queue", f"id-{name}", name))
    orphans = recovery.mark_orphans(layout, [queue("known")])
    assert [orphan.id for orphan in orphans] == ["id-lost"]
    assert {entry.id: entry.orphan for entry in cloud.entries()} == {
        "id-known": False,
        "id-lost": True,
    }


def test_down_drops_what_the_state_does_not_know(layout: Layout) -> None:
    cloud = Record(layout.record)
    cloud.add(Entry(URN + "lost", "aws:sqs/queue:Queue", "id-lost", "lost"))
    assert [one.id for one in recovery.drop_orphans(layout, [])] == ["id-lost"]
    assert cloud.entries() == []


def test_a_new_stack_has_no_cloud_to_recover(layout: Layout) -> None:
    assert recovery.mark_orphans(layout, []) == []
    assert not layout.record.exists()
