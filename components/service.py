"""What a service is to others, whichever runtime it has."""

from collections.abc import Sequence
from typing import Protocol

import pulumi

from components.load_balancer.load_balancer import Route
from components.settings.protocol import PortProtocol


class Service(Protocol):
    """A deployed service."""

    name: str
    port: int | None
    protocol: PortProtocol
    """What it speaks on its port."""
    security_group_id: pulumi.Output[str]
    route: Route | None
    ready: Sequence[pulumi.Resource]
    """What a caller depends on: it exists once the service does."""
