import io

import pytest

from sandbox.console import Console, paint
from tests.sandbox.runner.conftest import Terminal


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_a_terminal_shows_one_live_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.console._SECONDS_BETWEEN_LIVE_LINES", 0)
    terminal = Terminal()
    console = Console(terminal)
    console.progress("1 of 2")
    console.progress("2 of 2")
    console.say("done")
    assert terminal.getvalue() == "\r\x1b[2K1 of 2\r\x1b[2K2 of 2\r\x1b[2Kdone\n"


def test_a_live_line_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.console._SECONDS_BETWEEN_LIVE_LINES", 0)
    monkeypatch.setenv("COLUMNS", "20")
    terminal = Terminal()
    Console(terminal).progress("x" * 50)
    assert terminal.getvalue() == "\r\x1b[2K" + "x" * 19


def test_elsewhere_progress_is_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    console = Console(stream)
    console.progress("too early")
    monkeypatch.setattr("sandbox.console._SECONDS_BETWEEN_PLAIN_LINES", 0)
    console.progress("1 of 2")
    assert stream.getvalue() == "1 of 2\n"


def test_colours_are_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert paint("x", "red", Terminal()) == "\x1b[31mx\x1b[0m"
    assert paint("x", "red", io.StringIO()) == "x"
    monkeypatch.setenv("NO_COLOR", "1")
    assert paint("x", "red", Terminal()) == "x"


def test_a_dumb_terminal_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert paint("x", "red", Terminal()) == "x"
