"""IPv4 blocks in settings."""

from ipaddress import IPv4Network
from typing import Annotated

from pydantic import AfterValidator, Field

Ipv4Block = Annotated[IPv4Network, Field(strict=False)]


def _distinct(blocks: tuple[IPv4Network, ...]) -> tuple[IPv4Network, ...]:
    for position, block in enumerate(blocks):
        for other in blocks[:position]:
            if block.overlaps(other):
                raise ValueError(f"{block} overlaps {other}; name each address once")
    return blocks


Ipv4Blocks = Annotated[tuple[Ipv4Block, ...], Field(max_length=40), AfterValidator(_distinct)]
"""Distinct IPv4 blocks; 40 at most, within the 60 rules that a security group holds."""

EVERYWHERE = IPv4Network("0.0.0.0/0")
