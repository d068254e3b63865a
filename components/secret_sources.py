"""Where a service's secrets come from: what may read them, and which version counts now."""

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
class SecretSource:
    """What one environment variable gets its value from.

    Attributes:
        variable: the environment variable.
        name: what the stack file calls the secret or parameter.
        source: the secret or parameter.
        key: key of a secret that holds JSON; empty for the whole secret.
    """

    variable: str
    name: str
    source: GrantableSecret | GrantableParameter
    key: str

    @property
    def region(self) -> str:
        """Where it is: a secret may be in another region than the stack."""
        return self.source.arn.split(":")[3]

    def version(self) -> pulumi.Output[str]:
        """Look up the version that counts now.

        That takes the right to list versions and shows no value: a value would end up in the state.
        """
        if isinstance(self.source, GrantableParameter):
            found = aws.ssm.get_parameter_output(name=self.source.name, with_decryption=False)
            return found.version.apply(str)
        versions = aws.secretsmanager.get_secret_versions_output(
            secret_id=self.source.arn, region=self.region
        ).versions
        return versions.apply(
            lambda listed: next(
                (v.version_id for v in listed if CURRENT in v.version_stages), "none"
            )
        )


def secret_sources(
    secrets: Mapping[str, str], declared: Mapping[str, Grantable]
) -> Sequence[SecretSource]:
    """Return what a service's secrets are, by the order of their variables.

    Args:
        secrets: names of what the stack file declares, with `:KEY` for one value of JSON, by
            environment variable.
        declared: what the stack file declares, by name.

    Raises:
        pulumi.RunError: a name is that of something else.
    """
    found = []
    for variable, text in sorted(secrets.items()):
        name, _, key = text.partition(":")
        source = declared[name]
        if not isinstance(source, GrantableSecret | GrantableParameter):
            raise pulumi.RunError(f"secrets: {name} is neither a secret nor a parameter")
        found.append(SecretSource(variable, name, source, key))
    return found


def reading_statements(
    sources: Sequence[SecretSource], *, parameter_action: str
) -> Sequence[Statement]:
    """Return what reading exactly these needs, each secret and parameter once.

    Args:
        sources: what is read.
        parameter_action: how the reader asks for a parameter: ssm:GetParameter or
            ssm:GetParameters.
    """
    distinct = {each.name: each.source for each in sources}
    return [
        statement
        for name in sorted(distinct)
        for statement in _reading(distinct[name], parameter_action)
    ]


def _reading(
    source: GrantableSecret | GrantableParameter, parameter_action: str
) -> Sequence[Statement]:
    if isinstance(source, GrantableSecret):
        action, context = "secretsmanager:GetSecretValue", "SecretARN"
    else:
        action, context = parameter_action, "PARAMETER_ARN"
    condition = {"StringEquals": {f"kms:EncryptionContext:{context}": source.arn}}
    return [
        allow([action], [source.arn]),
        *through(source.key, READING, source.endpoint, condition),
    ]
