"""Tables that services keep items in."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.grants import GrantableKey, GrantableTable
from components.iam import document, tls_only
from components.settings import TableSettings

TYPES: Final[Mapping[str, str]] = {"string": "S", "number": "N", "binary": "B"}

ITEM_ACTIONS: Final = (
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:UpdateItem",
)
"""All that reads or writes items; a table's policy takes no dynamodb:* (DynamoDB developer guide,
"API operations supported by resource-based policies")."""


class Table(pulumi.ComponentResource):
    """A DynamoDB table.

    Creates a table, billed by use, encrypted by DynamoDB or with a given key, recoverable to any
    second of the last 35 days and protected from deletion; and a policy that refuses requests for
    items without TLS.

    Cost (us-east-1): 0.25 USD per GB and month, 0.20 USD more for recovery; 0.125 USD for a million
    reads, 0.625 USD for a million writes.
    """

    arn: pulumi.Output[str]
    """ARN, known in the first preview."""
    table_name: pulumi.Output[str]
    """The table's name, known in the first preview."""
    grantable: GrantableTable
    """The table, as services are granted it."""

    def __init__(
        self,
        name: str,
        settings: TableSettings,
        *,
        environment: Environment,
        key: GrantableKey | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:table:Table", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        table = aws.dynamodb.Table(
            f"{name}-table",
            name=environment.regional_name(name, limit=255),
            billing_mode="PAY_PER_REQUEST",
            hash_key=settings.partition_key.name,
            range_key=settings.sort_key.name if settings.sort_key else None,
            attributes=_attributes(settings),
            global_secondary_indexes=_indexes(settings),
            ttl=aws.dynamodb.TableTtlArgs(attribute_name=settings.ttl_attribute, enabled=True)
            if settings.ttl_attribute
            else None,
            point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(
                enabled=settings.point_in_time_recovery
            ),
            deletion_protection_enabled=settings.deletion_protection,
            # Without a block DynamoDB encrypts with a key of its own, at no cost.
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(
                enabled=True, kms_key_arn=key.id
            )
            if key
            else None,
            opts=child,
        )
        self.table_name = table.name
        self.arn = environment.arn("dynamodb", pulumi.Output.concat("table/", table.name))
        aws.dynamodb.ResourcePolicy(
            f"{name}-tls-only",
            resource_arn=table.arn,
            policy=document(
                [tls_only(ITEM_ACTIONS, [self.arn, pulumi.Output.concat(self.arn, "/index/*")])]
            ),
            opts=child,
        )
        self.grantable = GrantableTable(
            self.arn, self.table_name, environment.endpoint("dynamodb"), key
        )
        self.register_outputs({"arn": self.arn, "tableName": self.table_name})


def _attributes(settings: TableSettings) -> Sequence[aws.dynamodb.TableAttributeArgs]:
    """Return the attributes of all keys: DynamoDB wants these declared, and no others."""
    types = {key.name: TYPES[key.type] for key in settings.keys_used}
    return [
        aws.dynamodb.TableAttributeArgs(name=name, type=type_)
        for name, type_ in sorted(types.items())
    ]


def _indexes(
    settings: TableSettings,
) -> Sequence[aws.dynamodb.TableGlobalSecondaryIndexArgs] | None:
    return [
        aws.dynamodb.TableGlobalSecondaryIndexArgs(
            name=name,
            projection_type="ALL",
            key_schemas=[
                aws.dynamodb.TableGlobalSecondaryIndexKeySchemaArgs(
                    attribute_name=key.name, key_type=kind
                )
                for key, kind in ((index.partition_key, "HASH"), (index.sort_key, "RANGE"))
                if key
            ],
        )
        for name, index in sorted(settings.indexes.items())
    ] or None
