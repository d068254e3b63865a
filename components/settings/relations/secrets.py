"""Problems between services' secrets and what the stack file declares."""

import re
from collections.abc import Iterator
from typing import Final

from components.settings.errors import Problem
from components.settings.relations.draft import Draft
from components.settings.secret import ParameterSettings

PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_.-]+")
"""Other characters mean something in the operator's paths into JSON (the syntax of GJSON)."""

MOST_NAMESPACES: Final = 8
"""A cluster has at most 10 Fargate profiles (an account's default quota); kube-system's and the
secrets operator's are two of them."""


def secret_problems(draft: Draft) -> Iterator[Problem]:
    """Yield secrets that a service couldn't get."""
    for name, service in draft.services.items():
        for variable, reference in service.secrets.items():
            at = f"services.{name}.secrets.{variable}"
            yield from _secret(at, reference, draft)
            if service.runtime == "eks":
                yield from _key(at, reference)
    yield from _profiles(draft)


def _key(at: str, reference: str) -> Iterator[Problem]:
    key = reference.partition(":")[2]
    if key and not PLAIN_KEY.fullmatch(key):
        yield Problem(
            at,
            f"given the key {key}: on EKS it can have letters, digits, _ . - only; rename the key, "
            "or run the service on ecs",
        )


def _profiles(draft: Draft) -> Iterator[Problem]:
    if draft.eks is None or len(draft.eks.namespaces) <= MOST_NAMESPACES:
        return
    users = sorted(
        name for name, one in draft.services.items() if one.runtime == "eks" and one.secrets
    )
    if users:
        yield Problem(
            "eks.namespaces",
            f"given {len(draft.eks.namespaces)}, and the operator that gives "
            f"services.{', services.'.join(users)} their secrets needs a Fargate profile too: a "
            f"cluster has 10, so name at most {MOST_NAMESPACES}, or run these services on ecs",
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
