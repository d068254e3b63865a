"""Subnets of every VPC size and number of zones fit, apart, and hold a load balancer."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations
from math import ceil, log2

import pytest

from components.network.subnets import subnet_masks
from components.settings.network import LARGEST_VPC, SMALLEST_VPC

CASES = [(prefix, zones) for prefix in range(16, 21) for zones in range(1, 7)]


def laid_out(vpc: IPv4Network, zones: int, *, isolated: bool = True) -> list[list[IPv4Network]]:
    """Lay out as awsx does: an equal block to a zone, in it each subnet at a multiple of its size.

    Returns:
        The subnets of each zone: public, isolated where it is asked for, private.
    """
    masks = subnet_masks(vpc, zones)
    sizes = [masks.public, masks.isolated, masks.private]
    blocks = list(vpc.subnets(prefixlen_diff=ceil(log2(zones))))[:zones]
    return [in_a_row(block, sizes if isolated else [sizes[0], sizes[2]]) for block in blocks]


def in_a_row(block: IPv4Network, masks: Sequence[int]) -> list[IPv4Network]:
    end, found = int(block.network_address), []
    for mask in masks:
        size = 2 ** (32 - mask)
        start = -(-end // size) * size
        found.append(IPv4Network(f"{IPv4Address(start)}/{mask}"))
        end = start + size
    return found


def test_every_valid_vpc_is_tried() -> None:
    assert (LARGEST_VPC, SMALLEST_VPC) == (16, 20)


@pytest.mark.parametrize(("prefix", "zones"), CASES)
@pytest.mark.parametrize("isolated", [False, True])
def test_all_subnets_fit_into_the_vpc_and_do_not_overlap(
    prefix: int, zones: int, *, isolated: bool
) -> None:
    vpc = IPv4Network(f"10.0.0.0/{prefix}")
    subnets = [subnet for zone in laid_out(vpc, zones, isolated=isolated) for subnet in zone]
    assert len(subnets) == (3 if isolated else 2) * zones
    assert all(subnet.subnet_of(vpc) for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))


@pytest.mark.parametrize(("prefix", "zones"), CASES)
def test_the_isolated_tier_moves_no_other_subnet(prefix: int, zones: int) -> None:
    vpc = IPv4Network(f"10.0.0.0/{prefix}")
    without = laid_out(vpc, zones, isolated=False)
    assert [[public, private] for public, _, private in laid_out(vpc, zones)] == without


@pytest.mark.parametrize(("prefix", "zones"), CASES)
def test_public_subnets_hold_a_load_balancer_and_private_ones_most_of_the_addresses(
    prefix: int, zones: int
) -> None:
    masks = subnet_masks(IPv4Network(f"10.0.0.0/{prefix}"), zones)
    assert masks.public <= 27
    assert 2 ** (32 - masks.isolated) >= 64
    assert 2 ** (32 - masks.private) >= 256
    assert masks.private < masks.isolated
    assert masks.private < masks.public


def test_the_default_vpc_is_laid_out_as_it_always_was() -> None:
    first, second, _ = laid_out(IPv4Network("10.0.0.0/16"), 3)
    assert [str(subnet) for subnet in first] == ["10.0.0.0/24", "10.0.8.0/21", "10.0.32.0/19"]
    assert [str(subnet) for subnet in second] == ["10.0.64.0/24", "10.0.72.0/21", "10.0.96.0/19"]


@pytest.mark.parametrize(
    ("few", "more", "moved"),
    [(3, 4, False), (5, 6, False), (1, 2, True), (2, 3, True), (4, 5, True)],
)
def test_more_zones_move_the_subnets_that_are_there_as_the_setting_says(
    few: int, more: int, *, moved: bool
) -> None:
    vpc = IPv4Network("10.0.0.0/16")
    assert (subnet_masks(vpc, few) != subnet_masks(vpc, more)) == moved
