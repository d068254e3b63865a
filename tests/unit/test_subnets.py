"""Subnets of every VPC size and number of zones fit, apart, and hold a load balancer."""

from ipaddress import IPv4Network
from itertools import combinations
from math import ceil, log2

import pytest

from components.settings.network import LARGEST_VPC, SMALLEST_VPC
from components.subnets import subnet_masks

CASES = [(prefix, zones) for prefix in range(16, 21) for zones in range(1, 7)]


def laid_out(vpc: IPv4Network, zones: int) -> list[IPv4Network]:
    """Lay out as awsx does: an equal block to a zone, private first, public after it."""
    masks = subnet_masks(vpc, zones)
    blocks = list(vpc.subnets(prefixlen_diff=ceil(log2(zones))))[:zones]
    found = []
    for block in blocks:
        private = next(block.subnets(new_prefix=masks.private))
        public = next(
            candidate
            for candidate in block.subnets(new_prefix=masks.public)
            if candidate.network_address > private.broadcast_address
        )
        found += [private, public]
    return found


def test_every_valid_vpc_is_tried() -> None:
    assert (LARGEST_VPC, SMALLEST_VPC) == (16, 20)


@pytest.mark.parametrize(("prefix", "zones"), CASES)
def test_all_subnets_fit_into_the_vpc_and_do_not_overlap(prefix: int, zones: int) -> None:
    vpc = IPv4Network(f"10.0.0.0/{prefix}")
    subnets = laid_out(vpc, zones)
    assert len(subnets) == 2 * zones
    assert all(subnet.subnet_of(vpc) for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))


@pytest.mark.parametrize(("prefix", "zones"), CASES)
def test_public_subnets_hold_a_load_balancer_and_private_ones_most_of_the_addresses(
    prefix: int, zones: int
) -> None:
    masks = subnet_masks(IPv4Network(f"10.0.0.0/{prefix}"), zones)
    assert masks.public <= 27
    assert 2 ** (32 - masks.private) >= 256
    assert masks.private < masks.public
