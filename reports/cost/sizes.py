"""Sizes that Fargate offers, and what tasks and pods become of them.

Sources: Amazon ECS developer guide, "Fargate task CPU and memory"; Amazon EKS user guide, "Fargate
Pod configuration". Read in November 2026.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any, Final

from reports.errors import UnknownValueError
from reports.stack import UNKNOWN

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
        "32": (60, 120, 244),
    }.items()
}
"""Memory in GB that goes with each number of vCPU."""

POD_LARGEST_VCPU: Final = Decimal(16)
POD_DISK_FACTOR: Final = Decimal("1.1")
POD_DISK_OVERHEAD_GB: Final = Decimal(5)
"""What EKS makes of the disk that a pod requests: a tenth more, and 5 GiB (AWS containers blog,
"AWS Fargate adds support for larger ephemeral volumes")."""
POD_OVERHEAD_GB: Final = Decimal("0.25")
"""What EKS adds to a pod's memory for kubelet, kube-proxy and containerd: 256 MB."""

_BYTES: Final[Mapping[str, int]] = {
    "": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12,
    "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40,
}  # fmt: skip
_QUANTITY = re.compile(r"(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,2}))?(m|[kMGT]i?|Ki)?")
_ECS_AMOUNT = re.compile(r"(\d+\.?\d*|\.\d+)\s*(vcpu|gb)?", re.IGNORECASE)


@dataclass(frozen=True)
class Size:
    """A size of a task or pod.

    Attributes:
        vcpu: number of vCPU.
        gb: memory in GB (1 GB = 1,024 MiB).
    """

    vcpu: Decimal
    gb: Decimal

    def __str__(self) -> str:
        """Return the size as a person writes it."""
        return f"{plain(self.vcpu)} vCPU, {plain(self.gb)} GB"


def plain(number: Decimal) -> str:
    """Return a number without trailing zeros or exponent."""
    return f"{number.normalize():f}"


def round_up(vcpu: Decimal, gb: Decimal, *, largest: Decimal = POD_LARGEST_VCPU) -> Size | None:
    """Return the smallest size that holds as much, or None where Fargate has none.

    Args:
        vcpu: vCPU that are needed.
        gb: memory in GB that is needed.
        largest: the most vCPU that are offered.
    """
    for offered, memory in MEMORY_BY_CPU.items():
        if vcpu <= offered <= largest:
            for amount in memory:
                if gb <= amount:
                    return Size(offered, amount)
    return None


def pod_size(spec: Mapping[str, Any]) -> Size | None:
    """Return the size that EKS gives a pod, or None for a pod that fits no size.

    The larger of the largest init container's request and the sum of the containers' (init
    containers that keep running among them), 256 MB more, rounded up.

    Raises:
        UnknownValueError: a request isn't known yet.
        ValueError: a request is no Kubernetes quantity.
    """
    return _with_overhead(_requested(spec, "cpu"), _requested(spec, "memory"))


def pod_disk(spec: Mapping[str, Any]) -> int:
    """Return the disk in GB that EKS gives a pod for what it requests; 0 for one that doesn't.

    Raises:
        UnknownValueError: a request isn't known yet.
        ValueError: a request is no Kubernetes quantity.
    """
    requested = _requested(spec, "ephemeral-storage") / 2**30
    if not requested:
        return 0
    return ceil(requested * POD_DISK_FACTOR + POD_DISK_OVERHEAD_GB)


def size_of_requests(resources: Mapping[str, Any] | None) -> Size | None:
    """Return the size of a pod of one container with these resources, or None as `pod_size`."""
    return pod_size({"containers": [{"resources": resources or {}}]})


def task_size(cpu: object, memory: object) -> Size:
    """Return the size of an ECS task definition.

    Args:
        cpu: CPU units, or a text such as ``0.5 vCPU``.
        memory: MiB, or a text such as ``1 GB``.

    Raises:
        ValueError: one of them is neither.
    """
    return Size(_ecs_amount(cpu, "vcpu"), _ecs_amount(memory, "gb"))


def quantity(value: object) -> Decimal:
    """Return a Kubernetes quantity, such as ``250m`` or ``256Mi``, in its base unit.

    Raises:
        UnknownValueError: it isn't known yet.
        ValueError: it isn't one.
    """
    if value is UNKNOWN:
        raise UnknownValueError("A container's request")
    found = _QUANTITY.fullmatch(str(value).strip())
    if not found:
        raise ValueError(
            f"{value!r} is not a Kubernetes quantity; a quantity is written like 250m or 256Mi."
        )
    number, exponent, suffix = found.groups()
    amount = Decimal(number) * Decimal(10) ** int(exponent or 0)
    return amount / 1000 if suffix == "m" else amount * _BYTES[suffix or ""]


def _requested(spec: Mapping[str, Any], what: str) -> Decimal:
    """Return what a pod's containers request together, or one that runs before them if more."""
    initial = spec.get("initContainers") or ()
    sidecars = [each for each in initial if each.get("restartPolicy") == "Always"]
    running = [*(spec.get("containers") or ()), *sidecars]
    return _needed(running, [each for each in initial if each not in sidecars], what)


def _needed(
    running: Iterable[Mapping[str, Any]], once: Iterable[Mapping[str, Any]], what: str
) -> Decimal:
    together = sum((_request(container, what) for container in running), Decimal(0))
    return max([together, *(_request(container, what) for container in once)])


def _request(container: Mapping[str, Any], what: str) -> Decimal:
    """Return what a container requests; Kubernetes takes a limit for a missing request."""
    resources = container.get("resources") or {}
    for kind in ("requests", "limits"):
        value = (resources.get(kind) or {}).get(what)
        if value is not None:
            return quantity(value)
    return Decimal(0)


def _with_overhead(vcpu: Decimal, memory: Decimal) -> Size | None:
    return round_up(vcpu, memory / 2**30 + POD_OVERHEAD_GB)


def _ecs_amount(value: object, unit: str) -> Decimal:
    found = _ECS_AMOUNT.fullmatch(str(value).strip())
    if not found or (found[2] or unit).lower() != unit:
        example = "256 or 0.25 vCPU" if unit == "vcpu" else "512 or 1 GB"
        raise ValueError(f"{value!r} is not a size of an ECS task; it is written like {example}.")
    amount = Decimal(found[1])
    return amount if found[2] else amount / 1024
