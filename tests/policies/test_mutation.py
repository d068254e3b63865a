"""Breaking the pack makes a test fail: each rule, and what rules share, one change at a time.

What every rule goes through, and the check without an engine, are tried by `make mutate-policies
RULES="core check"` only: that takes an hour.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.policies.mutation import copies
from tests.policies.mutation.mutator import mutants
from tests.policies.mutation.survivors import (
    MODULES,
    OF_ALL,
    Module,
    equivalent,
    is_noticed,
    outcome,
    unchanged,
)
from tests.policies.protocol import PACK_FOLDER

each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.title)


@each_module
def test_whatever_is_changed_in_a_module_some_test_fails(module: Module) -> None:
    found = outcome(module)

    assert [f"{module.file.name}:{each.line}: {each.title}" for each in found.survivors] == []
    assert found.stale == [], "equivalent.toml lists what is gone, or what a test notices"


@each_module
def test_no_test_fails_with_the_module_as_it_is(module: Module) -> None:
    assert not is_noticed(module, unchanged(module))


def test_a_change_of_what_every_rule_goes_through_is_noticed_in_a_copy() -> None:
    # In a process of its own: this one may have threads, which a fork doesn't take along.
    program = """
from tests.policies.mutation import copies
from tests.policies.mutation.mutator import mutants
from tests.policies.mutation.survivors import OF_ALL, unchanged
(module,) = [each for each in OF_ALL if each.title == "core/exemptions"]
changed = next(each.code for each in mutants(module.file) if "has_expired" in each.title)
with copies.copy() as folder:
    for code in (changed, unchanged(module)):
        print(copies.noticed(folder, module.file, code, ["test_configuration.py"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PACK_FOLDER.parent, capture_output=True, text=True,
        check=True, env={**os.environ, "PYTHONPATH": str(PACK_FOLDER)},
    )  # fmt: skip
    assert done.stdout.split() == ["True", "False"]


def test_each_folder_of_what_every_rule_goes_through_has_tests() -> None:
    assert {each.folder for each in OF_ALL} == copies.HOLDING.keys()
    here = Path(__file__).parent
    missing = [
        each for tests in copies.HOLDING.values() for each in tests if not (here / each).exists()
    ]
    assert missing == []


def test_what_is_listed_as_equivalent_has_a_module_and_a_reason() -> None:
    assert equivalent().keys() <= {module.title for module in (*MODULES, *OF_ALL)}
    assert all(reason.strip() for listed in equivalent().values() for reason in listed.values())


def test_each_module_has_a_title_of_its_own() -> None:
    every = (*MODULES, *OF_ALL)
    assert len({module.title for module in every}) == len(every)


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("if a: b()", ["a -> not a", "without b()"]),
        ("if not a: pass", ["not a -> a"]),
        ("x = b if a else c", ["x: a -> not a"]),
        ("x = [a for a in b if a]", ["x: a -> not a"]),
        ("x = a == b", ["x: a == b -> a != b"]),
        ("x = a < b", ["x: a < b -> a <= b", "x: a < b -> a >= b"]),
        ("x = a in b", ["x: a in b -> a not in b"]),
        ("x = a and b", ["x: a and b -> a or b", "x: a and b -> b", "x: a and b -> a"]),
        ("x = any(a)", ["x: any(a) -> all(a)"]),
        ("x = {'a', 'b'}", ["x: without 'a'", "x: without 'b'"]),
        ("x = {'a': b}", ["x: without 'a': b"]),
        ("x = 1", ["x: 1 -> 2", "x: 1 -> 0"]),
        ("x = True", ["x: True -> False"]),
        ("x = f'{a and b}'", []),
        ("x: tuple[int, str] = a", []),
        ("R = Rule(name='a', mandatory=True, types=(A,))", ["R: without A"]),
        ("def f() -> bool: return g()", ["f: g() -> not g()"]),
        ("def f() -> int: return g()", []),
        ("def f(): yield a", ["f: without yield a"]),
        ("def f():\n  if a: return\n  b", ["f: a -> not a", "f: without return"]),
        ("def f():\n  for a in b:\n    if a: continue", ["f: a -> not a", "f: without continue"]),
        ("x = 1\nx = 1", ["x: 1 -> 2", "x: 1 -> 0", "x: 1 -> 2 (2)", "x: 1 -> 0 (2)"]),
    ],
)
def test_these_changes_are_made(tmp_path: Path, source: str, changes: list[str]) -> None:
    file = tmp_path / "module.py"
    file.write_text(source, encoding="utf-8")

    assert [mutant.title.removeprefix(": ") for mutant in mutants(file)] == changes


def test_a_changed_yield_leaves_a_generator_and_the_module_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("def f():\n    yield 'a'\ndef g():\n    yield 'b'\n", encoding="utf-8")

    said = []
    for mutant in mutants(file):
        module: dict[str, object] = {}
        exec(mutant.code, module)  # noqa: S102 - the code above
        said.append([*module["f"](), *module["g"]()])  # type: ignore[operator]  # the functions above

    assert said == [["b"], ["a"]]
