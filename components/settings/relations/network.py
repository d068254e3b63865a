"""Problems between the network and what runs in it."""

from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.relations.draft import Draft


def network_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what the network can't carry."""
    yield from _zones(draft)
    for name in draft.services:
        yield from _way_out(f"services.{name}", draft)


def _zones(draft: Draft) -> Iterator[Problem]:
    if draft.network is None or draft.network.zones > 1:
        return
    needing = [
        name
        for name, section in (("loadBalancer", draft.load_balancer), ("eks", draft.eks))
        if section is not None and section.enabled
    ]
    if needing:
        yield Problem(
            "network.zones",
            f"given 1: {' and '.join(needing)} need subnets in at least 2 availability zones",
        )


def _way_out(where: str, draft: Draft) -> Iterator[Problem]:
    if draft.network is not None and draft.network.nat == "none":
        yield Problem(
            where,
            "runs in private subnets, which network.nat: none leaves without a way to pull images "
            "and write logs; set network.nat to single or per-zone",
        )
