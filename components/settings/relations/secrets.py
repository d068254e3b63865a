"""Problems between the secrets of services and jobs and what the stack file declares."""

import re
from collections.abc import Iterator
from typing import Final

from components.settings.errors import Problem
from components.settings.relations.draft import Draft
from components.settings.secret import ParameterSettings

PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_.-]+")
"""Other characters mean something in the operator's paths into JSON (the syntax of GJSON)."""


def secret_problems(draft: Draft) -> Iterator[Problem]:
    """Yield secrets that a service or job couldn't get."""
    for where, _, task in draft.tasks:
        for variable, reference in task.secrets.items():
            at = f"{where}.secrets.{variable}"
            yield from _secret(at, reference, draft)
            if task.runtime == "eks":
                yield from _key(at, reference)


def _key(at: str, reference: str) -> Iterator[Problem]:
    key = reference.partition(":")[2]
    if key and not PLAIN_KEY.fullmatch(key):
        yield Problem(
            at,
            f"given the key {key}: on EKS it can have letters, digits, _ . - only; rename the key, "
            "or set runtime to ecs",
        )


def _secret(at: str, reference: str, draft: Draft) -> Iterator[Problem]:
    name, _, key = reference.partition(":")
    secrets = draft.grantables.get("secrets", {})
    parameters = draft.grantables.get("parameters", {})
    if name in secrets:
        return
    if name not in parameters:
        known = ", ".join(sorted({*secrets, *parameters})) or "none"
        yield Problem(
            at,
            f"no secret or parameter is named {name}; declare it below secrets or parameters; "
            f"declared are: {known}",
        )
        return
    parameter = parameters[name]
    if key:
        yield Problem(
            at,
            f"{name} is a parameter, which has no keys; name it without :{key}, or keep JSON in "
            "Secrets Manager",
        )
    if isinstance(parameter, ParameterSettings) and parameter.path is not None:
        yield Problem(
            at,
            f"{name} is a path with parameters below it; declare the one parameter by its name",
        )
