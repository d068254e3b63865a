"""How awsx lays subnets out in a VPC: per zone a block, in it the specs one after another."""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.standins.components import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ORDER = {"public": 0, "private": 1, "isolated": 2}
_TYPES = ("Public", "Private", "Isolated", "Unused")
_SMALLEST_ZONE = 26  # prefix length that awsx's default layout needs for each zone
_WIDEST_DEFAULT = 16  # of a wider block the default layout uses the first /16 only


@dataclass(frozen=True)
class Spec:
    """One kind of subnet, made once in each zone.

    Attributes:
        type: Public, Private, Isolated or Unused.
        mask: prefix length, or None for an equal share of the zone's block.
        blocks: explicit CIDR blocks, one for each zone, or none.
        name: middle part of the subnets' names.
        tags: tags of the subnets.
    """

    type: str
    mask: int | None = None
    blocks: tuple[str, ...] = ()
    name: str = ""
    tags: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Subnet:
    """One subnet to be made.

    Attributes:
        name: its logical name.
        type: Public, Private or Isolated.
        zone: availability zone.
        cidr: its CIDR block.
        tags: its own tags.
    """

    name: str
    type: str
    zone: str
    cidr: str
    tags: Mapping[str, Any]


def parse(component: str, given: Sequence[Mapping[str, Any]]) -> list[Spec]:
    """The specs as given by a program.

    Raises:
        InputPropertyError: a spec has an argument that isn't modelled or isn't allowed.
    """
    specs = []
    for index, spec in enumerate(given):
        path = f"subnetSpecs[{index}]"
        known = {"type", "cidrMask", "cidrBlocks", "name", "size", "tags"}
        for key in spec.keys() - known:
            refuse(component, f"{path}.{key}", "is not modelled by the sandbox")
        if spec.get("type") not in _TYPES:
            refuse(component, f"{path}.type", f"must be one of {', '.join(_TYPES)}")
        mask = spec.get("cidrMask")
        if mask is None and spec.get("size"):
            mask = 32 - int(math.log2(spec["size"]))
        blocks = tuple(spec.get("cidrBlocks") or ())
        specs.append(
            Spec(
                spec["type"],
                None if mask is None else int(mask),
                blocks,
                spec.get("name") or "",
                spec.get("tags") or {},
            )
        )
    return specs


def layout(
    component: str,
    vpc_cidr: str,
    zones: Sequence[str],
    specs: Sequence[Spec],
    zone_mask: int | None,
) -> tuple[list[Spec], list[Subnet]]:
    """Where each subnet lies.

    Args:
        component: name of the VPC component.
        vpc_cidr: CIDR block of the VPC.
        zones: names of the availability zones.
        specs: the subnets of one zone; empty for awsx's default, one private and one public.
        zone_mask: prefix length of a zone's block; None for equal shares of the VPC.

    Returns:
        The specs with their masks, and the subnets zone by zone, public ones first.

    Raises:
        InputPropertyError: the subnets don't fit.
    """
    network = ipaddress.ip_network(vpc_cidr)
    block = zone_mask or network.prefixlen + _bits(len(zones))
    if not specs:
        if block > _SMALLEST_ZONE:
            refuse(component, "cidrBlock", f"must leave each zone a /{_SMALLEST_ZONE}")
        widest = max(block, _WIDEST_DEFAULT)
        specs = [Spec("Private", widest + 1), Spec("Public", widest + 2)]
    share = block + _bits(len(specs))
    sized = [Spec(s.type, s.mask or share, s.blocks, s.name, s.tags) for s in specs]
    if any(spec.blocks for spec in specs):
        _check_explicit(component, specs, zones)
        return list(specs), _explicit(component, specs, zones)
    zone_size = 2 ** (32 - block)
    offsets, needed = _offsets([2 ** (32 - (spec.mask or share)) for spec in sized])
    if needed > zone_size:
        reason = f"need {needed} addresses in each zone, which has {zone_size}"
        refuse(component, "subnetSpecs", reason)
    subnets = []
    for index, zone in enumerate(zones):
        start = int(network.network_address) + index * zone_size
        subnets += _ordered(
            [
                _subnet(component, spec, zone, index, f"{_address(start + offset)}/{spec.mask}")
                for spec, offset in zip(sized, offsets, strict=True)
            ]
        )
    return sized, subnets


def _offsets(sizes: Sequence[int]) -> tuple[list[int], int]:
    """Where blocks of these sizes begin, each aligned to its size, and where the last ends."""
    offsets, end = [], 0
    for size in sizes:
        start = -(-end // size) * size
        offsets.append(start)
        end = start + size
    return offsets, end


def _address(number: int) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(number)


def _check_explicit(component: str, specs: Sequence[Spec], zones: Sequence[str]) -> None:
    for index, spec in enumerate(specs):
        if len(spec.blocks) != len(zones):
            refuse(
                component,
                f"subnetSpecs[{index}].cidrBlocks",
                f"must hold one block for each of the {len(zones)} availability zones",
            )


def _explicit(component: str, specs: Sequence[Spec], zones: Sequence[str]) -> list[Subnet]:
    found = []
    for index, zone in enumerate(zones):
        here = [_subnet(component, spec, zone, index, spec.blocks[index]) for spec in specs]
        found += _ordered(here)
    return found


def _subnet(component: str, spec: Spec, zone: str, index: int, cidr: str) -> Subnet:
    name = f"{component}-{spec.name or spec.type.lower()}-{index + 1}"
    return Subnet(name, spec.type, zone, cidr, spec.tags)


def _ordered(subnets: list[Subnet]) -> list[Subnet]:
    used = [subnet for subnet in subnets if subnet.type != "Unused"]
    return sorted(used, key=lambda subnet: _ORDER[subnet.type.lower()])


def _bits(count: int) -> int:
    return math.ceil(math.log2(count)) if count else 0
