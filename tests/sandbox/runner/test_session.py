"""What the engine does becomes a line of progress."""

from collections.abc import Callable
from typing import cast

import pytest
from pulumi.automation.events import EngineEvent

from sandbox.console import Console
from sandbox.engine import Engine, OnEvent
from sandbox.layout import Layout
from sandbox.outcome import Outcome
from sandbox.session import Recovered, Session
from sandbox.state import Resource, State
from tests.sandbox.runner.conftest import Terminal

QUEUE = "aws:sqs/queue:Queue"
NAMES = ("jobs", "mail")
ERASE = "\r\x1b[2K"


def urn(name: str) -> str:
    return f"urn:pulumi:dev::tiny::{QUEUE}::{name}"


def event(name: str, kind: str) -> EngineEvent:
    """An event of one step, as the CLI writes it to its event log."""
    state = {"type": QUEUE, "urn": urn(name), "id": "", "parent": "", "provider": ""}
    metadata = {"op": "create", "urn": urn(name), "type": QUEUE, "provider": "", "new": state}
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, kind: {"metadata": metadata}})


SUMMARY = EngineEvent.from_json(
    {
        "sequence": 2,
        "timestamp": 1,
        "summaryEvent": {
            "maybeCorrupt": False,
            "durationSeconds": 1,
            "resourceChanges": {},
            "PolicyPacks": {},
        },
    }
)


class TwoQueues:
    """An engine that works on two queues, one after the other."""

    def state(self) -> State:
        queues = [
            Resource(urn(name), QUEUE, name, "q", "", custom=True, delete=False) for name in NAMES
        ]
        return State(resources=tuple(queues), outputs={})

    def preview(self, on_event: OnEvent) -> Outcome:
        return self._work(on_event)

    def up(self, on_event: OnEvent) -> Outcome:
        return self._work(on_event)

    def refresh(self, on_event: OnEvent) -> Outcome:
        return self._work(on_event)

    def destroy(self, on_event: OnEvent) -> Outcome:
        return self._work(on_event)

    def _work(self, on_event: OnEvent) -> Outcome:
        for name in NAMES:
            on_event(event(name, "resourcePreEvent"))
            on_event(event(name, "resOutputsEvent"))
        on_event(SUMMARY)
        return Outcome("any")


@pytest.mark.parametrize(
    ("work", "lines"),
    [
        (Session.preview, ["previewing 1", "previewing 2"]),
        (
            lambda session: session.up(Outcome("preview", changes={"create": 1, "same": 1})),
            ["deploying 0/2", "deploying 1/2"],
        ),
        (Session.refresh, ["refreshing 1", "refreshing 2"]),
        (Session.destroy, ["deleting 0/2", "deleting 1/2"]),
    ],
    ids=["preview", "up", "refresh", "down"],
)
def test_each_resource_that_the_engine_begins_is_shown_with_how_many_are_done(
    work: Callable[[Session], Outcome], lines: list[str], terminal: Terminal, layout: Layout
) -> None:
    engine = cast("Engine", TwoQueues())
    work(Session(layout, engine, Console(terminal), Recovered()))
    shown = [f"{line}  {QUEUE} {name}" for line, name in zip(lines, NAMES, strict=True)]
    assert terminal.getvalue() == ERASE + ERASE.join([*shown, ""])
