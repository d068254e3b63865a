"""Secrets and parameters that ECS reads into a task's environment when it starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.grants import Grantable
from components.iam import Statement
from components.secret_sources import SecretSource, reading_statements, secret_sources


@dataclass(frozen=True)
class TaskSecrets:
    """What a task's secrets come to.

    Attributes:
        references: ECS's `valueFrom` by environment variable.
        statements: what the execution role needs to read exactly these.
        versions: the version that each variable has now, for a service to depend on: a running
            task keeps the value that it started with.
    """

    references: Mapping[str, str]
    statements: Sequence[Statement]
    versions: Mapping[str, pulumi.Output[str]]


def task_secrets(secrets: Mapping[str, str], declared: Mapping[str, Grantable]) -> TaskSecrets:
    """Resolve a service's secrets; versions are looked up in each preview and update.

    Args:
        secrets: names of what the stack file declares, with `:KEY` for one value of JSON, by
            environment variable.
        declared: what the stack file declares, by name.
    """
    sources = secret_sources(secrets, declared)
    return TaskSecrets(
        {each.variable: _reference(each) for each in sources},
        reading_statements(sources, parameter_action="ssm:GetParameters"),
        {each.variable: each.version() for each in sources},
    )


def _reference(secret: SecretSource) -> str:
    return f"{secret.source.arn}:{secret.key}::" if secret.key else secret.source.arn
