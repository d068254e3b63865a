"""The program's refusal of its settings, found before any engine is started."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from sandbox import environment
from sandbox.configuration import Configuration
from sandbox.errors import BadInputError
from sandbox.layout import Layout
from sandbox.program import Program


def refuse_early(
    layout: Layout, program: Program, given: Configuration, base: Mapping[str, str]
) -> None:
    """Have the program read its settings before a CLI is looked for, let alone built.

    What it accepted once, it isn't asked again: then it is imported ahead, beside the CLI's start.

    Args:
        layout: The stack's paths.
        program: The program.
        given: The configuration that it finds.
        base: The environment that it sees.

    Raises:
        BadInputError: It refuses its settings.
    """
    fingerprint = _fingerprint(layout)
    if layout.rehearsed.exists() and layout.rehearsed.read_text(encoding="utf-8") == fingerprint:
        program.warm_up()
        return
    with environment.exactly(base):
        refusal = program.rehearse(given)
    if refusal is not None:
        raise BadInputError(refusal)
    layout.rehearsed.write_text(fingerprint, encoding="utf-8")


def _fingerprint(layout: Layout) -> str:
    """A hash of the stack's files, and of the state of the project's own Python files."""
    digest = hashlib.sha256()
    for file in (layout.root / "Pulumi.yaml", layout.stack_file):
        digest.update(file.read_bytes())
    for file in sorted(_own_files(layout.root)):
        found = file.stat()
        digest.update(f"{file} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _own_files(root: Path) -> Iterator[Path]:
    yield from root.glob("*.py")
    for folder in root.iterdir():
        if folder.is_dir() and not folder.name.startswith("."):
            yield from folder.rglob("*.py")
