"""What the pods of a workload on EKS with Fargate cost a month.

Sizes: Amazon EKS user guide, "Fargate Pod configuration"; disks: AWS containers blog, "AWS Fargate
adds support for larger ephemeral volumes". Read in November 2026.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import ceil
from typing import Final

from ..core.rule import Member, Stack
from ..core.values import Place, Violation
from . import prices
from .estimates import Count, Estimate, NoEstimateError, no_estimate, number, region_of_stack
from .fargate_profiles import on_fargate
from .workloads import namespace, pod

STATEFUL_SET: Final = "kubernetes:apps/v1:StatefulSet"
DEPLOYMENT: Final = "kubernetes:apps/v1:Deployment"
ENDLESS_TYPES: Final = (DEPLOYMENT, STATEFUL_SET)
"""Workloads that keep their pods running."""
SCALER: Final = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"

_CLUSTER: Final = "aws:eks/cluster:Cluster"
_GIB: Final = 2**30
_OVERHEAD_GB: Final = Decimal("0.25")
"""What EKS adds to a pod's memory."""
_DISK_FACTOR: Final = Decimal("1.1")
_DISK_OVERHEAD_GB: Final = 5
"""What EKS adds to a pod's disk: a tenth, and 5 GiB."""

MEMORY_BY_CPU: Final[Mapping[Decimal, tuple[Decimal, ...]]] = {
    Decimal(vcpu): tuple(map(Decimal, memory))
    for vcpu, memory in {
        "0.25": ("0.5", "1", "2"),
        "0.5": range(1, 5),
        "1": range(2, 9),
        "2": range(4, 17),
        "4": range(8, 31),
        "8": range(16, 61, 4),
        "16": range(32, 121, 8),
    }.items()
}
"""Memory in GB that goes with each number of vCPU of a pod."""

_BYTES: Final[Mapping[str, int]] = {
    "": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12,
    "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40,
}  # fmt: skip
_QUANTITY = re.compile(r"(\d{1,18}\.?\d{0,9}|\.\d{1,9})(?:[eE]([+-]?\d{1,2}))?(m|[kMGT]i?|Ki)?")


def estimate_pods(stack: Stack, workload: Member) -> Estimate:
    """Return what a workload's pods cost: vCPU, memory and disk, all month, by list prices.

    Raises:
        NoEstimateError: it can't be said, or isn't known yet.
    """
    if not on_fargate(stack, workload):
        message = "its pods don't run on a Fargate profile of this stack, so no price is known"
        raise NoEstimateError(Violation(message, workload.urn))
    price, count = _price(stack, workload), _count(stack, workload)
    now, low, high = (
        price.amount * prices.HOURS * each for each in (count.now, count.low, count.high)
    )
    return Estimate("pod", count, now, low, high, price.of_region)


def _price(stack: Stack, workload: Member) -> prices.Price:
    spec = pod(workload).at("spec")
    if not isinstance(spec.value, dict):
        raise no_estimate(workload, spec, "is missing, so that the size of pods isn't known")
    vcpu, memory = (_requested(workload, spec, what) for what in ("cpu", "memory"))
    size = _fargate_size(vcpu, memory / _GIB + _OVERHEAD_GB)
    if size is None:
        raise no_estimate(workload, spec, "fits no size of EKS on Fargate, 16 vCPU and 120 GB")
    disk = _requested(workload, spec, "ephemeral-storage") / _GIB
    return prices.task_price(
        *size,
        storage=ceil(disk * _DISK_FACTOR + _DISK_OVERHEAD_GB),
        architecture=prices.X86,
        spot=False,
        region=_region(stack),
    )


def _fargate_size(vcpu: Decimal, gb: Decimal) -> tuple[Decimal, Decimal] | None:
    """Return the smallest size that holds as much, or None where there is none."""
    for offered, memory in MEMORY_BY_CPU.items():
        for amount in memory:
            if vcpu <= offered and gb <= amount:
                return offered, amount
    return None


def _region(stack: Stack) -> str:
    regions = {cluster.at("region").text for cluster in stack.of_type(_CLUSTER)} - {""}
    return regions.pop() if len(regions) == 1 else region_of_stack(stack)


def _requested(workload: Member, spec: Place, what: str) -> Decimal:
    """Return what a pod's containers request together, or one that runs before them if more."""
    initial = spec.at("initContainers").items()
    sidecars = [each for each in initial if each.at("restartPolicy").text == "Always"]
    once = [each for each in initial if each not in sidecars]
    together = _sum(workload, [*spec.at("containers").items(), *sidecars], what)
    return max([together, *(_sum(workload, [each], what) for each in once)])


def _sum(workload: Member, containers: Iterable[Place], what: str) -> Decimal:
    return sum((_request(workload, container, what) for container in containers), Decimal(0))


def _request(workload: Member, container: Place, what: str) -> Decimal:
    """Return what a container requests; Kubernetes takes a limit for a missing request."""
    for kind in ("requests", "limits"):
        place = container.at("resources", kind, what)
        if not place.known:
            raise NoEstimateError(workload.unreadable(place))
        if place.value is not None:
            return _quantity(workload, place)
    return Decimal(0)


def _quantity(workload: Member, place: Place) -> Decimal:
    found = _QUANTITY.fullmatch(str(place.value).strip())
    if not found:
        raise no_estimate(workload, place, "must be a quantity such as 250m or 256Mi")
    digits, exponent, suffix = found.groups()
    amount = Decimal(digits) * Decimal(10) ** int(exponent or 0)
    return amount / 1000 if suffix == "m" else amount * _BYTES[suffix or ""]


def _count(stack: Stack, workload: Member) -> Count:
    """Return the number of pods, and the range in which an autoscaler holds it."""
    replicas = workload.at("spec", "replicas")
    scaler = next((each for each in stack.of_type(SCALER) if _scales(stack, each, workload)), None)
    if scaler is None:
        count = number(workload, replicas, absent=1)
        return Count(count, count, count)
    low = number(scaler, scaler.at("spec", "minReplicas"), absent=1)
    high = number(scaler, scaler.at("spec", "maxReplicas"))
    return Count(min(max(number(workload, replicas), low), high), low, high)


def _scales(stack: Stack, scaler: Member, workload: Member) -> bool:
    """Whether an autoscaler is a workload's: by what it is made from, or by kind and name."""
    if any(other.urn == workload.urn for other in stack.referred(scaler, "spec", ENDLESS_TYPES)):
        return True
    target, name = scaler.at("spec", "scaleTargetRef"), workload.at("metadata", "name")
    return (
        target.at("kind").text == workload.type.rpartition(":")[2]
        and target.at("name").text == name.text != ""
        and namespace(scaler).value == namespace(workload).value
    )
