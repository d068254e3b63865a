"""Jobs that a function starts, as services are granted to start them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.grants.model import actions_of
from components.iam import Statement, allow

JOB_ACTIONS: Final[Mapping[str, Sequence[str]]] = {"start": ("lambda:InvokeFunction",)}
"""What each access level to a job allows."""


@dataclass(frozen=True)
class GrantableJob:
    """A job that a function starts for whoever calls it.

    Attributes:
        arn, function_name: the function, known in the first preview.
    """

    arn: pulumi.Input[str]
    function_name: pulumi.Input[str]

    def statements(self, levels: Collection[str]) -> list[Statement]:
        """Return one statement on the function."""
        return [allow(actions_of(levels, JOB_ACTIONS), [self.arn])]

    def variables(self) -> Mapping[str, pulumi.Input[str]]:
        """Return the function's name."""
        return {"FUNCTION_NAME": self.function_name}
