"""How a person calls the sandbox, in words that work when they are typed where they are read."""

import os
import shlex
import shutil
import sys
from pathlib import Path

from sandbox.layout import Layout

_WITH_PACK = frozenset({"preview", "up"})


def program() -> str:
    """The start of a command line: the interpreter that runs now, as the user's shell finds it.

    `make` runs the sandbox by the virtual environment's interpreter, which isn't on PATH unless
    the user has activated it; any other one may lack the packages.
    """
    return f"{shlex.quote(_interpreter())} -m sandbox"


def command(layout: Layout, verb: str) -> str:
    """A command line for a stack.

    Args:
        layout: The stack's paths.
        verb: What to do.
    """
    rules = ""
    if layout.policy_config and verb in _WITH_PACK:
        rules = f" --policy-pack-config {_quoted(layout.policy_config)}"
    return f"{program()} {verb}{_choice(layout)}{rules}"


def _interpreter() -> str:
    if shutil.which("python") == sys.executable:
        return "python"
    beside = Path(os.path.relpath(sys.executable))
    return sys.executable if beside.parts[:1] == ("..",) else str(beside)


def _choice(layout: Layout) -> str:
    """What chooses the stack; nothing for the default one."""
    if layout.stack_file != Layout.for_stack(layout.stack, layout.root).stack_file:
        return f" --config {_quoted(layout.stack_file)}"
    return "" if layout.stack == "dev" else f" --stack {layout.stack}"


def _quoted(file: Path) -> str:
    return shlex.quote(os.path.relpath(file))
