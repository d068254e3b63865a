"""Settings of a key."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from components.settings.base import matching
from components.settings.grantable import PLACE, Grantable, arn_of


class KeySettings(Grantable):
    """An existing KMS key: 1 USD a month, 0.03 USD for 10,000 requests (us-east-1).

    Its key policy has to leave access to IAM, as KMS's default policy does.
    """

    kind: ClassVar[str] = "key"
    levels: ClassVar[tuple[str, ...]] = ("encrypt", "decrypt", "sign", "verify")

    alias: (
        Annotated[
            str,
            Field(max_length=256),
            matching(
                r"alias/(?!aws/)[\w/-]+",
                "must begin with alias/ (not with alias/aws/: AWS's own keys admit whoever may use "
                "their service), such as alias/documents",
            ),
        ]
        | None
    ) = None
    """An alias of the key, in this stack's account and region; instead of arn. Whichever key has
    the alias is the one that services may use."""
    arn: Annotated[str, arn_of("key", rf"kms:{PLACE}:key/(mrk-)?[0-9a-f-]{{32,36}}")] | None = None
    """The key's ARN, not an alias'; instead of alias."""

    @model_validator(mode="after")
    def _is_named_once(self) -> Self:
        if (self.alias is None) == (self.arn is None):
            given = "has both" if self.alias else "has neither of"
            raise ValueError(f"{given} alias and arn; give one of them")
        return self
