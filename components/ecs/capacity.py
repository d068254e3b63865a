"""Where tasks run: Fargate on demand, Fargate Spot, or both."""

from collections.abc import Sequence

import pulumi_aws as aws

from components.settings.capacity import (
    CapacitySettings,
    DefaultCapacitySettings,
    ProviderSettings,
)

Capacity = CapacitySettings | DefaultCapacitySettings


def strategy(capacity: Capacity) -> Sequence[aws.ecs.ServiceCapacityProviderStrategyArgs]:
    """Return the capacity provider strategy of a service.

    A service always has its own, also where it is its cluster's default: ECS would copy the default
    into a service without one, and the next refresh would take that for a change that it refuses
    (hashicorp/terraform-provider-aws, issue 44776).
    """
    return [
        aws.ecs.ServiceCapacityProviderStrategyArgs(
            capacity_provider=provider, base=part.base or None, weight=part.weight
        )
        for provider, _, part in parts(capacity)
    ]


def described(capacity: Capacity) -> str:
    """Return what changes with the strategy; a service starts new tasks by it."""
    return ", ".join(
        word if (part.base, part.weight) == (0, 1) else f"{word} {part.base} + {part.weight}"
        for _, word, part in parts(capacity)
    )


def parts(capacity: Capacity) -> Sequence[tuple[str, str, ProviderSettings]]:
    """Return name, word and part of each capacity provider that gets tasks."""
    providers = (
        ("FARGATE", "on-demand", capacity.on_demand),
        ("FARGATE_SPOT", "spot", capacity.spot),
    )
    return [
        (provider, word, part)
        for provider, word, part in providers
        if part and (part.base or part.weight)
    ]
