"""Each exception to the linter, the formatter or the type checker has its reason beside it."""

import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.project import ROOT, files

SETTINGS_TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
SETTINGS: dict[str, Any] = tomllib.loads(SETTINGS_TEXT)["tool"]

DIRECTIVE = re.compile(
    r"\b(?:(?:(?:ruff|flake8): ?)?noqa\b(?:: ?[A-Z]+\d+(?:, ?[A-Z]+\d+)*)?"
    r"|(?:type|pyright): ?ignore\b(?:\[[\w, -]+\])?"
    r"|(?:mypy|pyright|pylint|isort): ?[\w-]+(?:=[\w,-]+)?"
    r"|pragma: ?no \w+|nosec\b|fmt: ?off\b)"
)
"""What makes a check pass over something; `fmt: skip` has its reason in pyproject.toml."""


def without_reason(source: str) -> Iterator[int]:
    """Yield the lines whose comment excepts something and says nothing else."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and DIRECTIVE.search(token.string):
            said = DIRECTIVE.sub("", token.string).replace("fmt: skip", "")
            if not re.search(r"\w{2}", said):
                yield token.start[0]


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa: S603",
        "# noqa: S603, S607",
        "# noqa",
        "# type: ignore[misc]",
        "# type: ignore[import-untyped]  # noqa: PLC0415",
        "# ruff: noqa",
        "# ruff: noqa: D100",
        "# mypy: ignore-errors",
        "# mypy: disable-error-code=misc",
        "# pyright: ignore[reportAny]",
        "# pragma: no cover",
        "# fmt: off",
        "# noqa: S603  # fmt: skip",
    ],
)
def test_an_exception_alone_is_found_and_one_with_a_reason_is_not(comment: str) -> None:
    assert list(without_reason(f"first = 1\nsecond = 2  {comment}\n")) == [2]
    assert not list(without_reason(f"first = 1\nsecond = 2  {comment}  # it publishes no types\n"))


def test_every_exception_in_the_source_has_a_reason_beside_it() -> None:
    found = [
        f"{file}:{line}"
        for file in files(ROOT)
        if file.suffix in {".py", ".pyi"}
        for line in without_reason((ROOT / file).read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_rule_that_is_switched_off_has_a_reason_on_its_line() -> None:
    lint = SETTINGS["ruff"]["lint"]
    off = [
        *lint["ignore"],
        *(code for codes in lint["per-file-ignores"].values() for code in codes),
    ]
    lines = SETTINGS_TEXT.splitlines()
    for code in off:
        here = [line for line in lines if re.match(rf'\s*"{code}",', line)]
        assert len(here) == off.count(code), f"{code} stands on no line of its own"
        assert all(re.search(r",\s+# \w+", line) for line in here), f"{code} has no reason"


def test_the_type_checker_is_strict_but_for_libraries_without_types() -> None:
    assert SETTINGS["mypy"]["strict"] is True
    assert SETTINGS["mypy"].keys() == {
        *("strict", "python_version", "warn_unreachable", "overrides"),
        *("mypy_path", "explicit_package_bases", "files"),
    }
    for override in SETTINGS["mypy"]["overrides"]:
        assert override.keys() == {"module", "ignore_missing_imports"}
    reasons = re.findall(r"^\[\[tool\.mypy\.overrides\]\]\n# \w+", SETTINGS_TEXT, re.MULTILINE)
    assert len(reasons) == len(SETTINGS["mypy"]["overrides"])
