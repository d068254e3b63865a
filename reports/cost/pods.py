"""Pods on EKS with Fargate: workloads, add-ons, Helm releases."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from reports.cost import prices
from reports.cost.fargate import compute_line, hourly
from reports.cost.model import Count, Gap, Item, Usage
from reports.cost.prices import Price
from reports.cost.sizes import Size, pod_disk, pod_size, size_of_requests
from reports.errors import UnknownValueError
from reports.kubernetes import namespace_of, pods_of, runs_on_fargate
from reports.stack import UNKNOWN, Resource, Stack

SCALER: Final = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
SYSTEM: Final = "kube-system"

ADDONS: Final[Mapping[str, tuple[str, int, Mapping[str, str]]]] = {
    "coredns": ("replicaCount", 2, {"cpu": "100m", "memory": "70Mi"}),
    "metrics-server": ("replicas", 2, {"cpu": "100m", "memory": "200Mi"}),
}
"""Add-ons that run as a Deployment: where their configuration says how many pods, and what is
assumed where it says nothing. Two CoreDNS pods: EKS user guide, "Manage CoreDNS". Two pods of
metrics-server: not found in a primary source. The requests are those of the projects' manifests;
any of that order become the smallest size."""

NOT_ON_FARGATE: Final = frozenset({"kube-proxy", "vpc-cni", "eks-pod-identity-agent"})
"""Add-ons that are DaemonSets, of which Fargate runs none."""

ENDLESS: Final = frozenset(
    {
        "kubernetes:apps/v1:Deployment",
        "kubernetes:apps/v1:ReplicaSet",
        "kubernetes:apps/v1:StatefulSet",
        "kubernetes:core/v1:Pod",
    }
)


def workload_items(stack: Stack, workload: Resource) -> Iterator[Item]:
    """Yield what the pods of a workload cost."""
    pods = pods_of(stack, workload)
    if not runs_on_fargate(stack, pods.namespace, pods.labels):
        yield Gap(
            workload.label,
            f"no Fargate profile of this stack takes its pods (namespace {pods.namespace})",
        )
        return
    size = pod_size(pods.spec)
    if size is None:
        yield Gap(workload.label, "its pods fit no size that EKS on Fargate has (16 vCPU, 120 GB)")
    elif workload.type in ENDLESS:
        count = _count(stack, workload, pods.namespace)
        yield compute_line(stack, workload, size, count, storage=pod_disk(pods.spec))
    else:
        yield _while_it_runs(stack, workload, size, pod_disk(pods.spec))


def _while_it_runs(stack: Stack, workload: Resource, size: Size, disk: int) -> Item:
    """Return what a pod costs of which nobody can say how long it runs, such as a job's."""
    each = hourly(
        f"pod of {size}", size, architecture=prices.X86, spot=False, storage=disk,
        region=stack.region_of(workload),
    )  # fmt: skip
    if isinstance(each, str):
        return Gap(workload.label, each)
    what = f"pod of {size}, until it is deleted"
    return Usage(workload.name, what, Price(each, "hour", "list"))


def addon_items(stack: Stack, addon: Resource) -> Iterator[Item]:
    """Yield what the pods of an EKS add-on cost."""
    name = str(addon.known("addonName"))
    if name in NOT_ON_FARGATE:
        return
    if name not in ADDONS:
        yield Gap(addon.label, f"the pods of add-on {name} aren't known")
        return
    if not runs_on_fargate(stack, SYSTEM, {}):
        yield Gap(addon.label, f"no Fargate profile of this stack takes pods of {SYSTEM}")
        return
    key, replicas, requests = ADDONS[name]
    settings = _configuration(addon)
    if settings is None:
        yield Gap(addon.label, "its configurationValues aren't a JSON object, so not read here")
        return
    resources = settings.get("resources") or {"requests": requests}
    size = size_of_requests(resources)
    if size is None:
        yield Gap(addon.label, "its pods fit no size that EKS on Fargate has (16 vCPU, 120 GB)")
        return
    given = settings.get(key)
    yield compute_line(
        stack,
        addon,
        size,
        Count.fixed(int(replicas if given is None else given)),
        unit="pod" if given is not None else "pod (number assumed)",
    )


def release_items(stack: Stack, release: Resource) -> Iterator[Item]:
    """Yield what the pods of a Helm release cost, where its values say how many and how large."""
    values = release.get("values")
    replicas = release.get("values.replicaCount")
    resources = release.get("values.resources")
    if (
        values is UNKNOWN
        or isinstance(replicas, bool)
        or not isinstance(replicas, int | float)
        or not isinstance(resources, dict)
        or not (resources.get("requests") or resources.get("limits"))
    ):
        yield Gap(
            release.label,
            "the pods of a chart are known only from the values replicaCount and resources",
        )
        return
    namespace = release.get("namespace")
    if namespace is UNKNOWN:
        raise UnknownValueError(f"{release.label}: namespace")
    if not runs_on_fargate(stack, str(namespace or "default"), {}):
        yield Gap(release.label, f"no Fargate profile of this stack takes pods of {namespace}")
        return
    size = size_of_requests(resources)
    if size is None:
        yield Gap(release.label, "its pods fit no size that EKS on Fargate has (16 vCPU, 120 GB)")
        return
    yield compute_line(stack, release, size, Count.fixed(int(replicas)))


def _count(stack: Stack, workload: Resource, namespace: str) -> Count:
    """Return the number of pods, and the range in which an autoscaler holds it."""
    replicas = workload.number("spec.replicas")
    scaler = next(
        (each for each in stack.of(SCALER) if _scales(stack, each, workload, namespace)), None
    )
    if scaler is None:
        return Count.fixed(1 if replicas is None else replicas)
    low, high = scaler.number("spec.minReplicas"), scaler.number("spec.maxReplicas")
    low = 1 if low is None else low
    high = low if high is None else high
    return Count(min(max(replicas or low, low), high), low, high)


def _scales(stack: Stack, scaler: Resource, workload: Resource, namespace: str) -> bool:
    name = scaler.get("spec.scaleTargetRef.name")
    if name is UNKNOWN:
        return workload in stack.sources(scaler, "spec", workload.type)
    return (
        bool(scaler.get("spec.scaleTargetRef.kind") == workload.type.rpartition(":")[2])
        and name == workload.get("metadata.name")
        and namespace_of(stack, scaler) == namespace
    )


def _configuration(addon: Resource) -> Mapping[str, Any] | None:
    """Return an add-on's configuration, or None where it isn't JSON (EKS takes YAML as well)."""
    text = addon.known("configurationValues")
    try:
        found = json.loads(text) if text else {}
    except json.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None
