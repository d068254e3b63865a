"""The content of an image that is built from a folder, as a hash that tells it from any other."""

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from components.images.dockerignore import Pattern, is_ignored, parse

IGNORE_FILE: Final = ".dockerignore"
DIGITS: Final = 16
"""Hexadecimal digits of a hash: 64 bits, one accident in some billions of images."""


def content_hash(folder: Path, dockerfile: Path, recipe: Mapping[str, Any]) -> str:
    """Return the hash of all that decides what an image holds.

    That is the Dockerfile's text, the recipe, and of each file of the context that .dockerignore
    doesn't leave out its name, mode and bytes. Times and owners don't count, and neither do empty
    folders, which git doesn't keep either.

    Args:
        folder: the build context.
        dockerfile: the Dockerfile, in the context.
        recipe: whatever else decides the result, as JSON: arguments, target, platform.

    Raises:
        OSError: a file can't be read.
        ValueError: the ignore file isn't valid.
    """
    content = {
        "recipe": dict(recipe),
        "dockerfile": _digest(dockerfile),
        "files": [_entry(folder, name) for name in context_files(folder, dockerfile)],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:DIGITS]


def context_files(folder: Path, dockerfile: Path) -> list[str]:
    """Return the files and links that a build can see, sorted, as paths relative to the context.

    Raises:
        OSError: a folder can't be read.
        ValueError: the ignore file isn't valid.
    """
    patterns = ignore_patterns(folder, dockerfile)
    return sorted(name for name in _names(folder) if not is_ignored(name, patterns))


def ignore_patterns(folder: Path, dockerfile: Path) -> list[Pattern]:
    """Return the patterns of the Dockerfile's own ignore file, else of the context's.

    Raises:
        OSError: the file can't be read.
        ValueError: it isn't valid; the message names it.
    """
    for file in (dockerfile.with_name(dockerfile.name + IGNORE_FILE), folder / IGNORE_FILE):
        if file.is_file():
            try:
                return list(parse(file.read_text(encoding="utf-8")))
            except ValueError as error:
                raise ValueError(f"{file.relative_to(folder)}: {error}") from None
    return []


def _names(folder: Path) -> Iterator[str]:
    for where, folders, files in os.walk(folder, onerror=_raise):
        links = [name for name in folders if (Path(where) / name).is_symlink()]
        for name in (*files, *links):
            yield (Path(where) / name).relative_to(folder).as_posix()


def _raise(error: OSError) -> None:
    raise error


def _entry(folder: Path, name: str) -> list[Any]:
    """Return what of one file counts. Pipes and sockets count by their name alone."""
    file = folder / name
    mode = file.lstat().st_mode
    if stat.S_ISLNK(mode):
        # The builder takes the link, but docker-build looks at what it leads to as well.
        behind = _digest(file) if file.is_file() else None
        return [name, "link", str(file.readlink()), behind]
    return [name, stat.filemode(mode), _digest(file) if stat.S_ISREG(mode) else None]


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
