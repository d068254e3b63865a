"""Mutants of what every rule goes through: they stand in a copy of the pack, where its tests run.

A rule's mutant is tried among the pack's own modules (`survivors`). What runs all rules, reads
configurations and prints findings is used by the tests themselves, and by processes that they
start, so here the pack is copied and pytest is run on the copy, in a fork for each mutant.
"""

import marshal
import os
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType
from typing import Final

import pytest
from hypothesis import settings

from tests.policies.protocol import PACK_FOLDER

HOLDING: Final[Mapping[str, Sequence[str]]] = {
    "core": (
        "test_wire.py",
        "test_values.py",
        "test_json_text.py",
        "test_sdk.py",
        "test_configuration.py",
        "test_pack.py",
        "test_parameters.py",
        "test_conversion.py",
        "test_remedies.py",
        "test_task_groups.py",
        "test_costs.py",
        "test_rules.py",
    ),
    "check": ("test_check_formats.py", "test_check_configuration.py", "test_check.py"),
}
"""The tests of each folder, the quickest first."""

_ROOT: Final = PACK_FOLDER.parent
_COPIED: Final = ("components", "examples", "policies", "sandbox", "tests", "pyproject.toml")
_OWN: Final = ("check", "components", "fargate_policies", "sandbox", "tests")
_SECONDS: Final = 600
"""After which a mutant that never ends counts as noticed."""


@contextmanager
def copy() -> Iterator[Path]:
    """Yield a folder with a copy of the pack and its tests."""
    with TemporaryDirectory() as name:
        for each in _COPIED:
            source, target = _ROOT / each, Path(name, each)
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(source, target)
        yield Path(name)


@contextmanager
def changed(folder: Path, file: Path, code: CodeType) -> Iterator[None]:
    """Put other code in the place of one of the pack's files in a copy."""
    source = folder / file.relative_to(_ROOT)
    text = source.read_bytes()
    compiled = source.with_suffix(".pyc")
    source.unlink()
    compiled.write_bytes(MAGIC_NUMBER + bytes(12) + marshal.dumps(code))
    try:
        yield
    finally:
        compiled.unlink()
        source.write_bytes(text)


def noticed(folder: Path, file: Path, code: CodeType, tests: Sequence[str]) -> bool:
    """Whether a test fails in a copy with other code in a file's place."""
    with changed(folder, file, code):
        return fails(folder, tests)


def fails(folder: Path, tests: Sequence[str]) -> bool:
    """Whether a test fails in a copy, of some files in tests/policies."""
    child = os.fork()
    if child == 0:
        try:
            os._exit(_run(folder, tests))
        finally:
            os._exit(1)  # whatever was raised, nothing of this process's is the child's to end
    return os.waitpid(child, 0)[1] != 0


def _run(folder: Path, tests: Sequence[str]) -> int:
    signal.alarm(_SECONDS)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.chdir(folder)
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.path[:] = [
        str(folder),
        str(folder / "policies"),
        *(each for each in sys.path if not _is_ours(each)),
    ]
    for name in [each for each in sys.modules if each.partition(".")[0] in _OWN]:
        del sys.modules[name]
    _start_packs_here()
    files = [str(folder / "tests" / "policies" / each) for each in tests]
    options = [
        "--exitfirst",
        "--quiet",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
        "--hypothesis-profile=copy",
    ]
    return int(pytest.main([*options, *files]))


def _start_packs_here() -> None:
    """Let tests that start the pack have it in this process; and the same examples each time."""
    from tests.policies import protocol  # noqa: PLC0415 - the copy's

    vars(protocol)["RunningPack"] = protocol.PackInProcess
    settings.register_profile("copy", deadline=None, database=None, derandomize=True)


def _is_ours(path: str) -> bool:
    return Path(path or ".").resolve() in (_ROOT, PACK_FOLDER)
