"""Settings of a secret and of a parameter: where they are, never what they hold."""

import re
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import matching
from components.settings.grantable import PLACE, Grantable, KeyName

MOST_LEVELS = 15
"""Levels that Parameter Store allows in a hierarchy."""


class SecretSettings(Grantable):
    """An existing secret of Secrets Manager: 0.40 USD a month, 0.05 USD for 10,000 reads."""

    kind: ClassVar[str] = "secret"
    levels: ClassVar[tuple[str, ...]] = ("read",)

    arn: Annotated[
        str,
        matching(
            rf"arn:aws(-cn|-us-gov)?:secretsmanager:{PLACE}:secret:[\w/+=.@-]{{1,512}}"
            r"-[A-Za-z0-9]{6}",
            "must be the full ARN of one secret, with the hyphen and six random characters that "
            "Secrets Manager adds to its name, such as arn:aws:secretsmanager:eu-west-1:"
            "111122223333:secret:shop/database-a1B2c3",
        ),
    ]
    """The secret's full ARN. Nothing shorter is exact: without the six random characters at its end
    it would fit a secret of the same name made later."""
    key: KeyName | None = None
    """A key declared under `keys` that the secret is encrypted with; none for the account's AWS
    managed key for Secrets Manager, the default. A secret of another account needs one, by its ARN;
    the secret's policy and the key's have to admit this account."""


def _not_awss(name: str) -> str:
    if re.match(r"/?(aws|ssm)", name, re.IGNORECASE):
        raise ValueError("begins with aws or ssm, which AWS keeps to itself")
    if name.count("/") > MOST_LEVELS:
        raise ValueError(f"has more than {MOST_LEVELS} levels, the most that there are")
    return name


class ParameterSettings(Grantable):
    """An existing parameter of Parameter Store, or all below a path; standard ones are free."""

    kind: ClassVar[str] = "parameter"
    levels: ClassVar[tuple[str, ...]] = ("read",)

    name: (
        Annotated[
            str,
            Field(max_length=900),
            matching(
                r"[\w.-]+|(/[\w.-]+)+",
                "must be letters, digits and . - _, and with levels begin with /, such as "
                "/shop/database/host",
            ),
            AfterValidator(_not_awss),
        ]
        | None
    ) = None
    """The parameter's name, in this stack's account and region; instead of path."""
    path: (
        Annotated[
            str,
            Field(max_length=900),
            matching(
                r"(/[\w.-]+)+", "must begin with / and not end with it, such as /shop/production"
            ),
            AfterValidator(_not_awss),
        ]
        | None
    ) = None
    """A level of the hierarchy below which services may read everything; instead of name."""
    key: KeyName | None = None
    """A key declared under `keys` that a SecureString is encrypted with; none for the account's AWS
    managed key for Parameter Store, the default."""

    @model_validator(mode="after")
    def _is_one_or_a_path(self) -> Self:
        if (self.name is None) == (self.path is None):
            given = "has both" if self.name else "has neither of"
            raise ValueError(
                f"{given} name and path; give name for one parameter, or path for all below it"
            )
        return self
