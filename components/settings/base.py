"""What every settings model has in common."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
)  # fmt: skip
"""Days for which CloudWatch Logs can keep a log group (PutRetentionPolicy's documentation)."""


def matching(pattern: str, meaning: str) -> AfterValidator:
    r"""Require text to match `pattern` as a whole, and say `meaning` where it doesn't.

    Letters and digits (\w, \d) are those of ASCII, since AWS takes no others in names.
    """
    compiled = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(meaning)
        return text

    check.__doc__ = meaning
    return AfterValidator(check)


NAME = matching(
    r"[a-z](?:-?[a-z0-9])*",
    "must be lower-case letters, digits and single hyphens, and start with a letter",
)
"""Valid at once in target groups, Kubernetes objects, IAM roles, log groups and DNS labels."""


def each_once(given: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a list that names something twice."""
    for position, name in enumerate(given):
        if name in given[:position]:
            raise ValueError(f"{name} is named twice")
    return given


class Model(BaseModel):
    """A frozen model whose keys are camelCase in the stack file and unknown keys an error.

    Python code names fields as Python does; stack files are read by alias only (`Settings.parse`).
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
        validate_default=True,
        use_attribute_docstrings=True,
    )


def _known_retention(days: int) -> int:
    if days not in RETENTION_DAYS:
        allowed = ", ".join(str(known) for known in RETENTION_DAYS)
        raise ValueError(f"CloudWatch keeps logs for one of these numbers of days: {allowed}")
    return days


_known_retention.__doc__ = f"must be one of {', '.join(map(str, RETENTION_DAYS))}"
RetentionDays = Annotated[int, AfterValidator(_known_retention)]
