"""Writing generated pages."""

from collections.abc import Mapping
from pathlib import Path


def write(folder: Path, pages: Mapping[str, str]) -> None:
    """Write pages into a folder, and remove those of what is gone.

    Args:
        folder: holds these pages and no others.
        pages: texts by file name.
    """
    for file in folder.glob("*.md"):
        if file.name not in pages:
            file.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
