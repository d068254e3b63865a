"""What Fargate and NAT gateways cost, in USD: list prices without discounts or taxes.

Source: the AWS price list, read in September and October 2026 (https://aws.amazon.com/fargate/pricing/,
https://aws.amazon.com/vpc/pricing/). Spot prices float: theirs are a snapshot. A region or kind
whose price wasn't read is estimated with that of us-east-1, and messages say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

HOURS: Final = 730
"""Hours of a month, as AWS's own calculator has them."""

HOME: Final = "us-east-1"

FREE_STORAGE_GB: Final = 20
"""Ephemeral storage that is included with a task, in GiB."""


@dataclass(frozen=True)
class Rate:
    """What Fargate costs.

    Attributes:
        vcpu: USD for a vCPU and hour.
        gb: USD for a GB of memory and hour.
    """

    vcpu: Decimal
    gb: Decimal


def _rates(*rows: tuple[str, str, str]) -> dict[str, Rate]:
    return {
        region: Rate(Decimal(vcpu), Decimal(gb))
        for regions, vcpu, gb in rows
        for region in regions.split()
    }


X86: Final = "X86_64"
ARM: Final = "ARM64"

ON_DEMAND: Final[Mapping[str, Mapping[str, Rate]]] = {
    X86: _rates(
        ("us-east-1 us-east-2 us-west-2 eu-west-1", "0.04048", "0.004445"),
        ("us-west-1 eu-central-1 eu-west-2 ap-northeast-2", "0.04656", "0.00511"),
        ("ca-central-1", "0.04456", "0.004865"),
        ("eu-north-1", "0.0445", "0.0049"),
        ("eu-west-3 eu-south-1", "0.0486", "0.0053"),
        ("ap-south-1", "0.04256", "0.004655"),
        ("ap-southeast-2", "0.04856", "0.00532"),
        ("ap-southeast-1 ap-northeast-1", "0.05056", "0.00553"),
        ("sa-east-1", "0.0696", "0.0076"),
    ),
    ARM: _rates(
        ("us-east-1 eu-west-1", "0.03238", "0.00356"),
        ("eu-west-2 ap-northeast-2", "0.03725", "0.00409"),
        ("ap-south-1", "0.02383", "0.00261"),
        ("sa-east-1", "0.0557", "0.00612"),
    ),
}
SPOT: Final[Mapping[str, Mapping[str, Rate]]] = {
    X86: _rates((HOME, "0.01288871", "0.00141527")),
    ARM: _rates((HOME, "0.01030969", "0.00113349")),
}
"""Linux, by architecture and region. Those of Spot are about a third of those on demand."""

EXTRA_STORAGE: Final = Decimal("0.000111")
"""A GB of ephemeral storage beyond the free ones and hour, in us-east-1."""

NAT_GATEWAY: Final = Decimal("0.045")
"""A NAT gateway and hour, in us-east-1; each GB through it costs as much again."""


@dataclass(frozen=True)
class Price:
    """What something costs.

    Attributes:
        amount: USD an hour.
        of_region: whether it is the region's own price, not that of us-east-1.
    """

    amount: Decimal
    of_region: bool


def task_price(
    vcpu: Decimal, gb: Decimal, *, storage: int, architecture: str, spot: bool, region: str
) -> Price:
    """Return what a Linux task costs.

    Args:
        vcpu: its vCPU.
        gb: its memory in GB.
        storage: its ephemeral storage in GB.
        architecture: X86 or ARM.
        spot: whether it is Spot capacity.
        region: where it runs; an empty text where that isn't known.
    """
    rates = (SPOT if spot else ON_DEMAND)[architecture]
    rate = rates.get(region, rates[HOME])
    extra = max(storage - FREE_STORAGE_GB, 0)
    return Price(
        vcpu * rate.vcpu + gb * rate.gb + extra * EXTRA_STORAGE,
        region in rates and (not extra or region == HOME),
    )
