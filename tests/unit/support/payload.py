"""What Step Functions makes of a state's parameters, as the Amazon States Language specifies it.

Source: https://states-language.net, "Payload Template", "Reference Paths" and "States.Format". Of
the language there is what this platform's definitions use: one field of the context object that
States.Format puts into a text.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

STEP = re.compile(r"\.([A-Za-z_]\w*)|\['([^'\\]+)'\]|\[(\d+)\]")
PATH = r"\$\$(?P<steps>(?:\.[A-Za-z_]\w*|\['[^'\\]+'\]|\[\d+\])*)"
FORMAT = re.compile(rf"States\.Format\('(?P<template>[^'\\]*)', {PATH}\)")


class PathError(Exception):
    """A path that leads nowhere: it fails the execution."""


def payload(template: object, context: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return a payload template's value.

    Raises:
        PathError: a field isn't there.
    """
    if isinstance(template, dict):
        return dict(_member(key, value, context) for key, value in template.items())
    if isinstance(template, list):
        return [payload(each, context) for each in template]
    return template


def _member(
    key: str,
    value: Any,  # noqa: ANN401 - any JSON
    context: Mapping[str, Any],
) -> tuple[str, Any]:
    if not key.endswith(".$"):
        return key, payload(value, context)
    return key.removesuffix(".$"), _expression(value, context)


def _expression(text: str, context: Mapping[str, Any]) -> str:
    formatted = FORMAT.fullmatch(text)
    if not formatted:
        raise ValueError(f"not the language: {text}")
    before, placeholder, after = formatted["template"].partition("{}")
    if not placeholder or "{}" in after:
        raise ValueError(f"as many arguments as placeholders: {text}")
    value = _at(formatted["steps"], context)
    return f"{before}{value if isinstance(value, str) else json.dumps(value)}{after}"


def _at(steps: str, context: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    current: Any = context
    for name, quoted, index in STEP.findall(steps):
        key = int(index) if index else name or quoted
        try:
            current = current[key]
        except (KeyError, IndexError, TypeError) as error:
            raise PathError(f"{steps} leads nowhere") from error
    return current
