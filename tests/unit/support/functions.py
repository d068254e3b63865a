"""Functions of AWS Lambda under test: their packages as Lambda unpacks them, and its context."""

from pathlib import Path
from typing import Any

from tests.unit.support.engine import Recorder, Registration

FUNCTION = "aws:lambda/function:Function"


class Context:
    """What Lambda tells a function of its call."""

    def __init__(self, request: str = "request-1", seconds: float = 30) -> None:
        self.aws_request_id = request
        self.seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


def function(run: Recorder, name: str) -> Registration:
    """Return a function by its resource's name."""
    return run.one(FUNCTION, name)


def unpack(given: Registration, folder: Path) -> Path:
    """Write a function's package into a folder, as Lambda does."""
    files: dict[str, Any] = given.inputs["code"]["assets"]
    for path, asset in files.items():
        if isinstance(asset, dict):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(asset["text"], encoding="utf-8")
    return folder
