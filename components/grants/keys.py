"""KMS keys: granted themselves, or used by what is encrypted with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from components.environment import Environment
from components.grants.model import actions_of
from components.iam import Statement, allow
from components.settings import KeySettings

KEY_ACTIONS: Final[Mapping[str, Sequence[str]]] = {
    "encrypt": ("kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"),
    "decrypt": ("kms:Decrypt", "kms:DescribeKey"),
    "sign": ("kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"),
    "verify": ("kms:DescribeKey", "kms:GetPublicKey", "kms:Verify"),
}
"""What each access level to a key allows (KMS developer guide, "KMS permissions")."""

READING: Final = ("kms:Decrypt",)
WRITING: Final = ("kms:Decrypt", "kms:GenerateDataKey")
"""What a service of AWS does with a key in the name of who reads or writes."""


@dataclass(frozen=True)
class GrantableKey:
    """A KMS key that exists already.

    Attributes:
        resource: the key's ARN; for an alias the pattern of all keys of account and region, since
            IAM doesn't know keys by their aliases.
        alias: the alias that narrows the pattern to the keys that have it.
    """

    resource: str
    alias: str | None = None

    @classmethod
    def of(cls, settings: KeySettings, environment: Environment) -> "GrantableKey":
        """Return the key that the settings name."""
        if settings.arn is not None:
            return cls(settings.arn)
        place = f"{environment.region}:{environment.account}"
        return cls(f"arn:{environment.partition}:kms:{place}:key/*", settings.alias)

    @property
    def region(self) -> str:
        """Where the key is, and so whatever is encrypted with it."""
        return self.resource.split(":")[3]

    @property
    def id(self) -> str:
        """What APIs of AWS take for the key: its ARN or alias."""
        return self.alias or self.resource

    def statements(self, levels: Collection[str]) -> list[Statement]:
        """Return one statement on the key."""
        return [self.allow(actions_of(levels, KEY_ACTIONS))]

    def variables(self) -> Mapping[str, pulumi.Input[str]]:
        """Return what APIs of AWS take for the key."""
        return {"KEY_ID": self.id}

    def allow(
        self, actions: Collection[str], conditions: Mapping[str, Mapping[str, Any]] | None = None
    ) -> Statement:
        """Return a statement that allows `actions` with the key under `conditions`."""
        found = dict(conditions or {})
        if self.alias is not None:
            found["ForAnyValue:StringEquals"] = {"kms:ResourceAliases": [self.alias]}
        return allow(list(actions), [self.resource], found)


def through(
    key: GrantableKey | None,
    actions: Collection[str],
    endpoint: str,
    context: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Statement]:
    """Return what the use of something encrypted needs of its key: nothing without a key.

    Args:
        key: the key.
        actions: what is done with it.
        endpoint: the service of AWS that does it in the caller's name, such as
            s3.eu-west-1.amazonaws.com; the caller can't use the key by itself.
        context: conditions on the encryption context that the service sends.
    """
    if key is None or not actions:
        return []
    conditions = {operator: dict(found) for operator, found in (context or {}).items()}
    conditions.setdefault("StringEquals", {})["kms:ViaService"] = endpoint
    return [key.allow(actions, conditions)]
