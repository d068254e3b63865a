"""Secrets and parameters that ECS reads into a task's environment when it starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.grants import Grantable, GrantableParameter, GrantableSecret
from components.grants.keys import READING, through
from components.iam import Statement, allow

CURRENT: Final = "AWSCURRENT"
"""The label of the version of a secret that counts."""


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
    """Resolve a service's secrets.

    Versions are looked up in each preview and update, which takes the right to list them and shows
    no value: a value would end up in the state.

    Args:
        secrets: names of what the stack file declares, with `:KEY` for one value of JSON, by
            environment variable.
        declared: what the stack file declares, by name.
    """
    references: dict[str, str] = {}
    versions: dict[str, pulumi.Output[str]] = {}
    statements: dict[str, Sequence[Statement]] = {}
    for variable, text in sorted(secrets.items()):
        name, _, key = text.partition(":")
        source = declared[name]
        if isinstance(source, GrantableSecret):
            references[variable] = f"{source.arn}:{key}::" if key else source.arn
        elif isinstance(source, GrantableParameter):
            references[variable] = source.arn
        else:
            raise pulumi.RunError(f"secrets: {name} is neither a secret nor a parameter")
        versions[variable] = _version(source)
        statements[name] = _reading(source)
    return TaskSecrets(
        references, [one for name in sorted(statements) for one in statements[name]], versions
    )


def _reading(source: GrantableSecret | GrantableParameter) -> Sequence[Statement]:
    if isinstance(source, GrantableSecret):
        action, context = "secretsmanager:GetSecretValue", "SecretARN"
    else:
        action, context = "ssm:GetParameters", "PARAMETER_ARN"
    condition = {"StringEquals": {f"kms:EncryptionContext:{context}": source.arn}}
    return [
        allow([action], [source.arn]),
        *through(source.key, READING, source.endpoint, condition),
    ]


def _version(source: GrantableSecret | GrantableParameter) -> pulumi.Output[str]:
    if isinstance(source, GrantableParameter):
        found = aws.ssm.get_parameter_output(name=source.name, with_decryption=False)
        return found.version.apply(str)
    versions = aws.secretsmanager.get_secret_versions_output(
        secret_id=source.arn, region=source.arn.split(":")[3]
    ).versions
    return versions.apply(
        lambda listed: next((v.version_id for v in listed if CURRENT in v.version_stages), "none")
    )
