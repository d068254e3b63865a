"""One run on one stack: its lock, copies, CLI, stand-ins and engine, in the order they need."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from pulumi.automation.events import EngineEvent

from sandbox import (
    configuration,
    copies,
    environment,
    locks,
    recovery,
    rehearsal,
    standins_process,
    state,
)
from sandbox.command import Command
from sandbox.console import Console
from sandbox.engine import Engine
from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.outcome import Outcome
from sandbox.program import Program
from sandbox.pulumi_cli import PulumiCli
from sandbox.standins.record import Entry

_RUN_THE_PROGRAM = frozenset({"up", "preview"})


@dataclass
class Recovered:
    """What was left over of an interrupted run.

    Attributes:
        locks: Number of Pulumi locks that were cancelled.
        pending: Operations that had begun and not finished: type and URN.
        orphans: Resources in the stand-ins' cloud that the state did not know.
    """

    locks: int = 0
    pending: tuple[tuple[str, str], ...] = ()
    orphans: list[Entry] = field(default_factory=list)


class Session:
    """A stack, ready for the engine's operations.

    Args:
        layout: The stack's paths.
        engine: The engine.
        console: Where progress goes.
        recovered: What an earlier run had left over.
    """

    def __init__(
        self, layout: Layout, engine: Engine, console: Console, recovered: Recovered
    ) -> None:
        self.layout = layout
        self.engine = engine
        self.console = console
        self.recovered = recovered

    def preview(self) -> Outcome:
        """Preview with progress."""
        return self.engine.preview(_Progress(self.console, "previewing"))

    def up(self, planned: Outcome) -> Outcome:
        """Update with progress, counted against what the preview planned."""
        return self.engine.up(_Progress(self.console, "deploying", sum(planned.changes.values())))

    def refresh(self) -> Outcome:
        """Refresh with progress."""
        return self.engine.refresh(_Progress(self.console, "refreshing"))

    def destroy(self) -> Outcome:
        """Destroy with progress."""
        count = len(self.engine.state().resources)
        return self.engine.destroy(_Progress(self.console, "deleting", count))


class _Progress:
    """Turns engine events into a progress line."""

    def __init__(self, console: Console, verb: str, total: int = 0) -> None:
        self._console = console
        self._verb = verb
        self._total = total
        self._count = 0

    def __call__(self, event: EngineEvent) -> None:
        if started := event.resource_pre_event:
            self._count += not self._total
            of = f"{self._count}/{self._total}" if self._total else str(self._count)
            metadata = started.metadata
            name = state.name_of(metadata.urn)
            self._console.progress(f"{self._verb} {of}  {metadata.type} {name}")
        elif event.res_outputs_event and self._total:
            self._count = min(self._count + 1, self._total)
        elif event.summary_event:
            self._console.done()


@contextmanager
def opened(
    layout: Layout, verb: str, find_cli: Callable[[], PulumiCli], console: Console
) -> Iterator[Session]:
    """Hold the stack for one run: lock it, clear up after a killed run, start what it needs.

    Args:
        layout: The stack's paths.
        verb: What this run does.
        find_cli: Finds the Pulumi CLI; called with the lock held.
        console: Where progress goes.

    Raises:
        BusyError: Another run holds the stack.
        BadInputError: The project, the stack file or the pack can't be read, or the program
            refuses its settings.
        NoCliError: There is no Pulumi CLI.
    """
    settings = copies.load_stack(layout)
    project_file = copies.load_project(layout)
    given = configuration.read(layout.stack, project_file, settings)
    with ExitStack() as stack:
        stack.enter_context(locks.stack_lock(layout.folder, layout.stack, verb))
        copies.write_project(layout, project_file)
        recovery.end_leftover_processes(layout, console.say)
        recovery.remove_unfinished_files(layout, given.project)
        environment.prepare(layout)
        base = environment.clean(os.environ)
        stand_ins = stack.enter_context(standins_process.started(layout, base))
        program = Program(layout.root)
        if verb in _RUN_THE_PROGRAM:
            rehearsal.refuse_early(layout, program, given, base)  # while the stand-ins start
        cli = find_cli()
        copies.check_pack(layout, by_language_host=cli.has_language_host())
        stack.enter_context(environment.exactly(base))  # the program sees no more than the CLI
        variables = environment.for_cli(layout, cli.path, base)
        command = Command(cli.path, cli.version, variables, recovery.cli_lock(layout))
        engine = Engine(layout, given.project, command, program)
        engine.open()
        copies.write_stack(layout, settings, engine.encrypt)
        command.environment["PULUMI_DEBUG_PROVIDERS"] = stand_ins.providers()
        recovered = _recover(layout, given.project, engine, console)
        yield Session(layout, engine, console, recovered)


def _recover(layout: Layout, project: str, engine: Engine, console: Console) -> Recovered:
    stale = recovery.stale_locks(layout, project)
    if stale:
        console.say(f"An earlier run was killed (pid {stale[0].pid}): cancelling its lock.")
        engine.cancel()
    before = engine.state()
    orphans = recovery.mark_orphans(layout, before.resources)
    if orphans:
        names = ", ".join(f"{one.type} {state.name_of(one.urn)}" for one in orphans)
        console.say(
            f"An interrupted run created {len(orphans)} of these and could not record it; the next "
            f"create of each adopts it: {names}"
        )
    if before.pending:
        console.say(f"Clearing {len(before.pending)} operations that an interrupted run left open.")
        outcome = engine.refresh(lambda _: None, clear_pending_creates=True)
        if outcome.failed:
            raise SandboxError(f"They could not be cleared: {outcome.error}")
    return Recovered(len(stale), before.pending, orphans)
