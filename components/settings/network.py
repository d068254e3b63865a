"""Settings of the network."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from components.settings.base import Model, RetentionDays

LARGEST_VPC, SMALLEST_VPC = 16, 20

PRIVATE_BLOCKS = tuple(
    IPv4Network(block)
    for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
"""Blocks for networks of one's own: RFC 1918 and RFC 6598."""


def _usable_vpc(block: IPv4Network) -> IPv4Network:
    if not LARGEST_VPC <= block.prefixlen <= SMALLEST_VPC:
        raise ValueError(
            f"the prefix must be from /{LARGEST_VPC} (the largest VPC) to /{SMALLEST_VPC} "
            "(the smallest that holds subnets for six zones)"
        )
    if not any(block.subnet_of(usable) for usable in PRIVATE_BLOCKS):
        raise ValueError(
            "the block must be private (RFC 1918: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, "
            "or RFC 6598: 100.64.0.0/10)"
        )
    return block


class FlowLogsSettings(Model):
    """VPC flow logs, sent to CloudWatch Logs."""

    enabled: bool = True
    """Record accepted and rejected connections. About 0.50 USD per GB ingested."""
    retention_days: RetentionDays = 14
    """Days for which the records are kept."""


class NetworkSettings(Model):
    """The VPC: its address block, its zones and its way out."""

    cidr: Annotated[IPv4Network, Field(strict=False), AfterValidator(_usable_vpc)] = IPv4Network(
        "10.0.0.0/16"
    )
    """The VPC's IPv4 block, from /16 to /20. It can't be changed later without a new VPC."""
    zones: Annotated[int, Field(ge=1, le=6)] = 3
    """Number of availability zones, 1 to 6 (2 at least with a load balancer or EKS)."""
    nat: Literal["none", "single", "per-zone"] = "per-zone"
    """NAT gateways for private subnets. A gateway is 0.045 USD an hour (33 USD a month) and 0.045
    USD per GB in us-east-1; `single` is cheaper and goes down with its zone, `none` leaves private
    subnets without internet."""
    flow_logs: FlowLogsSettings = FlowLogsSettings()
    """VPC flow logs."""
