"""Problems of services that ask for a pod in each zone."""

from collections.abc import Iterator

from components.settings.clusters import EksSettings
from components.settings.errors import Problem
from components.settings.relations.draft import Draft
from components.settings.service import ServiceSettings


def zone_problems(draft: Draft) -> Iterator[Problem]:
    """Yield guaranteed spreads that a service's runtime, namespace or scaling doesn't allow."""
    for name, service in draft.services.items():
        if service.zone_spread == "guaranteed":
            yield from _guaranteed(f"services.{name}", service, draft)


def _guaranteed(where: str, service: ServiceSettings, draft: Draft) -> Iterator[Problem]:
    if service.runtime == "ecs":
        yield Problem(
            f"{where}.zoneSpread",
            "given guaranteed, which is for EKS: ECS spreads tasks over the zones by itself; "
            "remove it",
        )
        return
    if draft.eks is not None:
        yield from _without_profiles(f"{where}.zoneSpread", service, draft.eks)
    zones, pods = draft.zones, service.scaling.initial
    if zones is not None and pods < zones:
        key = "min" if service.scaling.count is None else "count"
        yield Problem(
            f"{where}.scaling.{key}",
            f"given {pods}, and zoneSpread guaranteed needs a pod in each of the {zones} zones: "
            f"set it to {zones} or more, or lower network.zones",
        )


def _without_profiles(
    where: str, service: ServiceSettings, cluster: EksSettings
) -> Iterator[Problem]:
    only = next(iter(cluster.namespaces)) if len(cluster.namespaces) == 1 else None
    namespace = service.namespace or only
    if namespace in cluster.namespaces and not cluster.namespaces[namespace].zone_profiles:
        yield Problem(
            where,
            "given guaranteed, which needs a Fargate profile for each zone: set "
            f"eks.namespaces.{namespace}.zoneProfiles to true",
        )
