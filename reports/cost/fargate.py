"""Tasks and pods on Fargate, and what they cost."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from reports.cost import prices
from reports.cost.model import Compute, Count, Gap, Line, no_price
from reports.cost.sizes import Size, plain
from reports.stack import Resource, Stack

CAPACITY: Final = {"FARGATE": "on demand", "FARGATE_SPOT": "Spot"}


def hourly(
    what: str, size: Size, *, architecture: str, spot: bool, storage: int, region: str | None
) -> Decimal | str:
    """Return what a task or pod costs an hour, or why that isn't known.

    Args:
        what: words for the reason.
        size: its size.
        architecture: as ECS writes it.
        spot: whether it is Spot capacity.
        storage: its ephemeral storage in GB.
        region: where it runs.
    """
    rates = (prices.SPOT if spot else prices.ON_DEMAND).get(architecture, {})
    kind = f"{architecture}, {CAPACITY['FARGATE_SPOT' if spot else 'FARGATE']}"
    rate = rates.get(region or "")
    if rate is None:
        return no_price(f"{what} ({kind})", region, list(rates))
    price = size.vcpu * rate.vcpu + size.gb * rate.gb
    extra = storage - prices.FREE_STORAGE_GB
    if extra <= 0:
        return price
    if region != prices.HOME or prices.EXTRA_STORAGE.amount is None:
        return no_price(f"ephemeral storage above 20 GB of {what}", region, [prices.HOME])
    return price + extra * prices.EXTRA_STORAGE.amount


def compute_line(
    stack: Stack,
    resource: Resource,
    size: Size,
    count: Count,
    *,
    architecture: str = prices.X86,
    spot: bool = False,
    storage: int = 0,
    name: str | None = None,
    unit: str = "pod",
) -> Line | Gap:
    """Return the line of a service's tasks or a workload's pods.

    Args:
        stack: the stack.
        resource: the service or workload.
        size: of each task or pod.
        count: how many.
        architecture: as ECS writes it.
        spot: whether it is Spot capacity.
        storage: ephemeral storage of each in GB.
        name: what the line is called; the resource's name by default.
        unit: task or pod.
    """
    region = stack.region_of(resource)
    each = hourly(
        f"{unit} of {size}", size, architecture=architecture, spot=spot, storage=storage,
        region=region,
    )  # fmt: skip
    if isinstance(each, str) or region is None:
        return Gap(resource.label, str(each))
    capacity = CAPACITY["FARGATE_SPOT" if spot else "FARGATE"]
    disk = f", {storage} GB disk" if storage > prices.FREE_STORAGE_GB else ""
    return Line(
        stack.components(resource),
        name or resource.name,
        f"{unit} of {plain(size.vcpu)} vCPU, {plain(size.gb)} GB{disk}, {architecture}, {capacity}",
        count,
        each * prices.HOURS,
        region,
        Compute(size, architecture, spot),
    )


def split(number: int, strategy: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """Return how many of a service's tasks each capacity provider gets.

    The base comes first; the rest goes by weight. What is left over where the weights don't
    divide it goes to the largest remainder, the provider named first among equals: ECS says no
    more than that the ratio is kept.

    Args:
        number: tasks of the service.
        strategy: for each provider its base and weight.
    """
    shares: dict[str, int] = {}
    rest = number
    for provider, (base, _) in strategy.items():
        shares[provider] = min(base, rest)
        rest -= shares[provider]
    weights = {provider: weight for provider, (_, weight) in strategy.items()}
    total = sum(weights.values())
    if total:
        for provider, weight in weights.items():
            shares[provider] += rest * weight // total
        by_remainder = sorted(weights, key=lambda each: -(rest * weights[each] % total))
        for provider in by_remainder[: number - sum(shares.values())]:
            shares[provider] += 1
    return shares


def split_count(count: Count, strategy: Mapping[str, tuple[int, int]]) -> Iterator[
    tuple[str, Count]
]:  # fmt: skip
    """Yield each capacity provider's part of a count."""
    now, low, high = (split(each, strategy) for each in (count.now, count.low, count.high))
    for provider in strategy:
        yield provider, Count(now[provider], low[provider], high[provider])
