"""What the checks between settings read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from components.settings.batch import BatchSettings
from components.settings.clusters import EcsSettings, EksSettings
from components.settings.failures import FailuresSettings
from components.settings.grantable import Grantable
from components.settings.job import JobSettings
from components.settings.load_balancer import LoadBalancerSettings
from components.settings.network import NetworkSettings
from components.settings.service import ServiceSettings
from components.settings.task import TaskSettings


@dataclass(frozen=True)
class Draft:
    """What of a stack file is valid by itself; a part that isn't is None or left out."""

    network: NetworkSettings | None
    ecs: EcsSettings | None
    eks: EksSettings | None
    load_balancer: LoadBalancerSettings | None
    services: Mapping[str, ServiceSettings]
    service_names: frozenset[str]
    jobs: Mapping[str, JobSettings]
    job_names: frozenset[str]
    batch: BatchSettings | None
    failures: FailuresSettings | None
    file_system_names: frozenset[str]
    grantables: Mapping[str, Mapping[str, Grantable | None]]
    """What can be granted, by the key under which it is declared and by name; None for
    what isn't valid by itself."""

    @property
    def tasks(self) -> Iterator[tuple[str, str, TaskSettings]]:
        """Key, name and settings of whatever runs: services and jobs."""
        for name, service in self.services.items():
            yield f"services.{name}", name, service
        for name, job in self.jobs.items():
            yield f"jobs.{name}", name, job

    def identity(self, section: str, name: str) -> str:
        """Return what something declared is, under whichever names: its ARN if it exists already.

        Args:
            section: the key under which it is declared.
            name: its name there.
        """
        declared = self.grantables.get(section, {}).get(name)
        arn: str | None = getattr(declared, "arn", None)
        return arn or name

    @property
    def zones(self) -> int | None:
        """How many zones have private subnets; None where a VPC that is there already decides."""
        return None if self.network is None or self.network.existing else self.network.zones
