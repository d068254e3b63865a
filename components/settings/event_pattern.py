"""Event patterns of EventBridge: which ones it takes.

Sources: Amazon EventBridge user guide, "Creating Amazon EventBridge event patterns" and "Comparison
operators for use in event patterns"; where they don't say, what Event Ruler refuses, the library
with which EventBridge matches (github.com/aws/event-ruler).
"""

import ipaddress
import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Final

QUOTA: Final = 2_048
"""Characters of a pattern as JSON (EventBridge quotas; up to 4,096 on request)."""

ENVELOPE: Final = (
    "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail",
    "replay-name",
)  # fmt: skip
"""Fields that an event has at its top; all else is in detail. A replayed one names its replay."""

OR: Final = "$or"
"""Names alternatives among fields, where the names of fields stand otherwise."""

LARGEST_NUMBER: Final = 5e9
"""Numbers that EventBridge compares are between minus and plus this, with six decimals."""

LONGEST_MASK: Final = {4: 31, 6: 127}
"""Bits of a block of addresses, by version of the protocol: a single address is a plain value."""


def pattern_problem(pattern: object) -> str | None:
    """Say why EventBridge takes no rule with this pattern, or would never match, or None."""
    if not isinstance(pattern, Mapping):
        return "must be a mapping of an event's fields to lists of values"
    if not pattern:
        return "is empty, and would match every event: name source or detail-type at least"
    for problem in (_never_matches(pattern), _fields(pattern, ())):
        if problem:
            return problem
    size = len(as_json(pattern))
    if size > QUOTA:
        return f"has {size} characters as JSON, and EventBridge takes {QUOTA} by default quota"
    return None


