"""The engine's operations on one stack, through Pulumi's Automation API."""

import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pulumi.automation import (
    CommandResult,
    ConfigValue,
    LocalWorkspace,
    OutputMap,
    Stack,
)
from pulumi.automation.errors import CommandError
from pulumi.automation.events import EngineEvent

from sandbox import copies, state
from sandbox.command import Command
from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.outcome import Outcome
from sandbox.program import Program

OnEvent = Callable[[EngineEvent], None]


class _Workspace(LocalWorkspace):
    """A workspace without the CLI calls that the sandbox can do without (0.4 s each)."""

    def select_stack(self, stack_name: str) -> None:
        """Nothing to do: every command names its stack."""

    def stack_outputs(self, stack_name: str) -> OutputMap:  # noqa: ARG002 - the base's signature
        """Nothing: outputs are read from the state, where secrets stay encrypted."""
        return {}


class Engine:
    """One stack on the real engine.

    Args:
        layout: The stack's paths.
        project: The project's name.
        command: The Pulumi CLI.
        program: The program.

    Attributes:
        command: The Pulumi CLI, for calls that the Automation API doesn't have.
    """

    def __init__(self, layout: Layout, project: str, command: Command, program: Program) -> None:
        self._layout = layout
        self._state_file = state.path_of(layout.state, project, layout.stack)
        self._program = program
        self.command = command
        self._workspace = _Workspace(
            work_dir=str(layout.folder), pulumi_command=command, program=program
        )

    def open(self) -> None:
        """Create the stack unless it exists."""
        create = not self._state_file.exists()
        opener = Stack.create if create else Stack.select
        with self._reporting("open the stack"):
            self._stack = opener(self._layout.stack, self._workspace)

    def state(self) -> state.State:
        """What the stack holds now."""
        return state.read(self._state_file) or state.State()

    def encrypt(self, value: str) -> None:
        """Have the CLI write a secret into the copy of the stack file; see `copies.write_stack`."""
        with self._reporting("encrypt a secret"):
            self._stack.set_config(copies.PLACEHOLDER_KEY, ConfigValue(value, secret=True))

    def preview(self, on_event: OnEvent) -> Outcome:
        """What an update would do, with the policy pack."""

        def run(listen: OnEvent) -> object:
            return self._stack.preview(json=True, on_event=listen, **self._pack())

        outcome = self._observe("preview", run, on_event)
        if self.command.last:
            outcome.digest = _digest(self.command.last.stdout)
        return outcome

    def up(self, on_event: OnEvent) -> Outcome:
        """Update the stack, with the policy pack; it does not preview first."""

        def run(listen: OnEvent) -> object:
            return self._stack.up(on_event=listen, show_secrets=False, **self._pack())

        return self._observe("up", run, on_event)

    def refresh(self, on_event: OnEvent, *, clear_pending_creates: bool = False) -> Outcome:
        """Take the state of the cloud over into the stack's state."""

        def run(listen: OnEvent) -> object:
            return self._stack.refresh(
                on_event=listen, show_secrets=False, clear_pending_creates=clear_pending_creates
            )

        return self._observe("refresh", run, on_event)

    def destroy(self, on_event: OnEvent) -> Outcome:
        """Delete everything in the stack."""

        def run(listen: OnEvent) -> object:
            return self._stack.destroy(on_event=listen, show_secrets=False)

        return self._observe("destroy", run, on_event)

    def cancel(self) -> None:
        """Remove the locks that a killed CLI left behind."""
        with self._reporting("cancel the lock of a killed run"):
            self._stack.cancel()

    @contextmanager
    def _reporting(self, purpose: str) -> Iterator[None]:
        """Turn the CLI's failure at something that isn't an operation into what a user reads.

        Raises:
            SandboxError: The CLI failed.
        """
        try:
            yield
        except CommandError as error:
            reason = _reason(self.command.last) or str(error)
            raise SandboxError(f"The Pulumi CLI could not {purpose}: {reason}") from None

    def _pack(self) -> dict[str, Any]:
        pack: dict[str, Any] = {"policy_packs": [str(self._layout.policies)], "color": "never"}
        if self._layout.policy_config:
            pack["policy_pack_configs"] = [str(self._layout.policy_config)]
        return pack

    def _observe(
        self, operation: str, run: Callable[[OnEvent], object], on_event: OnEvent
    ) -> Outcome:
        outcome = Outcome(operation)

        def listen(event: EngineEvent) -> None:
            outcome.take(event)
            on_event(event)

        try:
            with warnings.catch_warnings():
                # A CLI that was killed breaks its stream of events; that it was is said below.
                warnings.filterwarnings("ignore", message="Error in event stream")
                run(listen)
        except CommandError as error:
            outcome.error = _reason(self.command.last) or str(error)
        outcome.refusal = self._program.refusal
        return outcome


def _reason(result: CommandResult | None) -> str:
    if result is None:
        return ""
    if result.code < 0:
        return (
            f"The Pulumi CLI was killed (signal {-result.code}). Run the same command again: it "
            "clears up what was interrupted and goes on from there."
        )
    return str(result.stderr).strip().removeprefix("error: ")


def _digest(output: str) -> dict[str, Any]:
    start = output.find("{")
    return json.loads(output[start:]) if start >= 0 else {}
