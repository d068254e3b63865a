"""What the checks between settings read."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.settings.clusters import EcsSettings, EksSettings
from components.settings.grantable import Grantable
from components.settings.load_balancer import LoadBalancerSettings
from components.settings.network import NetworkSettings
from components.settings.service import ServiceSettings


@dataclass(frozen=True)
class Draft:
    """What of a stack file is valid by itself; a part that isn't is None or left out."""

    network: NetworkSettings | None
    ecs: EcsSettings | None
    eks: EksSettings | None
    load_balancer: LoadBalancerSettings | None
    services: Mapping[str, ServiceSettings]
    service_names: frozenset[str]
    file_system_names: frozenset[str]
    grantables: Mapping[str, Mapping[str, Grantable | None]]
    """What services can be granted, by the key under which it is declared and by name; None for
    what isn't valid by itself."""

    @property
    def zones(self) -> int | None:
        """How many zones have private subnets; None where a VPC that is there already decides."""
        return None if self.network is None or self.network.existing else self.network.zones
