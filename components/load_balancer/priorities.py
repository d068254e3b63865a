"""Priorities of listener rules that don't shuffle when a service is added or removed."""

import hashlib
from typing import Final

PATH_LENGTH: Final = 128
"""Longest path of a rule's condition (Elastic Load Balancing's limit)."""

COMMON_LENGTH: Final = 32
"""Longest path of which a stack may have many."""

COMMON_SLOTS, RARE_SLOTS = 600, 60
"""Priorities shared by the routes of one path length, up to the common length and beyond it. With
and without a host they are 2 x (32 x 600 + 96 x 60), which stays below 50,000. Of ten prefixes of
one length two have the same number in one stack of seven."""

ALL_SLOTS: Final = COMMON_LENGTH * COMMON_SLOTS + (PATH_LENGTH - COMMON_LENGTH) * RARE_SLOTS

TIERS: Final = {1: (9, 19), 2: (3, 9), 3: (0, 3)}
"""Where routes with one, two, and three or more conditions besides host and path begin and end, in
nineteenths of half the slots of a path length: more conditions come first."""


def rule_priority(
    service: str, path: str, host: str | None, explicit: int | None, conditions: int = 0
) -> int:
    """Return the priority of a service's listener rule, 1 (first) to 49,920.

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
    first = 1 if host else 1 + ALL_SLOTS
    length = len(path.removesuffix("*"))
    digest = int.from_bytes(hashlib.sha256(service.encode()).digest()[:4])
    if conditions:
        start, half = _slots(min(length + 1, PATH_LENGTH))
        low, high = (half * part // 19 for part in TIERS[min(conditions, max(TIERS))])
        return first + start + half + low + digest % (high - low)
    start, half = _slots(length)
    exact = not path.endswith("*")
    return first + start + digest % half + (0 if exact else half)


def _slots(length: int) -> tuple[int, int]:
    """Return where the slots of a path length begin, and half their number."""
    if length > COMMON_LENGTH:
        return (PATH_LENGTH - length) * RARE_SLOTS, RARE_SLOTS // 2
    longer = (PATH_LENGTH - COMMON_LENGTH) * RARE_SLOTS
    return longer + (COMMON_LENGTH - length) * COMMON_SLOTS, COMMON_SLOTS // 2
