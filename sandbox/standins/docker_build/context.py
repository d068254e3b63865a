"""Build contexts on disk, relative to the folder that the engine runs in, as for the provider."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.standins.wire import Properties

_REMOTE = re.compile(r"(?:https?|git|ssh|oci-layout)://|git@|github\.com/|\S+\.git(?:#.*)?\Z")


def location(inputs: Properties) -> str:
    """Where the context is: a folder or an address; the current folder unless it is said."""
    return str((inputs.get("context") or {}).get("location") or ".")


def is_remote(place: str) -> bool:
    """Whether a context or a Dockerfile is fetched rather than read."""
    return _REMOTE.match(place) is not None


def dockerfile(inputs: Properties) -> dict[str, Any]:
    """The Dockerfile's settings, its place filled in where the context is a folder."""
    given = dict(inputs.get("dockerfile") or {})
    where = location(inputs)
    if not given.get("location") and not given.get("inline") and not is_remote(where):
        given["location"] = (Path(where) / "Dockerfile").as_posix()
    return given


def digest(inputs: Properties) -> str:
    """A hash of the Dockerfile and of the context.

    The real one leaves out what the ignore file names. Here a context with an ignore file counts by
    that file alone, so that files which no build sees never look like a change.
    """
    found = hashlib.sha256()
    named = dockerfile(inputs)
    text = Path(named["location"]) if named.get("location") else None
    found.update(text.read_bytes() if text and text.is_file() else b"")
    found.update(str(named.get("inline") or "").encode())
    folder = Path(location(inputs))
    ignore = folder / ".dockerignore"
    for file in [ignore] if ignore.is_file() else sorted(folder.rglob("*")):
        if file.is_file():
            mode = file.lstat().st_mode
            found.update(f"{file.relative_to(folder).as_posix()} {mode:o}\0".encode())
            found.update(file.read_bytes())
    return found.hexdigest()
