"""The verbs that work on a stack: what each does, prints and returns."""

import json
import os
import sys
import time
from typing import Any

from sandbox import recovery, report, unchanged
from sandbox.console import paint
from sandbox.errors import Exit
from sandbox.invocation import command
from sandbox.outcome import Outcome
from sandbox.session import Session


class Printer:
    """Where a verb's result goes: text for people or one JSON document for machines.

    Args:
        as_json: Whether to print JSON.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._began = time.monotonic() - time.process_time()  # what the imports took belongs to it

    def lines(self, *lines: str) -> None:
        """Text, unless JSON was asked for."""
        if not self.as_json:
            _print("\n".join(lines))

    def document(self, document: dict[str, Any]) -> None:
        """The JSON document, if JSON was asked for."""
        if self.as_json:
            _print(json.dumps(document, indent=2, default=str))

    def seconds(self) -> float:
        """Seconds since the run began."""
        return round(time.monotonic() - self._began, 1)


def preview(session: Session, printer: Printer) -> Exit:
    """Show what an update would do, and what the policy pack says to it."""
    planned = session.preview()
    _warn(planned, session)
    printer.document(planned.digest | {"policies": planned.policies()})
    if planned.failed:
        return _failed(planned, session, printer)
    printer.lines(
        *report.steps(planned),
        f"Preview of {session.layout.stack}: {report.changes(planned)}.",
        *report.policies(planned),
    )
    return Exit.OK


def up(session: Session, printer: Printer) -> Exit:
    """Preview with the pack; if that passes and something would change, update."""
    planned = session.preview()
    done = planned
    if not planned.failed and unchanged.would_change(
        planned, session.engine.state(), session.layout
    ):
        session.console.say(f"Preview: {report.changes(planned)}. Deploying.")
        done = session.up(planned)
        if not done.failed:
            unchanged.note(session.layout)
    after = session.engine.state()
    _warn(done, session)
    printer.document(
        {
            "stack": session.layout.stack,
            "result": "failed" if done.failed else "unchanged" if done is planned else "updated",
            "preview": planned.digest,
            "changes": done.changes,
            "policies": done.policies(),
            "outputs": after.outputs,
            "recovered": _recovered(session),
            "diagnostics": [vars(said) for said in done.diagnostics],
            "seconds": printer.seconds(),
        }
    )
    if done.failed:
        return _failed(done, session, printer)
    changed = "nothing to change" if done is planned else report.changes(done)
    commands = {
        command(session.layout, "preview"): "after a change: what it would do",
        f"{command(session.layout, 'run')} pulumi stack --show-urns": "any command",
        command(session.layout, "down"): "delete everything again",
    }
    width = max(map(len, commands))
    printer.lines(
        *report.tree(after.resources),
        "",
        *report.policies(done),
        "",
        *report.outputs(after.outputs),
        "",
        f"{paint('Done', 'green', sys.stdout)} in {printer.seconds()} s: {changed}.",
        "Next:",
        *(f"   {words:{width}}   {purpose}" for words, purpose in commands.items()),
    )
    return Exit.OK


def refresh(session: Session, printer: Printer) -> Exit:
    """Take the state of the stand-ins' cloud over into the stack."""
    done = session.refresh()
    printer.document(
        {"stack": session.layout.stack, "changes": done.changes, "recovered": _recovered(session)}
    )
    if done.failed:
        return _failed(done, session, printer)
    counts = report.changes(done)
    printer.lines(f"Refreshed {session.layout.stack} in {printer.seconds()} s: {counts}.")
    return Exit.OK


def down(session: Session, printer: Printer) -> Exit:
    """Delete everything in the stack, and what the stand-ins' cloud holds besides."""
    done = session.destroy()
    after = session.engine.state()
    orphans = [] if done.failed else recovery.drop_orphans(session.layout, after.resources)
    dropped = [{"urn": one.urn, "type": one.type, "id": one.id} for one in orphans]
    printer.document(
        {
            "stack": session.layout.stack,
            "result": "failed" if done.failed else "deleted",
            "changes": done.changes,
            "droppedOrphans": dropped,
            "recovered": _recovered(session),
        }
    )
    if done.failed:
        return _failed(done, session, printer)
    printer.lines(
        *(f"Dropped {one.type} {one.id}, which the state did not know." for one in orphans),
        f"Deleted {session.layout.stack} in {printer.seconds()} s: {report.changes(done)}.",
    )
    return Exit.OK


def _print(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # The reader, such as head, has seen enough: what else there is to say goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _failed(outcome: Outcome, session: Session, printer: Printer) -> Exit:
    blocked = bool(outcome.blocking)
    if not blocked:
        session.console.say("\n".join(report.failure(outcome)))
    if outcome.refusal is not None:
        return Exit.BAD_INPUT
    if blocked:
        printer.lines(*report.policies(outcome))
        if outcome.operation == "preview":
            session.console.say("Stopped by the policy pack; nothing was created or changed.")
    return Exit.POLICY if blocked else Exit.FAILED


def _warn(outcome: Outcome, session: Session) -> None:
    for line in report.warnings(outcome):
        session.console.say(line)


def _recovered(session: Session) -> dict[str, Any]:
    found = session.recovered
    return {
        "locks": found.locks,
        "pendingOperations": [{"type": kind, "urn": urn} for kind, urn in found.pending],
        "orphans": [{"urn": one.urn, "type": one.type, "id": one.id} for one in found.orphans],
    }
