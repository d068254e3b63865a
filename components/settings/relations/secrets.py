"""Problems between services' secrets and what the stack file declares."""

from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.relations.draft import Draft
from components.settings.secret import ParameterSettings


def secret_problems(draft: Draft) -> Iterator[Problem]:
    """Yield secrets that ECS couldn't read at the start of a task."""
    for name, service in draft.services.items():
        for variable, reference in service.secrets.items():
            yield from _secret(f"services.{name}.secrets.{variable}", reference, draft)


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
