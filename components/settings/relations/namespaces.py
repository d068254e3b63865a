"""Problems between Kubernetes namespaces, their Fargate profiles and quotas, and their services."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

from components.network.zones import shares, zone_profile
from components.settings.clusters import EksSettings
from components.settings.errors import Problem
from components.settings.namespace import (
    INSIGHTS_NAMESPACE,
    SECRETS_NAMESPACE,
    QuotaSettings,
)
from components.settings.relations.draft import Draft
from components.settings.service import ServiceSettings
from components.settings.task import TaskSettings
from components.sizes import EKS_LARGEST_CPU, GIB, cpu_units

MOST_PROFILES: Final = 10
"""Fargate profiles that a cluster may have by default (EKS user guide, "Service quotas")."""


@dataclass(frozen=True)
class Peak:
    """A service at its largest, scaled out and old and new pods side by side, or one run of a job.

    Attributes:
        name: the service's or job's.
        pods: how many of them.
        cpu: vCPU of all of them.
        memory: MiB of all of them.
    """

    name: str
    pods: int
    cpu: float
    memory: int


def namespace_problems(
    where: str, service: TaskSettings, cluster: EksSettings
) -> Iterator[Problem]:
    """Yield what is wrong with the namespace that a service or job on EKS names, or doesn't."""
    names = ", ".join(sorted(cluster.namespaces))
    if service.namespace is None and len(cluster.namespaces) > 1:
        yield Problem(
            f"{where}.namespace", f"must be given, since eks.namespaces has several: {names}"
        )
    if service.namespace is not None and service.namespace not in cluster.namespaces:
        yield Problem(
            f"{where}.namespace",
            f"given {service.namespace}, which eks.namespaces doesn't have; it has: {names}",
        )


def profile_problems(draft: Draft) -> Iterator[Problem]:
    """Yield Fargate profiles that a cluster couldn't have."""
    if draft.eks is None or not draft.eks.enabled:
        return
    profiles = _profiles(draft.eks, draft)
    for name in sorted({profile for profile in profiles if profiles.count(profile) > 1}):
        yield Problem(
            f"eks.namespaces.{name}",
            f"{name} is what the Fargate profile of a zone is called, too, since another namespace "
            "has zoneProfiles: take another name",
        )
    if len(profiles) > MOST_PROFILES:
        yield Problem(
            "eks.namespaces",
            f"need {len(profiles)} Fargate profiles ({', '.join(profiles)}), and a cluster has "
            f"{MOST_PROFILES} (an account's default quota): remove some",
        )


def _profiles(cluster: EksSettings, draft: Draft) -> list[str]:
    """Return the names of the cluster's Fargate profiles."""
    insights = [INSIGHTS_NAMESPACE] if cluster.container_insights.enabled else []
    with_secrets = [one for _, _, one in draft.tasks if one.runtime == "eks" and one.secrets]
    operator = [SECRETS_NAMESPACE] if with_secrets else []
    of_zones = [
        zone_profile(namespace, zone)
        for namespace, settings in sorted(cluster.namespaces.items())
        for zone in range(1, (draft.zones or 0) + 1)
        if settings.zone_profiles
    ]
    return ["kube-system", *insights, *operator, *sorted(cluster.namespaces), *of_zones]


def quota_problems(draft: Draft) -> Iterator[Problem]:
    """Yield quotas that what runs in their namespace doesn't fit while services are deployed."""
    if draft.eks is None or not draft.eks.enabled:
        return
    for namespace, settings in draft.eks.namespaces.items():
        peaks = [
            _peak(name, task, draft.zones or 1)
            for _, name, task in draft.tasks
            if _is_in(task, namespace, draft.eks)
        ]
        with_jobs = any(peak.name in draft.jobs for peak in peaks)
        yield from _exceeded(
            f"eks.namespaces.{namespace}.quota", settings.quota, peaks, with_jobs=with_jobs
        )


def _is_in(service: TaskSettings, namespace: str, cluster: EksSettings) -> bool:
    """Say whether a namespace has a service's pods; of a size that EKS lacks there are none."""
    if service.runtime != "eks" or cpu_units(service.size.cpu) > EKS_LARGEST_CPU:
        return False
    only = len(cluster.namespaces) == 1
    return service.namespace == namespace or (service.namespace is None and only)


def _peak(name: str, task: TaskSettings, zones: int) -> Peak:
    """Return a service at its largest, or one run of a job."""
    pods = pods_at_most(task, zones) if isinstance(task, ServiceSettings) else 1
    return Peak(name, pods, pods * task.size.cpu, pods * task.size.memory)


def pods_at_most(service: ServiceSettings, zones: int) -> int:
    """Return how many pods a service has at most: scaled out, old and new ones side by side.

    Args:
        service: on EKS.
        zones: how many the cluster has.
    """
    deployments = shares(
        service.scaling.largest, zones if service.zone_spread == "guaranteed" else 1
    )
    # Kubernetes rounds the surge up, in each Deployment.
    surge = service.deployment.maximum_percent - 100
    return sum(each + ceil(each * surge / 100) for each in deployments)


def _exceeded(
    where: str, quota: QuotaSettings, peaks: list[Peak], *, with_jobs: bool
) -> Iterator[Problem]:
    needed: Mapping[str, tuple[int, int]] = {
        "pods": (sum(peak.pods for peak in peaks), quota.pods),
        "cpu": (ceil(sum(peak.cpu for peak in peaks)), quota.cpu),
        "memory": (ceil(sum(peak.memory for peak in peaks) / GIB), quota.memory),
    }
    short = [
        f"{key} {need} (given {given})" for key, (need, given) in needed.items() if need > given
    ]
    if short:
        jobs = " and a pod of each job," if with_jobs else ""
        services = "; ".join(
            f"{peak.name}: pods {peak.pods}, {peak.cpu:g} vCPU, {peak.memory / GIB:g} GiB"
            for peak in peaks
        )
        yield Problem(
            where,
            f"its services scaled out, old and new pods side by side,{jobs} need "
            f"{', '.join(short)}; "
            f"{services}. Raise the quota, or lower scaling.max or deployment.maximumPercent",
        )
