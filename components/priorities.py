"""Priorities of listener rules that don't shuffle when a service is added or removed."""

import hashlib
from typing import Final

PATH_LENGTH: Final = 128
"""Longest path of a rule's condition (Elastic Load Balancing's limit)."""

SLOTS: Final = 190
"""Priorities shared by the routes of one path length: 2 x 128 x 190 stays below 50,000."""

HALF: Final = SLOTS // 2

TIERS: Final = {1: (45, 50), 2: (15, 30), 3: (0, 15)}
"""Where routes with one, two, and three or more conditions besides host and path begin within half
the slots of a path length, and how many of these slots they share: more conditions come first."""


def rule_priority(
    service: str, path: str, host: str | None, explicit: int | None, conditions: int = 0
) -> int:
    """Return the priority of a service's listener rule, 1 (first) to 48,640.

    A rule with a host precedes those without, a longer path precedes a shorter one, and an exact
    path precedes a prefix of the same length. A rule with conditions on methods or headers precedes
    those of its path without; it stands among the prefixes that are one character longer. Among
    equals the service's name decides, by a hash: the number depends on nothing but the route
    itself.

    Args:
        service: its name.
        path: path or prefix.
        host: host, if the rule has that condition.
        explicit: a priority that the settings give.
        conditions: how many conditions there are besides host and path.
    """
    if explicit is not None:
        return explicit
    first = 0 if host else PATH_LENGTH
    rank = first + PATH_LENGTH - len(path.removesuffix("*"))
    digest = int.from_bytes(hashlib.sha256(service.encode()).digest()[:4])
    if conditions:
        start, width = TIERS[min(conditions, max(TIERS))]
        return max(rank - 1, first) * SLOTS + HALF + start + digest % width + 1
    exact = not path.endswith("*")
    return rank * SLOTS + digest % HALF + (0 if exact else HALF) + 1
