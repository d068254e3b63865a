"""Puts mutants in the place of the pack's modules, and keeps those that no test notices."""

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import resolve_name
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

from fargate_policies.catalogue import RULES
from fargate_policies.core.rule import AnyRule

from tests.policies.mutation import copies
from tests.policies.mutation.copies import HOLDING
from tests.policies.mutation.judging import Judging, Trial, trials, trials_of_what_is_shared
from tests.policies.mutation.mutator import Mutant, mutants
from tests.policies.protocol import PACK_FOLDER

PACKAGE: Final = PACK_FOLDER / "fargate_policies"
SHARED: Final = ("iam_analysis", "models")
"""Folders of what several rules use."""
_EQUIVALENT: Final = Path(__file__).with_name("equivalent.toml")


@dataclass(frozen=True)
class Module:
    """A file of the pack."""

    file: Path

    @property
    def title(self) -> str:
        """The rule's name, or the file's name in the same spelling; with the folder, of OF_ALL."""
        own = self.file.stem.replace("_", "-")
        return f"{self.folder}/{own}" if self.folder in HOLDING else own

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return self.file.parent.name

    @property
    def name(self) -> str:
        """What Python imports it by."""
        return ".".join(self.file.relative_to(PACK_FOLDER).with_suffix("").parts)

    @property
    def is_shared(self) -> bool:
        """Whether it is no rule, but what rules use."""
        return self.folder in SHARED


_ALL: Final = tuple(
    Module(file)
    for file in sorted(PACKAGE.glob("*/*.py"))
    if file.parent.name != "core" and file.stem != "__init__"
)
MODULES: Final = _ALL
"""Rules, and what they use."""
OF_ALL: Final = tuple(
    Module(file)
    for folder in (PACKAGE / "core", PACK_FOLDER / "check")
    for file in sorted(folder.glob("*.py"))
    if not file.stem.startswith("__")
)
"""What every rule goes through, and what runs the rules without an engine; it takes an hour."""


@dataclass(frozen=True)
class Outcome:
    """What became of a module's mutants.

    Attributes:
        mutants: how many there are.
        survivors: those that no test notices, without those that are known to be equivalent.
        stale: what is listed as equivalent and isn't among those that no test notices.
    """

    mutants: int
    survivors: Sequence[Mutant]
    stale: Sequence[str]


def outcome(module: Module) -> Outcome:
    """Try each mutant of a module; for what rules share, with the tests of all that use it."""
    found = list(mutants(module.file))
    alive = _alive(module, found)
    known = equivalent().get(module.title, {})
    return Outcome(
        mutants=len(found),
        survivors=[mutant for mutant in alive if mutant.title not in known],
        stale=sorted(known.keys() - {mutant.title for mutant in alive}),
    )


def _alive(module: Module, found: Sequence[Mutant]) -> list[Mutant]:
    """Return those mutants of a module that no test notices."""
    if module not in OF_ALL:
        return [mutant for mutant in found if not is_noticed(module, mutant.code)]
    with copies.copy() as folder:
        tests = HOLDING[module.folder]
        if copies.noticed(folder, module.file, unchanged(module), tests):
            raise RuntimeError(f"A test of {', '.join(tests)} fails with {module.title} as it is.")
        return [each for each in found if not copies.noticed(folder, module.file, each.code, tests)]


@cache
def equivalent() -> Mapping[str, Mapping[str, str]]:
    """Return which mutants change nothing that matters, by module, and why."""
    read = tomllib.loads(_EQUIVALENT.read_text(encoding="utf-8"))
    return {
        title: {entry["mutant"]: entry["reason"] for entry in entries}
        for title, entries in read.items()
    }


def unchanged(module: Module) -> CodeType:
    """Return a module's own code."""
    return _code(module.name)


def is_noticed(module: Module, code: CodeType) -> bool:
    """Whether a test fails with other code in a module's place."""
    with _in_place(module, code) as rules:
        if rules is None or any(map(_is_broken, rules)):
            return True
        return module.is_shared and any(trial.fails(None) for trial in trials_of_what_is_shared())


def _is_broken(rule: AnyRule) -> bool:
    judging = Judging(rule)
    return any(trial.fails(judging) for trial in _trials(rule.name))


@cache
def _trials(rule: str) -> Sequence[Trial]:
    (found,) = [trials(each) for each in RULES if each.name == rule]
    return found


@contextmanager
def _in_place(module: Module, code: CodeType) -> Iterator[list[AnyRule] | None]:
    """Run the pack's modules that use one anew, with other code for that one.

    Yields the rules among them; None if they can't be imported so.
    """
    names = [module.name, *_users(module.name)]
    originals = {name: sys.modules[name] for name in names}
    try:
        yield _rules(names, code)
    finally:
        for name, original in originals.items():
            _put(name, original)


def _rules(names: Sequence[str], code: CodeType) -> list[AnyRule] | None:
    made = []
    for name in names:
        made.append(ModuleType(name))
        made[-1].__package__ = name.rpartition(".")[0]
        _put(name, made[-1])
        try:
            exec(code if name == names[0] else _code(name), made[-1].__dict__)  # noqa: S102 - our own
        except Exception:  # noqa: BLE001 - a mutant may raise anything
            return None
    return [each.RULE for each in made if hasattr(each, "RULE")]


def _put(name: str, module: ModuleType) -> None:
    """Let imports find a module, be it by its name or as an attribute of its package."""
    package, _, own = name.rpartition(".")
    sys.modules[name] = module
    setattr(sys.modules[package], own, module)


@cache
def _code(name: str) -> CodeType:
    file = PACK_FOLDER.joinpath(*name.split(".")).with_suffix(".py")
    return compile(file.read_text(encoding="utf-8"), str(file), "exec")


@cache
def _users(name: str) -> Sequence[str]:
    """Return the modules that import one, directly or not, each behind those that it imports."""
    users = {each for each in _imports() if name in _imported(each)}
    return sorted(users, key=lambda each: (len(_imported(each)), each))


@cache
def _imported(name: str) -> frozenset[str]:
    """Return the modules that one imports, directly or not."""
    direct = _imports()[name]
    return direct.union(*map(_imported, direct))


@cache
def _imports() -> Mapping[str, frozenset[str]]:
    """Return which of the modules each of them imports."""
    names = {module.name for module in _ALL}
    return {module.name: frozenset(_relative(module)) & names for module in _ALL}


def _relative(module: Module) -> Iterator[str]:
    package = module.name.rpartition(".")[0]
    for node in ast.walk(ast.parse(module.file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            whole = resolve_name("." * node.level + (node.module or ""), package)
            # A module's names, or modules of a package.
            yield from (whole, *(f"{whole}.{each.name}" for each in node.names))
