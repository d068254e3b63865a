"""The first thing that `make up` does shows what it is at."""

import sys
from pathlib import Path

import pytest

from sandbox import requirements
from tests.sandbox.runner.conftest import Terminal, write_script


@pytest.mark.parametrize("code", [0, 1])
def test_an_installation_shows_what_pip_is_at(
    code: int, terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip = write_script(tmp_path / "python", f"echo Collecting a; echo Collecting b; exit {code}\n")
    monkeypatch.setattr(sys, "executable", str(pip))
    monkeypatch.setattr(sys, "stderr", terminal)
    assert requirements.main("requirements-dev.txt") == code
    for line in ("Collecting a", "Collecting b"):
        assert f"\r\x1b[2K{line}\r" in terminal.getvalue()
