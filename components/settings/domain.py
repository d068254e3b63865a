"""Settings of the load balancer's domain: its certificate and its DNS records."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from components.settings.base import Model, matching
from components.settings.hosts import HostName, HostPattern, is_below

ZoneId = Annotated[
    str,
    Field(max_length=32),
    matching(r"Z[A-Z0-9]+", "must be the id of a hosted zone, such as Z0123456789ABCDEFGHIJ"),
]


class DomainSettings(Model):
    """A host name of your own, in a public hosted zone of Route 53 in this account.

    Its certificate comes from ACM, which validates it by records in the zone and renews it as long
    as they stay; alias records lead to the load balancer. Certificate and records cost nothing; the
    zone, which has to exist, costs 0.50 USD a month.
    """

    name: HostName
    """Host name that the load balancer answers to, such as shop.example.com."""
    zone: HostName | None = None
    """Name of the hosted zone that the names are in, such as example.com; by default that of
    `name` itself."""
    zone_id: ZoneId | None = None
    """Id of the hosted zone; by default it is looked up by its name, among public zones."""
    alternative_names: Annotated[tuple[HostPattern, ...], Field(max_length=9)] = ()
    """Further names for the certificate, such as www.example.com or *.example.com, each in the
    zone; ten in all is ACM's default quota. Each but a wildcard gets an alias record, and so does
    every host of a route."""

    @model_validator(mode="after")
    def _names_are_in_the_zone_once(self) -> Self:
        for position, name in enumerate(self.names):
            if not is_below(name.removeprefix("*."), self.zone_name):
                raise ValueError(
                    f"{name} is not in the zone {self.zone_name}, so its records can't be made "
                    "there; set zone to the hosted zone that holds it, or remove the name"
                )
            if name in self.names[:position]:
                raise ValueError(f"{name} is named twice")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the certificate."""
        return self.name, *self.alternative_names

    @property
    def zone_name(self) -> str:
        """Name of the hosted zone."""
        return self.zone or self.name

    def covers(self, host: str) -> bool:
        """Say whether the certificate is valid for a host; a wildcard stands for one label."""
        return host in self.names or f"*.{host.partition('.')[2]}" in self.names