def as_json(pattern: Mapping[str, Any]) -> str:
    """Return a pattern as EventBridge gets it: the same settings make the same text."""
    return json.dumps(pattern, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def any_text(text: str) -> str:
    """Return a text as it stands in a wildcard, where * and a backslash mean something else."""
    return text.replace("\\", "\\\\").replace("*", "\\*")


def _never_matches(pattern: Mapping[str, Any]) -> str | None:
    for field, wanted in pattern.items():
        alternatives = wanted if field == OR and isinstance(wanted, list | tuple) else []
        for alternative in alternatives:
            problem = _never_matches(alternative) if isinstance(alternative, Mapping) else None
            if problem:
                return problem
        if field not in (*ENVELOPE, OR):
            return f"{field}: no event has it; at the top there are {', '.join(ENVELOPE)}"
    return None


def _fields(
    fields: Mapping[str, Any], path: tuple[str, ...], *, inside_or: bool = False
) -> str | None:
    for field, wanted in fields.items():
        if field == OR:
            problem = _alternatives(wanted, path)
        elif inside_or and field in OPERATORS:
            problem = (
                f"{'.'.join((*path, field))}: inside {OR} no field can have a comparison's name"
            )
        else:
            problem = _wanted(wanted, (*path, field), inside_or=inside_or)
        if problem:
            return problem
    return None


def _wanted(wanted: object, path: tuple[str, ...], *, inside_or: bool) -> str | None:
    where = ".".join(path)
    if isinstance(wanted, Mapping):
        if not wanted:
            return f"{where}: is empty; list what it may be"
        return _fields(wanted, path, inside_or=inside_or)
    if not isinstance(wanted, list | tuple):
        return f"{where}: must be a list of values, such as [{json.dumps(wanted, default=str)}]"
    if not wanted:
        return f"{where}: is an empty list, which matches nothing"
    for value in wanted:
        problem = _comparison(value) if isinstance(value, Mapping) else _plain(value)
        if problem:
            return f"{where}: {problem}"
    return None


def _alternatives(wanted: object, path: tuple[str, ...]) -> str | None:
    where = ".".join((*path, OR))
    if not isinstance(wanted, list | tuple) or len(wanted) < 2:  # noqa: PLR2004 - one is no choice
        return f"{where}: must be a list of two or more mappings of fields"
    for alternative in wanted:
        if not isinstance(alternative, Mapping) or not alternative:
            return f"{where}: must be a list of two or more mappings of fields"
        problem = _fields(alternative, path, inside_or=True)
        if problem:
            return problem
    return None


def _plain(value: object) -> str | None:
    if value is None or isinstance(value, str | int) or _is_number(value):
        return None
    return "a value is text, a number, true, false, null or a comparison such as {prefix: x}"


def _is_number(value: object) -> bool:
    """Say whether JSON has this number: it has no infinite one, and true is none."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _comparison(comparison: Mapping[str, Any]) -> str | None:
    known = ", ".join(OPERATORS)
    if len(comparison) != 1:
        return f"a comparison has exactly one of {known}"
    ((operator, operand),) = comparison.items()
    if operator not in OPERATORS:
        return f"{operator} is no comparison of EventBridge; there are {known}"
    said = OPERATORS[operator](operand)
    return f"{operator} {said}" if said else None


def _text(operand: object) -> str | None:
    return None if isinstance(operand, str) else "takes text"


def _text_in_any_case(operand: object) -> str | None:
    if isinstance(operand, Mapping) and list(operand) == ["equals-ignore-case"]:
        operand = operand["equals-ignore-case"]
    return _text(operand) and "takes text, or {equals-ignore-case: text}"


def _wildcard(operand: object) -> str | None:
    if not isinstance(operand, str):
        return "takes text in which * stands for anything"
    left = operand.replace("\\\\", "").replace("\\*", "")
    if "\\" in left:
        return "can have a backslash only before * and before another one, in the meaning of itself"
    unescaped = operand.replace("\\\\", "--").replace("\\*", "--")
    return "can't have two * in a row" if "**" in unescaped else None


def _exists(operand: object) -> str | None:
    return None if isinstance(operand, bool) else "takes true or false"


def _cidr(operand: object) -> str | None:
    try:
        block = ipaddress.ip_interface(operand if isinstance(operand, str) else "")
    except ValueError:
        return "takes a block of addresses, such as 203.0.113.0/24"
    if block.network.prefixlen > LONGEST_MASK[block.version]:
        return "takes a block of addresses, such as 203.0.113.0/24; one address is a plain value"
    return None


NUMERIC: Final = (
    "takes a list such as ['>', 0, '<=', 5]: = alone, a lower limit, an upper one, or a lower one "
    "and then an upper one that is larger"
)


def _numeric(operand: object) -> str | None:
    if not isinstance(operand, list | tuple) or len(operand) not in {2, 4}:
        return NUMERIC
    signs, numbers = operand[::2], operand[1::2]
    if not all(isinstance(sign, str) for sign in signs) or not all(map(_is_number, numbers)):
        return NUMERIC
    if any(abs(number) > LARGEST_NUMBER for number in numbers):
        return f"compares numbers from {-LARGEST_NUMBER:.0f} to {LARGEST_NUMBER:.0f}"
    first, *second = signs
    if not second:
        return None if first in {"=", "<", "<=", ">", ">="} else NUMERIC
    between = first in {">", ">="} and second[0] in {"<", "<="} and numbers[0] < numbers[1]
    return None if between else NUMERIC


ANYTHING_BUT: Final = (
    "takes text, a number or a list of one kind of them, or one of prefix, suffix, "
    "equals-ignore-case and wildcard with text or a list of it"
)


def _anything_but(operand: object) -> str | None:
    if isinstance(operand, Mapping):
        if len(operand) != 1 or not {*EXCEPT}.issuperset(operand):
            return ANYTHING_BUT
        ((operator, inner),) = operand.items()
        several = inner if isinstance(inner, list | tuple) else [inner]
        for one in several:
            said = EXCEPT[operator](one)
            if said:
                return f"{operator} {said}"
        return None if several else ANYTHING_BUT
    several = operand if isinstance(operand, list | tuple) else [operand]
    alike = all(isinstance(one, str) for one in several) or all(map(_is_number, several))
    return None if several and alike else ANYTHING_BUT


def _some_text(operand: object) -> str | None:
    return None if isinstance(operand, str) and operand else "takes text that isn't empty"


EXCEPT: Final[Mapping[str, Callable[[object], str | None]]] = {
    "prefix": _some_text,
    "suffix": _some_text,
    "equals-ignore-case": _text,
    "wildcard": _wildcard,
}
"""What anything-but can turn around."""

OPERATORS: Final[Mapping[str, Callable[[object], str | None]]] = {
    "prefix": _text_in_any_case,
    "suffix": _text_in_any_case,
    "equals-ignore-case": _text,
    "wildcard": _wildcard,
    "anything-but": _anything_but,
    "numeric": _numeric,
    "exists": _exists,
    "cidr": _cidr,
}
