"""Buckets and tables, as services are granted them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from components.environment import Environment
from components.grants.keys import READING, WRITING, GrantableKey, through
from components.grants.model import actions_of
from components.iam import Statement, allow

OBJECT_ACTIONS: Final[Mapping[str, Sequence[str]]] = {
    "read": ("s3:GetObject",),
    "write": ("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"),
    "delete": ("s3:DeleteObject",),
}
"""What each access level allows with a bucket's objects. Deleting leaves old versions alone."""

TABLE_ACTIONS: Final[Mapping[str, Sequence[str]]] = {
    "read": ("dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:GetItem"),
    "write": (
        "dynamodb:BatchWriteItem",
        "dynamodb:ConditionCheckItem",
        "dynamodb:DeleteItem",
        "dynamodb:DescribeTable",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    ),
}
"""What each access level allows with a table alone; transactions need no more."""

INDEX_ACTIONS: Final = ("dynamodb:Query", "dynamodb:Scan")
"""What reading allows with a table and its indexes."""


@dataclass(frozen=True)
class GrantableBucket:
    """An S3 bucket.

    Attributes:
        arn, name: which it is, known in the first preview.
        account: who owns it. The ARN doesn't say, so each statement does.
        endpoint: S3 in the bucket's region.
        key: what it is encrypted with, if not S3's own.
        prefix: what keys of objects have to begin with.
    """

    arn: pulumi.Input[str]
    name: pulumi.Input[str]
    account: str
    endpoint: str
    key: GrantableKey | None = None
    prefix: str = ""

    @classmethod
    def existing(
        cls,
        arn: str,
        environment: Environment,
        key: GrantableKey | None,
        *,
        account: str | None,
        prefix: str | None,
    ) -> "GrantableBucket":
        """Return a bucket that exists already; its ARN doesn't say where, but its key's does."""
        return cls(
            arn,
            arn.rsplit(":", maxsplit=1)[-1],
            account or environment.account,
            environment.endpoint("s3", key.region if key else None),
            key,
            prefix or "",
        )

    def statements(self, levels: Collection[str]) -> list[Statement]:
        """Return one statement on the objects, for readers one on the bucket, and one on its key.

        Who reads may list: to others S3 answers a missing object as a forbidden one.
        """
        owned: dict[str, Any] = {"StringEquals": {"aws:ResourceAccount": self.account}}
        found = [
            allow(
                actions_of(levels, OBJECT_ACTIONS),
                [pulumi.Output.concat(self.arn, f"/{self.prefix}*")],
                owned,
            )
        ]
        if "read" in levels:
            below = {"StringLike": {"s3:prefix": [f"{self.prefix}*"]}} if self.prefix else {}
            found.append(allow(["s3:ListBucket"], [self.arn], {**owned, **below}))
        with_key = WRITING if "write" in levels else READING if "read" in levels else ()
        return [*found, *through(self.key, with_key, self.endpoint)]

    def variables(self) -> Mapping[str, pulumi.Input[str]]:
        """Return the bucket's name."""
        return {"BUCKET_NAME": self.name}


@dataclass(frozen=True)
class GrantableTable:
    """A DynamoDB table.

    Attributes:
        arn: where it is, known in the first preview.
        id: what DynamoDB's API takes for its name.
        endpoint: DynamoDB in the table's region.
        key: what it is encrypted with, if not DynamoDB's own.
    """

    arn: pulumi.Input[str]
    id: pulumi.Input[str]
    endpoint: str
    key: GrantableKey | None = None

    @classmethod
    def existing(
        cls, arn: str, environment: Environment, key: GrantableKey | None
    ) -> "GrantableTable":
        """Return a table that exists already; by its ARN, since it may be in another account."""
        return cls(arn, arn, environment.endpoint("dynamodb", arn.split(":")[3]), key)

    def statements(self, levels: Collection[str]) -> list[Statement]:
        """Return one statement on the table, for readers one on its indexes too, one on its key.

        No condition on items: a service's role stands for all of the service's users.
        """
        found = [allow(actions_of(levels, TABLE_ACTIONS), [self.arn])]
        if "read" in levels:
            indexes = pulumi.Output.concat(self.arn, "/index/*")
            found.append(allow(INDEX_ACTIONS, [self.arn, indexes]))
        # DynamoDB reads the table's own key with the caller's right to, for reads and writes alike.
        return [*found, *through(self.key, READING, self.endpoint)]

    def variables(self) -> Mapping[str, pulumi.Input[str]]:
        """Return what DynamoDB's API takes for the table's name."""
        return {"TABLE_NAME": self.id}
