import sys
from pathlib import Path

import pulumi
import pytest

from sandbox.program import Program


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "leaky_state.py").write_text("runs = []\n", encoding="utf-8")
    (tmp_path / "__main__.py").write_text(
        "import json\nimport leaky_state\n"
        "leaky_state.runs.append(1)\n"
        "with open('log', 'a') as file: file.write(json.dumps(leaky_state.runs) + '\\n')\n",
        encoding="utf-8",
    )
    return Program(tmp_path)


def test_every_run_starts_from_the_same_modules(program: Program, tmp_path: Path) -> None:
    program()
    program()
    assert (tmp_path / "log").read_text(encoding="utf-8") == "[1]\n[1]\n"


def test_libraries_are_imported_once(program: Program) -> None:
    program()
    before = sys.modules["pulumi"]
    program()
    assert sys.modules["pulumi"] is before
    assert "sandbox.program" in sys.modules


def test_it_runs_in_the_projects_folder(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    program()
    assert (tmp_path / "log").exists()


def test_a_refusal_keeps_its_message(program: Program, tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text(
        "import pulumi\nraise pulumi.RunError('services.web.port: 0 given')\n", encoding="utf-8"
    )
    with pytest.raises(pulumi.RunError):
        program()
    assert program.refusal == "services.web.port: 0 given"
    (tmp_path / "__main__.py").write_text("", encoding="utf-8")
    program()
    assert program.refusal is None


def test_what_it_imports_is_imported_ahead(program: Program) -> None:
    program.warm_up().join()
    assert "leaky_state" in sys.modules


def test_a_program_that_cannot_be_imported_ahead_fails_when_it_runs(
    program: Program, tmp_path: Path
) -> None:
    (tmp_path / "__main__.py").write_text("import no_such_module\n", encoding="utf-8")
    program.warm_up().join()
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        program()
