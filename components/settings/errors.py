"""Problems in settings, as their reader needs them: where, what was given, what is allowed."""

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

import pulumi
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

PRIVATE_KEYS = frozenset({"arguments", "command", "environment", "secretName"})
"""Keys below which a value is never shown: a credential may have got there by mistake."""

CREDENTIALS = re.compile(r"[^/\s]:[^/\s]*@(?!sha256:)")
"""A user and password in front of a host, as in user:password@registry.example.com/image."""

LONGEST_SHOWN = 60


class SettingsError(pulumi.RunError):
    """The stack file is not valid. Pulumi shows the message alone, without a traceback."""

    def __init__(self, problems: Sequence["Problem"]) -> None:
        """Join all `problems`, ordered by key."""
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.path, problem.text)))
        count = f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''}"
        lines = [f"The stack configuration is not valid ({count}):"]
        lines += [f"  {problem}" for problem in self.problems]
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, at one key."""

    path: str
    text: str

    def __str__(self) -> str:
        """Return the line that a user reads."""
        return f"{self.path}: {self.text}"


def shown(value: object, path: Sequence[str | int] = ()) -> str:
    """Render a given value for a message; what may be private or is not a scalar is described."""
    if any(part in PRIVATE_KEYS for part in path) or CREDENTIALS.search(str(value)):
        return "(a value not shown)"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def joined(path: Iterable[str | int]) -> str:
    """Write a path as it reads in the stack file, on one line: services.web.callers[0]."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text if text.isprintable() else json.dumps(text)[1:-1]


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Translate pydantic's errors about `model` into problems."""
    details = error.errors(include_url=False)
    # A list whose entry is wrong is reported as too short as well: only the entry is news.
    return [
        _problem(entry, model)
        for entry in details
        if entry["type"] != "too_short"
        or not any(other["loc"][:-1] == entry["loc"] for other in details)
    ]


def _problem(details: ErrorDetails, model: type[BaseModel]) -> Problem:
    *path, last = details["loc"]
    is_name = last == "[key]"
    if not is_name:
        path.append(last)
    given = shown(details.get("input"), path)
    kind = details["type"]
    if kind == "extra_forbidden":
        return Problem(joined(path), _unknown_key(str(path[-1]), _keys_at(model, path[:-1])))
    if kind == "missing":
        return Problem(joined(path), "is required and missing")
    reason = _reason(details)
    if is_name:
        return Problem(joined(path[:-1]), f"the name {shown(path[-1])} {reason}")
    if kind == "value_error" and isinstance(details.get("input"), Mapping):
        return Problem(joined(path), reason)
    return Problem(joined(path), f"given {given}: {reason}")


LINUX: Final = frozenset(
    {"operatingSystem", "operatingSystemFamily", "os", "platform", "runtimePlatform", "windows"}
)
"""Keys by which people ask for Windows."""


def _unknown_key(key: str, allowed: Sequence[str]) -> str:
    if key in LINUX and "architecture" in allowed:
        return (
            "unknown key: tasks run Linux, since Fargate has no Spot, no pods and no small sizes "
            "for Windows; remove it, or choose the CPU with architecture"
        )
    close = difflib.get_close_matches(key, allowed, n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    return f"unknown key{hint}; allowed here: {', '.join(allowed)}"


def _keys_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """List the keys of the model that sits at `path` below `model`."""
    current: object = model
    for part in path:
        if isinstance(current, type) and issubclass(current, BaseModel):
            fields = {
                name: field for key, field in current.model_fields.items()
                for name in (field.alias or key, key)
            }  # fmt: skip
            current = fields[str(part)].annotation if str(part) in fields else None
        else:
            current = _value_type(current)
        current = _only_model(current)
    if not (isinstance(current, type) and issubclass(current, BaseModel)):
        return []
    return [field.alias or name for name, field in current.model_fields.items()]


def _value_type(annotation: object) -> object:
    """Return what a mapping or sequence type holds."""
    arguments = [argument for argument in get_args(annotation) if argument is not Ellipsis]
    return arguments[-1] if arguments else None


def _only_model(annotation: object) -> object:
    """Return the model inside of `Model | None`, or the annotation itself."""
    arguments = get_args(annotation)
    if type(None) not in arguments:
        return annotation
    return next(argument for argument in arguments if argument is not type(None))


MEANINGS: Mapping[str, str] = {
    "literal_error": "must be one of {expected}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must have at least {min_length} character",
    "too_long": "must have at most {max_length} entries",
    "too_short": "must have at least {min_length} entry",
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping of names to values",
    "model_type": "must be a mapping",
    "model_attributes_type": "must be a mapping",
    "ip_v4_network": "must be an IPv4 block such as 203.0.113.0/24, no bits set after the prefix",
    "value_error": "{error}",
}
"""What pydantic's kinds of errors mean to the reader of a stack file."""


def _reason(details: ErrorDetails) -> str:
    meaning = MEANINGS.get(details["type"])
    if details["type"] == "literal_error" and isinstance(details.get("input"), float):
        meaning = f"{meaning}, in quotes (without them YAML reads a number)"
    if meaning is None:
        return details["msg"]
    return meaning.format(**{key: plain(limit) for key, limit in details.get("ctx", {}).items()})


def plain(limit: object) -> object:
    """Write a number as a stack file does: 32 for 32.0, and no exponent."""
    return f"{limit:.6f}".rstrip("0").rstrip(".") if isinstance(limit, float) else limit
