"""A stack's configuration as the engine hands it to the program, read without the engine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.copies import has_secrets

_ENCRYPTED = "[secret]"  # what stands for a value that only the engine can decrypt


@dataclass(frozen=True)
class Configuration:
    """What a program finds in `pulumi.Config`.

    Attributes:
        project: The project's name.
        stack: The stack's name.
        values: Texts by full key; objects and lists are JSON, as the engine writes them.
        secrets: The keys of values that are encrypted, or have an encrypted part.
    """

    project: str
    stack: str
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()


def read(
    stack: str, project_file: Mapping[str, Any], stack_file: Mapping[str, Any]
) -> Configuration:
    """Lay a stack file over the project's defaults, as the engine does.

    Args:
        stack: The stack's name.
        project_file: The content of Pulumi.yaml.
        stack_file: The content of Pulumi.STACK.yaml.
    """
    project = str(project_file["name"])
    given: dict[str, Any] = {}
    for key, declared in _mapping(project_file.get("config")).items():
        value = _default(declared)
        if value is not None:
            given[_full(project, key)] = value
    for key, value in _mapping(stack_file.get("config")).items():
        given[_full(project, key)] = value
    return Configuration(
        project=project,
        stack=stack,
        values={key: _text(value) for key, value in given.items()},
        secrets=tuple(key for key, value in given.items() if has_secrets(value)),
    )


def _mapping(node: object) -> Mapping[str, Any]:
    return node if isinstance(node, Mapping) else {}


def _full(project: str, key: object) -> str:
    return str(key) if ":" in str(key) else f"{project}:{key}"


def _default(declared: object) -> object:
    """What Pulumi.yaml says of a key: the value itself, or a declaration with one."""
    if not isinstance(declared, Mapping):
        return declared
    return declared.get("value", declared.get("default"))


def _text(value: object) -> str:
    if has_secrets(value):
        return _ENCRYPTED
    if isinstance(value, str):
        return value
    return json.dumps(value, default=str)
