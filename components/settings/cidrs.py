"""IPv4 blocks in settings."""

from collections.abc import Iterable
from ipaddress import IPv4Network, collapse_addresses
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field


def _text(given: object) -> object:
    """Refuse a number, which would be an address too."""
    if isinstance(given, int | float):
        raise ValueError("must be an IPv4 block in quotes, such as 203.0.113.0/24")  # noqa: TRY004 - pydantic takes a ValueError
    return given


Ipv4Block = Annotated[IPv4Network, Field(strict=False), BeforeValidator(_text)]


def _distinct(blocks: tuple[IPv4Network, ...]) -> tuple[IPv4Network, ...]:
    for position, block in enumerate(blocks):
        for other in blocks[:position]:
            if block.overlaps(other):
                raise ValueError(f"{block} overlaps {other}; name each address once")
    return blocks


Ipv4Blocks = Annotated[tuple[Ipv4Block, ...], Field(max_length=40), AfterValidator(_distinct)]
"""Distinct IPv4 blocks; 40 at most, within the 60 rules that a security group holds."""

EVERYWHERE = IPv4Network("0.0.0.0/0")


def hold_everything(blocks: Iterable[IPv4Network]) -> bool:
    """Say whether blocks are the whole internet, in one piece or in several."""
    return EVERYWHERE in collapse_addresses(blocks)
