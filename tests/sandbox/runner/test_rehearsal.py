import os
from pathlib import Path

import pytest

from sandbox.configuration import Configuration
from sandbox.errors import BadInputError
from sandbox.layout import Layout
from sandbox.program import Program
from sandbox.rehearsal import refuse_early

PROGRAM = """
import pulumi
open("runs", "a").write("x")
if pulumi.Config().get("size") == "0":
    raise pulumi.RunError("size: 0 given")
"""


@pytest.fixture
def runs(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(layout.root)
    (layout.root / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    return layout.root / "runs"


def ask(layout: Layout, size: str = "1") -> None:
    given = Configuration("tiny", "dev", {"tiny:size": size})
    refuse_early(layout, Program(layout.root), given, dict(os.environ))


def test_what_was_accepted_is_not_asked_again(layout: Layout, runs: Path) -> None:
    ask(layout)
    ask(layout)
    assert runs.read_text(encoding="utf-8") == "x"


@pytest.mark.parametrize("file", ["Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py", "parts/own.py"])
def test_a_change_of_settings_or_program_is(layout: Layout, runs: Path, file: str) -> None:
    ask(layout)
    changed = layout.root / file
    changed.parent.mkdir(exist_ok=True)
    with changed.open("a", encoding="utf-8") as opened:
        opened.write("\n# changed\n")
    ask(layout)
    assert runs.read_text(encoding="utf-8") == "xx"


def test_a_refusal_is_told_each_time(layout: Layout, runs: Path) -> None:
    for _ in range(2):
        with pytest.raises(BadInputError, match="size: 0 given"):
            ask(layout, size="0")
    assert runs.read_text(encoding="utf-8") == "xx"
