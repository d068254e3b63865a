"""What all that services can be granted have in common."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import NAME, Model, matching

GrantableName = Annotated[str, Field(max_length=40), NAME]
"""Leaves room for project, stack, region and account in the shortest limit, a bucket's 63."""

KeyName = Annotated[str, Field(max_length=40)]
"""The name of a key declared under `keys`."""

EXAMPLE_ARNS: Final[Mapping[str, str]] = {
    "queue": "arn:aws:sqs:eu-west-1:111122223333:orders",
    "topic": "arn:aws:sns:eu-west-1:111122223333:orders",
    "bucket": "arn:aws:s3:::team-documents",
    "table": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
    "event bus": "arn:aws:events:eu-west-1:111122223333:event-bus/orders",
    "key": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
}
"""What an ARN of each kind looks like, for messages."""

PLACE: Final = r"[a-z]{2}[a-z-]*-\d:\d{12}"
"""Region and account of an ARN."""


def arn_of(kind: str, resource: str) -> AfterValidator:
    """Require the full ARN of one thing of a kind.

    Args:
        kind: the kind, one of EXAMPLE_ARNS.
        resource: pattern of what follows `arn:aws:`.
    """
    return matching(
        rf"arn:aws(-cn|-us-gov)?:{resource}",
        f"must be the full ARN of one {kind}, such as {EXAMPLE_ARNS[kind]}",
    )


class Grantable(Model):
    """Something that services can be granted."""

    kind: ClassVar[str]
    """What it is called in messages."""
    levels: ClassVar[tuple[str, ...]]
    """Access levels that a service can be granted to it."""


class Declared(Grantable):
    """Something that this stack creates, unless `arn` names one that exists already."""

    of_existing: ClassVar[frozenset[str]] = frozenset({"arn", "key"})
    """Settings that an existing one may have."""
    only_existing: ClassVar[frozenset[str]] = frozenset({"arn"})
    """Settings that only an existing one may have."""

    @model_validator(mode="after")
    def _existing_is_not_changed(self) -> Self:
        given = self.model_fields_set
        if "arn" in given and getattr(self, "arn", None) is not None:
            others = self._keys(given - self.of_existing)
            if others:
                raise ValueError(
                    f"arn names an existing {self.kind}, which this stack doesn't change: remove "
                    f"{others}, or remove arn to create a {self.kind}"
                )
        elif given & self.only_existing - {"arn"}:
            raise ValueError(
                f"{self._keys(given & self.only_existing - {'arn'})} is about an existing "
                f"{self.kind}: give its arn, or remove it"
            )
        return self

    def _keys(self, names: frozenset[str] | set[str]) -> str:
        fields = type(self).model_fields
        return " and ".join(sorted(fields[name].alias or name for name in names))
