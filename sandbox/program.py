"""Runs the project's ``__main__.py`` in this process, as the Automation API's inline program."""

import ast
import asyncio
import contextlib
import contextvars
import importlib
import io
import os
import runpy
import sys
import threading
from pathlib import Path
from typing import NoReturn

import pulumi
from pulumi.runtime import reset_options, set_all_config
from pulumi.runtime.settings import SETTINGS

from sandbox.configuration import Configuration


class Program:
    """The program, runnable several times in one process.

    Args:
        root: The project's folder.

    Attributes:
        refusal: The message of the `pulumi.RunError` that the last run ended with: Pulumi's way
            for a program to say that it was given something wrong.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._main = root / "__main__.py"
        self._runs = 0
        self.refusal: str | None = None

    def __call__(self) -> None:
        """Run it; a second run imports the project's own modules anew, as a process would."""
        if self._runs:
            self._forget_own_modules()
        self._runs += 1
        self.refusal = None
        os.chdir(self._root)
        try:
            runpy.run_path(str(self._main), run_name="__main__")
        except pulumi.RunError as error:
            self.refusal = str(error)
            raise

    def rehearse(self, configuration: Configuration) -> str | None:
        """Run it without an engine, up to the first answer that it needs from one.

        A program refuses its settings before it asks for anything, so that takes no CLI.

        Args:
            configuration: What it finds in `pulumi.Config`.

        Returns:
            Its refusal; none where it got as far as to need the engine, or failed otherwise, which
            the engine then shows.
        """
        contextvars.copy_context().run(self._rehearse, configuration)
        return self.refusal

    def _rehearse(self, configuration: Configuration) -> None:
        reset_options(project=configuration.project, stack=configuration.stack, preview=True)
        SETTINGS.monitor = _NoEngine()
        SETTINGS.engine = _Silent()
        set_all_config(dict(configuration.values), list(configuration.secrets))

        async def run() -> None:
            self()

        loop = asyncio.new_event_loop()
        loop.set_exception_handler(lambda *_: None)  # of what was begun and is given up here
        try:
            with (
                contextlib.suppress(Exception, _EngineNeededError),
                contextlib.redirect_stdout(io.StringIO()),  # it says it again to the engine
                contextlib.redirect_stderr(io.StringIO()),
            ):
                loop.run_until_complete(run())
        finally:
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    def warm_up(self) -> threading.Thread:
        """Start importing what the program imports, while the stand-ins and the CLI start."""
        thread = threading.Thread(target=self._import_all, name="imports", daemon=True)
        thread.start()
        return thread

    def _import_all(self) -> None:
        # What goes wrong here goes wrong again, visibly, when the program itself runs.
        with contextlib.suppress(Exception):
            tree = ast.parse(self._main.read_text(encoding="utf-8"))
            for node in tree.body:
                for module in _imports(node):
                    importlib.import_module(module)

    def _forget_own_modules(self) -> None:
        own = [
            name
            for name, module in sys.modules.items()
            if name.partition(".")[0] not in {"__main__", "sandbox"}
            and self._is_own(getattr(module, "__file__", None))
        ]
        for name in own:
            del sys.modules[name]

    def _is_own(self, file: str | None) -> bool:
        if not file or not (path := Path(file)).is_relative_to(self._root):
            return False
        return not path.relative_to(self._root).parts[0].startswith(".")  # .venv


class _EngineNeededError(BaseException):
    """Ends a rehearsal; no `except Exception` of the program's own may catch it."""


class _NoEngine:
    """Stands where the engine's resource monitor would be."""

    def __getattr__(self, name: str) -> NoReturn:
        raise _EngineNeededError(name)


class _Silent:
    """Stands where the engine's log would be: what is said here is said again to the engine."""

    def Log(self, request: object) -> None:  # noqa: N802 - the engine's name for it
        """Drop a message."""


def _imports(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []
