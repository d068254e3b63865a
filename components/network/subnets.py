"""Subnet sizes."""

from ipaddress import IPv4Network
from math import ceil, log2
from typing import Final, NamedTuple

SMALLEST_PUBLIC_SUBNET: Final = 27
"""The smallest subnet that takes a load balancer (Elastic Load Balancing user guide, "Subnets for
your load balancer": at least /27, with eight free addresses)."""


class SubnetMasks(NamedTuple):
    """Prefix lengths of each zone's subnets, in the order in which they lie in its block."""

    public: int
    isolated: int
    private: int


def subnet_masks(vpc: IPv4Network, zones: int) -> SubnetMasks:
    """Share a VPC's block out among its zones.

    Each zone gets an equal block; its upper half is the private subnet, where every task, pod and
    endpoint takes an address; a small public one at its beginning holds the load balancer and NAT
    gateways; an isolated one, where it is wanted, is the block's second eighth. The rest stays
    free. Each subnet begins at a multiple of its size after the one before it, so the private one
    lies in the upper half with and without the isolated one.
    """
    zone = vpc.prefixlen + ceil(log2(zones))
    return SubnetMasks(
        public=min(SMALLEST_PUBLIC_SUBNET, zone + 6),
        isolated=zone + 3,
        private=zone + 1,
    )
