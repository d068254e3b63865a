"""Subnet sizes."""

from ipaddress import IPv4Network
from math import ceil, log2
from typing import Final, NamedTuple

SMALLEST_PUBLIC_SUBNET: Final = 27
"""The smallest subnet that takes a load balancer (Elastic Load Balancing user guide, "Subnets for
your load balancer": at least /27, with eight free addresses)."""


class SubnetMasks(NamedTuple):
    """Prefix lengths of each zone's subnets."""

    public: int
    private: int


def subnet_masks(vpc: IPv4Network, zones: int) -> SubnetMasks:
    """Share a VPC's block out among its zones.

    Each zone gets an equal block; its lower half is the private subnet, where every task, pod and
    endpoint takes an address; a small public one holds the load balancer and NAT gateways. The
    rest stays free, for tiers to come.
    """
    zone = vpc.prefixlen + ceil(log2(zones))
    return SubnetMasks(
        public=min(SMALLEST_PUBLIC_SUBNET, zone + 6),
        private=zone + 1,
    )
