"""IAM roles by which people reach something."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from components.settings.base import matching

RoleArn = Annotated[
    str,
    matching(
        r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+",
        "must be the ARN of an IAM role, such as arn:aws:iam::111122223333:role/Admin",
    ),
]


def _each_once(values: Sequence[str]) -> Sequence[str]:
    for position, value in enumerate(values):
        if value in values[:position]:
            raise ValueError(f"{value} is named twice")
    return values


RoleArns = Annotated[tuple[RoleArn, ...], Field(max_length=20), AfterValidator(_each_once)]
