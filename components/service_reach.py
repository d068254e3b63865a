"""The network reach of one service: who may connect to it, and whom it may call."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.load_balancer.load_balancer import LoadBalancer, Route
from components.network.network import Network
from components.reach import connect, security_group
from components.service import Service
from components.settings import ServiceSettings


@dataclass(frozen=True)
class ServiceReach:
    """A service's security group and what leads in and out.

    Attributes:
        group_id: id of its security group.
        rules: its rules, for the service to depend on.
        route: its target group and listener rule; None without a route.
    """

    group_id: pulumi.Output[str]
    rules: Sequence[pulumi.Resource]
    route: Route | None


def service_reach(
    name: str,
    settings: ServiceSettings,
    *,
    description: str,
    network: Network,
    balancer: LoadBalancer | None,
    callees: Sequence[Service],
    parent: pulumi.Resource,
) -> ServiceReach:
    """Create a service's security group, a rule pair for each connection, and its route.

    Args:
        name: the service's name.
        settings: its settings.
        description: of the security group.
        network: where it is.
        balancer: what its route leads from; a service without a route needs none.
        callees: the services that it calls.
        parent: the service's component.
    """
    group = security_group(f"{name}-group", description, network=network, parent=parent)
    rules: list[pulumi.Resource] = []
    for callee in callees:
        if callee.port is not None:
            rules += connect(
                f"{name}-to-{callee.name}",
                f"{name} calls {callee.name}",
                source=group.id,
                target=callee.security_group_id,
                port=callee.port,
                parent=parent,
            )
    route, port = settings.route, settings.port
    if balancer is None or route is None or port is None:
        return ServiceReach(group.id, rules, None)
    rules += connect(
        f"{name}-from-balancer",
        f"Load balancer to {name}",
        source=balancer.security_group_id,
        target=group.id,
        port=port,
        parent=parent,
    )
    shifts = settings.deployment.shifts_traffic
    target = balancer.add_route(
        name, port, route, parent=parent, protocol=settings.protocol, alternate=shifts
    )
    return ServiceReach(group.id, rules, target)
