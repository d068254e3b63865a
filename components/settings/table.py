"""Settings of a table."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from components.settings.base import Model, matching
from components.settings.grantable import PLACE, Declared, KeyName, arn_of

IndexName = Annotated[
    str,
    Field(max_length=255),
    matching(
        r"[A-Za-z0-9_.-]{3,}",
        "must be at least 3 letters, digits, dots, hyphens and underscores",
    ),
]
INDEXES_PER_TABLE = 20
"""DynamoDB's default quota of global secondary indexes."""


class TableKeySettings(Model):
    """An attribute that items are found by."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    """The attribute's name."""
    type: Literal["string", "number", "binary"] = "string"
    """The attribute's type."""


class TableIndexSettings(Model):
    """A global secondary index: all attributes of a table's items, found by other keys."""

    partition_key: TableKeySettings
    """The attribute by which items are spread."""
    sort_key: TableKeySettings | None = None
    """The attribute by which items with the same partition key are sorted; none by default."""


class TableSettings(Declared):
    """A DynamoDB table: billed by use, encrypted, recoverable, reached over TLS only; or existing.

    0.25 USD per GB and month (the first 25 GB free), 0.125 USD for a million reads and 0.625 USD
    for a million writes of up to 4 KB and 1 KB; point-in-time recovery 0.20 USD per GB and month
    (us-east-1). Each index is billed like a table.
    """

    kind: ClassVar[str] = "table"
    levels: ClassVar[tuple[str, ...]] = ("read", "write")

    arn: Annotated[str, arn_of("table", rf"dynamodb:{PLACE}:table/[\w.-]{{3,255}}")] | None = None
    """ARN of an existing table, such as another team's, to use instead of creating one. In another
    account its own policy has to admit this one."""
    key: KeyName | None = None
    """A key declared under `keys`, by its ARN, that encrypts the table; DynamoDB's own, which is
    free, by default. Removing this setting later changes nothing: the provider leaves a table on
    the key that it has. For an existing table, the key that it is encrypted with."""
    partition_key: TableKeySettings = TableKeySettings(name="id")
    """The attribute by which items are spread; a text named id by default. Changing it replaces the
    table, and its items are lost."""
    sort_key: TableKeySettings | None = None
    """The attribute by which items with the same partition key are sorted; none by default.
    Changing it replaces the table."""
    indexes: Annotated[dict[IndexName, TableIndexSettings], Field(max_length=INDEXES_PER_TABLE)] = (
        Field(default_factory=dict)
    )
    """Global secondary indexes by name, at most 20."""
    ttl_attribute: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    """The attribute that holds, in seconds since 1970, when DynamoDB deletes an item; none by
    default."""
    point_in_time_recovery: bool = True
    """Whether the table can be restored to any second of the last 35 days; 0.20 USD per GB and
    month (us-east-1)."""
    deletion_protection: bool = True
    """Refuse to delete the table. To delete the stack, set it to false and deploy that first."""

    @property
    def keys_used(self) -> tuple[TableKeySettings, ...]:
        """Return the key attributes of the table and its indexes, as often as they are named."""
        found = [self.partition_key, self.sort_key]
        for index in self.indexes.values():
            found += [index.partition_key, index.sort_key]
        return tuple(key for key in found if key)

    @model_validator(mode="after")
    def _each_attribute_has_one_type(self) -> Self:
        types: dict[str, str] = {}
        for key in self.keys_used:
            if types.setdefault(key.name, key.type) != key.type:
                raise ValueError(
                    f"the attribute {key.name} is {types[key.name]} in one key and {key.type} in "
                    "another; an attribute has one type"
                )
        return self

    @model_validator(mode="after")
    def _the_keys_of_an_index_differ(self) -> Self:
        pairs = {"the table": (self.partition_key, self.sort_key)}
        pairs |= {
            f"index {name}": (index.partition_key, index.sort_key)
            for name, index in self.indexes.items()
        }
        for where, (partition, sort) in pairs.items():
            if sort is not None and sort.name == partition.name:
                raise ValueError(
                    f"{where} has {sort.name} as partition key and as sort key; choose two "
                    "attributes, or leave sortKey out"
                )
        return self
