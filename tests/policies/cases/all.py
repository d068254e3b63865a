"""The cases of all modules beside this one."""

import importlib
from pathlib import Path

from tests.policies.cases.case import Case

_FOLDER = Path(__file__).parent
_NOT_ABOUT_RULES = ("all", "case")

CASES: list[Case] = [
    case
    for file in sorted(_FOLDER.glob("*.py"))
    if file.stem not in _NOT_ABOUT_RULES
    for case in importlib.import_module(f"tests.policies.cases.{file.stem}").CASES
]
