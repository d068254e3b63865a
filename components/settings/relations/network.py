"""Problems between the network and what runs in it."""

from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.existing_network import ExistingNetworkSettings
from components.settings.relations.draft import Draft


def network_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what the network can't carry."""
    if draft.network is None:
        return
    if draft.network.existing is not None:
        yield from _subnets(draft.network.existing, draft)
    elif draft.network.zones == 1:
        yield from _zones(draft)


def _zones(draft: Draft) -> Iterator[Problem]:
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


def _subnets(existing: ExistingNetworkSettings, draft: Draft) -> Iterator[Problem]:
    """Yield what needs two zones and has fewer subnets than that."""
    balancer = draft.load_balancer
    if balancer is not None and balancer.enabled:
        internal = balancer.scheme == "internal"
        tier = "privateSubnetIds" if internal else "publicSubnetIds"
        given = existing.private_subnet_ids if internal else existing.public_subnet_ids
        if len(given) < 2:  # noqa: PLR2004 - a load balancer's minimum, said below
            yield Problem(
                f"network.existing.{tier}",
                f"has {len(given)}: an {balancer.scheme} load balancer needs subnets in at least "
                "2 availability zones",
            )
    if draft.eks is not None and draft.eks.enabled and len(existing.private_subnet_ids) == 1:
        yield Problem(
            "network.existing.privateSubnetIds",
            "has 1: eks needs subnets in at least 2 availability zones",
        )
