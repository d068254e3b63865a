"""What the user sees while it works: one live line on a terminal, plain lines elsewhere."""

import os
import shutil
import sys
import time
from typing import TextIO

_SECONDS_BETWEEN_PLAIN_LINES = 30
_SECONDS_BETWEEN_LIVE_LINES = 0.1
_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}


class Console:
    """Progress and messages on one stream.

    Args:
        stream: Where to write; stderr by default, so that stdout holds results only.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = is_terminal(self._stream)
        self._shown = False
        self._last = time.monotonic()

    def say(self, message: str) -> None:
        """A line that stays."""
        self._clear()
        print(message, file=self._stream, flush=True)
        self._last = time.monotonic()

    def progress(self, message: str) -> None:
        """A line that the next one replaces; off a terminal, one each half minute."""
        now = time.monotonic()
        if not self._live:
            if now - self._last >= _SECONDS_BETWEEN_PLAIN_LINES:
                self.say(message)
        elif now - self._last >= _SECONDS_BETWEEN_LIVE_LINES:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write("\r\x1b[2K" + message[:width])
            self._stream.flush()
            self._shown = True
            self._last = now

    def done(self) -> None:
        """Remove the live line."""
        self._clear()

    def _clear(self) -> None:
        if self._shown:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
            self._shown = False


def is_terminal(stream: TextIO) -> bool:
    """Whether a live line can be drawn there."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def paint(text: str, style: str, stream: TextIO) -> str:
    """The text in a colour, where the stream is a terminal and NO_COLOR is not set."""
    if os.environ.get("NO_COLOR") or not is_terminal(stream):
        return text
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"
