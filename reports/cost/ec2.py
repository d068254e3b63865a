"""Fargate beside EC2: what the same vCPU and memory would cost on instances."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

from reports.cost.model import Line
from reports.cost.prices import HOME, HOURS, INSTANCES, ON_DEMAND, Instance

CAVEATS: Final = (
    "Compute only, on demand in us-east-1: no discounts on either side; for EC2 no disks, no "
    "daemon\npods, no spare node, nobody who patches it. ARM instances (m7g) need images built for "
    "ARM."
)


@dataclass(frozen=True)
class Demand:
    """What runs on Fargate on demand in us-east-1, as deployed.

    Attributes:
        vcpu, gb: how much of each.
        monthly: what it costs there.
    """

    vcpu: Decimal
    gb: Decimal
    monthly: Decimal


@dataclass(frozen=True)
class Comparison:
    """One instance type beside it.

    Attributes:
        instance: the instance type.
        nodes: how many hold it at the least, when nothing of them stays empty but the last.
        monthly: what these cost.
        break_even: share of a node's capacity in use above which EC2 is cheaper for this mix of
            vCPU and memory; above 1 it never is.
        full_node_break_even: the same for tasks that ask for exactly a node's vCPU and memory.
    """

    instance: Instance
    nodes: int
    monthly: Decimal
    break_even: Decimal
    full_node_break_even: Decimal


def demand(lines: Sequence[Line]) -> Demand:
    """Return what of a report's lines can be compared."""
    total = Demand(Decimal(0), Decimal(0), Decimal(0))
    for line in lines:
        if line.compute and not line.compute.spot and line.region == HOME:
            size, now = line.compute.size, line.count.now
            total = Demand(
                total.vcpu + now * size.vcpu, total.gb + now * size.gb, total.monthly + line.monthly
            )
    return total


def compare(needed: Demand) -> tuple[Comparison, ...]:
    """Return what a demand would cost on each instance type; nothing for no demand."""
    if not needed.monthly:
        return ()
    return tuple(_compare(needed, instance) for instance in INSTANCES)


def break_even_of_full_node(instance: Instance) -> Decimal:
    """Return an instance's price in that of its vCPU and memory on Fargate, in its architecture."""
    rate = ON_DEMAND[instance.architecture][HOME]
    return instance.hourly / (instance.vcpu * rate.vcpu + instance.gb * rate.gb)


def _compare(needed: Demand, instance: Instance) -> Comparison:
    # Nodes needed when packed to the last bit of what runs out first.
    exact = max(needed.vcpu / instance.vcpu, needed.gb / instance.gb)
    nodes = int(exact.to_integral_value(ROUND_CEILING))
    return Comparison(
        instance,
        nodes,
        nodes * instance.hourly * HOURS,
        exact * instance.hourly * HOURS / needed.monthly,
        break_even_of_full_node(instance),
    )
