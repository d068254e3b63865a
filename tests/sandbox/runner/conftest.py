"""A small project, and programs that stand for the ones the sandbox starts."""

import io
import textwrap
from pathlib import Path

import pytest

from sandbox.console import Console
from sandbox.layout import Layout


class Said(Console):
    """A console that keeps what was said."""

    def __init__(self) -> None:
        self.text = io.StringIO()
        super().__init__(self.text)

    def __str__(self) -> str:
        return self.text.getvalue()


class Terminal(io.StringIO):
    """A stream on which a live line is drawn."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal that shows each change of the live line, however fast they come."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("sandbox.console._SECONDS_BETWEEN_LIVE_LINES", 0)
    return Terminal()


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """The dev stack of a project in a folder of its own."""
    root = tmp_path / "project"
    (root / "policies").mkdir(parents=True)
    (root / "Pulumi.yaml").write_text("name: tiny\nruntime: python\n", encoding="utf-8")
    (root / "Pulumi.dev.yaml").write_text("config:\n  size: 1\n", encoding="utf-8")
    (root / "policies" / "PulumiPolicy.yaml").write_text(
        "runtime:\n  name: python\n  options:\n    virtualenv: ../.venv\n", encoding="utf-8"
    )
    found = Layout.for_stack("dev", root)
    found.folder.mkdir(parents=True)
    return found


def write_script(path: Path, body: str) -> Path:
    """Write an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + textwrap.dedent(body), encoding="utf-8")
    path.chmod(0o755)
    return path
