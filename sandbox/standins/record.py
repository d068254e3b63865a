"""The stand-ins' own record of their cloud: what exists, whatever Pulumi's state says.

It outlives any process, so a create that was interrupted before Pulumi wrote it down is found
again instead of doubled. No property value is ever kept in it.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIX = re.compile(r"-[0-9a-f]{7,8}\Z")  # what automatic names end in
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    urn TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
    orphan INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (type, id, urn)
);
CREATE INDEX IF NOT EXISTS by_urn ON entries (urn);
CREATE INDEX IF NOT EXISTS by_name ON entries (type, name);
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


@dataclass(frozen=True)
class Entry:
    """One resource that exists in the stand-in cloud.

    Attributes:
        urn: the resource's URN at its creation.
        type: type token, such as ``aws:sqs/queue:Queue``.
        id: the provider's id.
        name: what must be unique within the type, such as a role's name; empty if nothing must.
        orphan: whether Pulumi's state doesn't know it, so that the next create may adopt it.
    """

    urn: str
    type: str
    id: str
    name: str = ""
    orphan: bool = False


class Record:
    """A record in a SQLite file, usable from several threads and processes at once.

    It survives the kill of any process (not a loss of power: writes aren't forced to the disk).

    Args:
        path: the file; created, with its folder, if absent.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def entries(self) -> list[Entry]:
        """Everything that exists, in the order of creation."""
        return self._select("ORDER BY rowid")

    def find(self, type_: str, id_: str) -> Entry | None:
        """The resource of this type and id, if it exists."""
        return next(iter(self._select("WHERE type = ? AND id = ?", type_, id_)), None)

    def named(self, type_: str, name: str) -> Entry | None:
        """The resource of this type that holds the name, if there is one."""
        return next(iter(self._select("WHERE type = ? AND name = ?", type_, name)), None)

    def add(self, entry: Entry) -> None:
        """Write down that a resource exists; the same one again is overwritten."""
        self._write(
            "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?)",
            entry.urn, entry.type, entry.id, entry.name, entry.orphan,
        )  # fmt: skip

    def rename(self, type_: str, id_: str, name: str) -> None:
        """Write down that a resource has another name now."""
        self._write("UPDATE entries SET name = ? WHERE type = ? AND id = ?", name, type_, id_)

    def forget(self, entry: Entry) -> None:
        """Write down that a resource no longer exists; no error if it never did.

        A resource that was renamed in the program is found by type, id and name alone.
        """
        same = "DELETE FROM entries WHERE type = ? AND id = ? AND name = ?"
        if not self._write(f"{same} AND urn = ?", entry.type, entry.id, entry.name, entry.urn):
            self._write(same, entry.type, entry.id, entry.name)

    def mark_orphans(self, known_ids: set[tuple[str, str]]) -> list[Entry]:
        """Make adoptable what Pulumi's state doesn't know, and nothing else.

        Args:
            known_ids: (type, id) of each resource in the state.

        Returns:
            The entries that the next create of the same URN adopts.
        """
        for entry in self.entries():
            orphan = (entry.type, entry.id) not in known_ids
            if orphan != entry.orphan:
                self._write(
                    "UPDATE entries SET orphan = ? WHERE type = ? AND id = ? AND urn = ?",
                    orphan, entry.type, entry.id, entry.urn,
                )  # fmt: skip
        return self._select("WHERE orphan = 1 ORDER BY rowid")

    def adopt(self, urn: str, type_: str, name: str) -> Entry | None:
        """Take over an adoptable resource of this URN, clearing its flag.

        Args:
            urn: the URN being created.
            type_: its type token.
            name: its name; one that differs in more than a random suffix is another resource.

        Returns:
            The entry under its new name, or None if there is nothing to adopt.
        """
        found = self._select("WHERE urn = ? AND type = ? AND orphan = 1 ORDER BY rowid", urn, type_)
        same = [e for e in found if _SUFFIX.sub("", e.name) == _SUFFIX.sub("", name)]
        if not same:
            return None
        entry = Entry(urn, type_, same[-1].id, name)
        self.add(entry)
        return entry

    def next_number(self, counter: str) -> int:
        """The next number of a counter, from 1 on: a number never comes back."""
        with (
            self._lock,
            closing(
                self._db.execute(
                    "INSERT INTO counters VALUES (?, 1) "
                    "ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
                    (counter,),
                )
            ) as cursor,
        ):
            return int(cursor.fetchone()[0])

    def _select(self, condition: str, *values: str) -> list[Entry]:
        query = f"SELECT urn, type, id, name, orphan FROM entries {condition}"  # noqa: S608 - constant
        with self._lock, closing(self._db.execute(query, values)) as cursor:
            return [Entry(u, t, i, n, bool(orphan)) for u, t, i, n, orphan in cursor]

    def _write(self, statement: str, *values: object) -> int:
        with self._lock, closing(self._db.execute(statement, values)) as cursor:
            return cursor.rowcount
