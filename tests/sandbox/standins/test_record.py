from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING

from sandbox.standins.record import Entry, Record

if TYPE_CHECKING:
    from pathlib import Path

ROLE = "aws:iam/role:Role"
URN = "urn:pulumi:dev::p::aws:iam/role:Role::web"


def _write_and_die(path: Path) -> None:
    Record(path).add(Entry(URN, ROLE, "web", "web"))
    multiprocessing.current_process().kill()


def test_entries_come_in_the_order_of_creation(record: Record) -> None:
    first, second = Entry(URN, ROLE, "b", "b"), Entry(URN, ROLE, "a", "a")
    record.add(first)
    record.add(second)
    assert record.entries() == [first, second]


def test_a_killed_process_leaves_its_entries(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    process = multiprocessing.get_context("spawn").Process(target=_write_and_die, args=(path,))
    process.start()
    process.join()
    assert process.exitcode != 0
    assert [entry.id for entry in Record(path).entries()] == ["web"]


def test_what_the_state_does_not_know_becomes_adoptable_and_nothing_else(record: Record) -> None:
    record.add(Entry(URN, ROLE, "known"))
    record.add(Entry(URN, ROLE, "unknown"))
    assert [entry.id for entry in record.mark_orphans({(ROLE, "known")})] == ["unknown"]
    assert [entry.orphan for entry in record.entries()] == [False, True]


def test_what_the_state_knows_again_is_no_longer_adoptable(record: Record) -> None:
    record.add(Entry(URN, ROLE, "web"))
    record.mark_orphans(set())
    assert record.mark_orphans({(ROLE, "web")}) == []
    assert record.adopt(URN, ROLE, "") is None


def test_a_live_entry_is_never_adopted(record: Record) -> None:
    record.add(Entry(URN, ROLE, "web", "web"))
    assert record.adopt(URN, ROLE, "web") is None


def test_an_orphan_is_adopted_once_and_only_by_its_urn(record: Record) -> None:
    record.add(Entry(URN, ROLE, "web", "web"))
    record.mark_orphans(set())
    assert record.adopt(f"{URN}2", ROLE, "web") is None
    adopted = record.adopt(URN, ROLE, "web")
    assert adopted == Entry(URN, ROLE, "web", "web", orphan=False)
    assert record.adopt(URN, ROLE, "web") is None


def test_an_orphan_with_another_explicit_name_is_another_resource(record: Record) -> None:
    record.add(Entry(URN, ROLE, "web", "web"))
    record.mark_orphans(set())
    assert record.adopt(URN, ROLE, "api") is None


def test_an_automatic_name_may_differ_in_its_random_suffix(record: Record) -> None:
    record.add(Entry(URN, ROLE, "web-0123abc", "web-0123abc"))
    record.mark_orphans(set())
    adopted = record.adopt(URN, ROLE, "web-def4567")
    assert adopted is not None
    assert (adopted.id, adopted.name) == ("web-0123abc", "web-def4567")


def test_forgetting_twice_is_no_error(record: Record) -> None:
    entry = Entry(URN, ROLE, "web", "web")
    record.add(entry)
    record.forget(entry)
    record.forget(entry)
    assert record.entries() == []


def test_an_entry_is_forgotten_by_the_new_urn_of_a_renamed_resource(record: Record) -> None:
    record.add(Entry(URN, ROLE, "web", "web"))
    record.forget(Entry(f"{URN}-renamed", ROLE, "web", "web"))
    assert record.entries() == []


def test_a_number_never_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    assert [Record(path).next_number("web") for _ in range(3)] == [1, 2, 3]
    assert Record(path).next_number("other") == 1
