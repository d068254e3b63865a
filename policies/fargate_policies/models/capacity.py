"""Capacity of Fargate: which tasks run on demand, and which on Spot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..core.rule import Member, Stack
from ..core.values import Finding, Place, Violation, as_integer
from .launches import CLUSTER, clusters, parameters

ON_DEMAND: Final = "FARGATE"
SPOT: Final = "FARGATE_SPOT"
CLUSTER_CAPACITY: Final = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"


@dataclass(frozen=True)
class Part:
    """A capacity provider's part of the tasks.

    Attributes:
        base: tasks that it gets before any others are divided.
        weight: its share of the others; a provider of weight 0 gets no task at all.
    """

    base: int
    weight: int


Strategy = Mapping[str, Part]
"""The parts by capacity provider."""


def strategy_of(stack: Stack, launch: Member) -> Strategy | Finding:
    """Return where the tasks run that a resource starts, or why that can't be said.

    Its own strategy, its launch type, or the default of its cluster; empty where the stack doesn't
    say it.
    """
    given = parameters(launch).at("capacityProviderStrategies")
    kind = parameters(launch).at("launchType")
    if given.items():
        return _read(launch, given)
    if kind.present:
        return {kind.text: Part(0, 1)} if kind.known else launch.unreadable(kind)
    for cluster in clusters(stack, launch):
        for defaults in stack.referring(cluster, (CLUSTER_CAPACITY,), "clusterName", (CLUSTER,)):
            return _read(defaults, defaults.at("defaultCapacityProviderStrategies"))
    return {}


def providers(strategy: Strategy) -> set[str]:
    """Return the capacity providers that get tasks."""
    return {name for name, part in strategy.items() if part.weight}


def split(number: int, strategy: Strategy) -> dict[str, int]:
    """Return how many of a service's tasks each capacity provider gets.

    The base comes first; the rest goes by weight. What is left over where the weights don't divide
    it goes to the largest remainder, the provider named first among equals: ECS says no more than
    that the ratio is kept.
    """
    parts = {name: strategy[name] for name in strategy if strategy[name].weight}
    shares: dict[str, int] = {}
    rest = number
    for name, part in parts.items():
        shares[name] = min(part.base, rest)
        rest -= shares[name]
    total = sum(part.weight for part in parts.values())
    for name, part in parts.items():
        shares[name] += rest * part.weight // total
    by_remainder = sorted(parts, key=lambda name: -(rest * parts[name].weight % total))
    for name in by_remainder[: number - sum(shares.values())]:
        shares[name] += 1
    return shares


def _read(member: Member, given: Place) -> Strategy | Finding:
    strategy: dict[str, Part] = {}
    for entry in given.items():
        name, base, weight = (entry.at(key) for key in ("capacityProvider", "base", "weight"))
        first, share = _whole(base), _whole(weight)
        if first is None:
            return _unreadable(member, base)
        if share is None:
            return _unreadable(member, weight)
        if not name.text:
            return _unreadable(member, name)
        # By its name, or by an ARN that ends in it.
        strategy[name.text.rpartition("/")[2]] = Part(first, share)
    # A single provider without a weight gets all tasks.
    if len(strategy) == 1:
        return {name: Part(part.base, 1) for name, part in strategy.items()}
    return strategy


def _whole(place: Place) -> int | None:
    number = 0 if place.value is None else as_integer(place.value)
    return None if number is None or number < 0 else number


def _unreadable(member: Member, place: Place) -> Finding:
    if not place.known:
        return member.unreadable(place)
    wanted = "a name" if place.path.endswith("capacityProvider") else "a number of 0 or more"
    return Violation(f"{place.path}: must be {wanted}", member.urn)
