"""Secrets and parameters, as services are granted them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.environment import Environment
from components.grants.keys import READING, GrantableKey, through
from components.grants.model import actions_of
from components.iam import Statement, allow
from components.settings import ParameterSettings

SECRET_ACTIONS: Final[Mapping[str, Sequence[str]]] = {
    "read": ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"),
}
"""What each access level to a secret allows."""

PARAMETER_ACTIONS: Final[Mapping[str, Sequence[str]]] = {
    "read": ("ssm:GetParameter", "ssm:GetParameters"),
}
"""What each access level to a parameter allows."""


@dataclass(frozen=True)
class GrantableSecret:
    """A secret of Secrets Manager that exists already.

    Attributes:
        arn: its full ARN, random characters included.
        endpoint: Secrets Manager in the secret's region.
        key: what it is encrypted with, if not AWS's own.
    """

    arn: str
    endpoint: str
    key: GrantableKey | None = None

    @classmethod
    def existing(
        cls, arn: str, environment: Environment, key: GrantableKey | None
    ) -> "GrantableSecret":
        """Return the secret of an ARN."""
        return cls(arn, environment.endpoint("secretsmanager", arn.split(":")[3]), key)

    def statements(self, levels: Collection[str]) -> list[Statement]:
        """Return one statement on the secret and one on its key."""
        return [
            allow(actions_of(levels, SECRET_ACTIONS), [self.arn]),
            *through(
                self.key,
                READING,
                self.endpoint,
                {"StringEquals": {"kms:EncryptionContext:SecretARN": self.arn}},
            ),
        ]

    def variables(self) -> Mapping[str, pulumi.Input[str]]:
        """Return the secret's ARN."""
        return {"SECRET_ARN": self.arn}


@dataclass(frozen=True)
class GrantableParameter:
    """A parameter of Parameter Store that exists already, or all of them below a path.

    Attributes:
        name: its name, or the path without a slash at its end.
        is_path: whether the name is a path.
        arn: ARN of the parameter; of a path, what the ARNs below begin with.
        endpoint: Systems Manager in the stack's region.
        key: what it is encrypted with, if not AWS's own.
    """

    name: str
    is_path: bool
    arn: str
    endpoint: str
    key: GrantableKey | None = None

    @classmethod
    def existing(
        cls, settings: ParameterSettings, environment: Environment, key: GrantableKey | None
    ) -> "GrantableParameter":
        """Return the parameters that the settings name."""
        name = settings.name or settings.path or ""
        place = f"{environment.region}:{environment.account}"
        arn = f"arn:{environment.partition}:ssm:{place}:parameter/{name.removeprefix('/')}"
        return cls(name, settings.path is not None, arn, environment.endpoint("ssm"), key)

    def statements(self, levels: Collection[str]) -> list[Statement]:
        """Return one statement on the parameters, for a path one on it, and one on the key.

        Reading by path is authorized for the path of the request, whatever it returns (Systems
        Manager user guide, "How Parameter Store authorizes parameter retrieval").
        """
        below = f"{self.arn}/*" if self.is_path else self.arn
        found = [allow(actions_of(levels, PARAMETER_ACTIONS), [below])]
        if self.is_path:
            # A path may be asked for with a slash at its end, which the pattern fits.
            found.append(allow(["ssm:GetParametersByPath"], [self.arn, below]))
        operator = "StringLike" if self.is_path else "StringEquals"
        context = {operator: {"kms:EncryptionContext:PARAMETER_ARN": below}}
        return [*found, *through(self.key, READING, self.endpoint, context)]

    def variables(self) -> Mapping[str, pulumi.Input[str]]:
        """Return the parameter's name or path."""
        return {"PARAMETER_PATH" if self.is_path else "PARAMETER_NAME": self.name}
