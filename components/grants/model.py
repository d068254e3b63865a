"""What services can be granted, as services see it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import pulumi

from components.iam import Statement


class Grantable(Protocol):
    """Something that services can be granted, of this stack or not."""

    def statements(self, levels: Collection[str]) -> list[Statement]:
        """Return what a service with these access levels may do, and nothing else."""

    def variables(self) -> Mapping[str, pulumi.Input[str]]:
        """Return what a service has to know to use it, by the end of an environment variable."""


def grant_statements(
    grants: Mapping[str, Sequence[str]], grantables: Mapping[str, Grantable]
) -> list[Statement]:
    """Return the statements of a service's policy, always in the same order.

    Args:
        grants: access levels by the name of what they are for.
        grantables: what can be granted, by name.
    """
    return [
        statement
        for name, levels in sorted(grants.items())
        for statement in grantables[name].statements(levels)
    ]


def grant_environment(
    grants: Mapping[str, Sequence[str]], grantables: Mapping[str, Grantable]
) -> dict[str, pulumi.Input[str]]:
    """Return environment variables by which a service finds what it is granted.

    The queue `new-orders` is found by NEW_ORDERS_QUEUE_URL, a topic by ..._TOPIC_ARN, a bucket by
    ..._BUCKET_NAME, a table by ..._TABLE_NAME, an event bus by ..._EVENT_BUS_ARN, a secret by
    ..._SECRET_ARN, a parameter by ..._PARAMETER_NAME or ..._PARAMETER_PATH, a key by ..._KEY_ID.
    All of them are known in the first preview, and none is secret.
    """
    return {
        f"{name.replace('-', '_').upper()}_{ending}": value
        for name in sorted(grants)
        for ending, value in sorted(grantables[name].variables().items())
    }


def actions_of(levels: Collection[str], offered: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what access levels allow together, each action once.

    Args:
        levels: the levels.
        offered: actions by level; settings let no other level through.
    """
    return sorted({action for level in levels for action in offered[level]})
