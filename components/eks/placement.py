"""Where the pods of a service on EKS run: one Deployment for all zones, or one in each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.network.zones import PROFILE_LABEL, ZONE_LABEL, shares, zone_name, zone_profile
from components.settings import ScalingSettings, ServiceSettings


@dataclass(frozen=True)
class Placement:
    """One of a service's Deployments.

    Attributes:
        scaling: how many pods it has.
        suffix: of its name; nothing where it is the only one.
        selector: labels by which it knows its pods, besides the service's own.
        labels: those, and what else decides where its pods run.
    """

    scaling: ScalingSettings
    suffix: str = ""
    selector: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


def placements(
    name: str, service: ServiceSettings, *, namespace: str, zones: int
) -> Sequence[Placement]:
    """Return a service's Deployments: one, or with a guaranteed spread one in each zone.

    Args:
        name: the service's.
        service: its settings.
        namespace: where its pods are.
        zones: how many zones the network has.

    Raises:
        pulumi.RunError: there is no pod for each zone.
    """
    scaling = service.scaling
    if service.zone_spread == "best-effort":
        return [Placement(scaling)]
    if scaling.initial < zones:
        raise pulumi.RunError(
            f"services.{name}.zoneSpread: given guaranteed, which needs a pod in each of the "
            f"network's {zones} zones, and scaling starts {scaling.initial}"
        )
    return [
        _in_zone(number, shared, namespace)
        for number, shared in enumerate(_shared(scaling, zones), start=1)
    ]


def _in_zone(zone: int, scaling: ScalingSettings, namespace: str) -> Placement:
    selector = {ZONE_LABEL: zone_name(zone)}
    labels = {**selector, PROFILE_LABEL: zone_profile(namespace, zone)}
    return Placement(scaling, f"-{zone_name(zone)}", selector, labels)


def _shared(scaling: ScalingSettings, zones: int) -> Sequence[ScalingSettings]:
    """Return each zone's scaling: all smallest numbers are `min` together, all largest `max`."""
    if scaling.count is not None:
        return [scaling.model_copy(update={"count": n}) for n in shares(scaling.count, zones)]
    limits = zip(shares(scaling.min, zones), shares(scaling.max, zones), strict=True)
    return [scaling.model_copy(update={"min": low, "max": high}) for low, high in limits]
