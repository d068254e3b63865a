"""IP address blocks."""

import ipaddress
from typing import Final

_WORLD_BITS: Final = {4: 7, 6: 15}
"""Blocks with at most this many network bits count as the world: two halves are as open as it."""


def is_block(text: str) -> bool:
    """Whether a text is an IP address block such as 10.0.0.0/16."""
    return _block(text) is not None


def is_world(text: str) -> bool:
    """Whether a block is the whole internet or so much of it that it makes no difference."""
    block = _block(text)
    return block is not None and block.prefixlen <= _WORLD_BITS[block.version]


def _block(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
