"""Priorities of listener rules that don't shuffle when a service is added or removed."""

import hashlib
from typing import Final

PATH_LENGTH: Final = 128
"""Longest path of a rule's condition (Elastic Load Balancing's limit)."""

SLOTS: Final = 190
"""Priorities shared by the routes of one path length: 2 x 128 x 190 stays below 50,000."""


def rule_priority(service: str, path: str, host: str | None, explicit: int | None) -> int:
    """Return the priority of a service's listener rule, 1 (first) to 48,640.

    A rule with a host precedes those without, a longer path precedes a shorter one, and an exact
    path precedes a prefix of the same length. Among equals the service's name decides, by a hash:
    the number depends on nothing but the route itself.
    """
    if explicit is not None:
        return explicit
    literal = len(path.removesuffix("*"))
    exact = not path.endswith("*")
    rank = (0 if host else PATH_LENGTH) + (PATH_LENGTH - literal)
    slot = int.from_bytes(hashlib.sha256(service.encode()).digest()[:4]) % (SLOTS // 2)
    return rank * SLOTS + slot + (0 if exact else SLOTS // 2) + 1
