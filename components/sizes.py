"""Task sizes that Fargate offers.

Source: Amazon ECS developer guide, "Fargate task CPU and memory"; the same table is
machine-readable in cfn-lint's data (`fargate_cpu_memory.json`). Read in November 2026.
"""

from collections.abc import Mapping
from typing import Final

GIB: Final = 1024

MEMORY_BY_CPU: Final[Mapping[int, tuple[int, ...]]] = {
    256: (512, GIB, 2 * GIB),
    512: tuple(range(1 * GIB, 4 * GIB + 1, GIB)),
    1024: tuple(range(2 * GIB, 8 * GIB + 1, GIB)),
    2048: tuple(range(4 * GIB, 16 * GIB + 1, GIB)),
    4096: tuple(range(8 * GIB, 30 * GIB + 1, GIB)),
    8192: tuple(range(16 * GIB, 60 * GIB + 1, 4 * GIB)),
    16384: tuple(range(32 * GIB, 120 * GIB + 1, 8 * GIB)),
    32768: (60 * GIB, 120 * GIB, 244 * GIB),
}
"""Memory in MiB that goes with each number of CPU units (1,024 are one vCPU)."""

LARGEST_CPU: Final = max(MEMORY_BY_CPU)

EKS_LARGEST_CPU: Final = 16384
"""EKS offers pods of at most 16 vCPU and 120 GB (EKS user guide, Fargate pod configuration)."""

FREE_STORAGE_GIB: Final = 20
"""Disk that a task or pod has without being asked for, and that costs nothing."""

EKS_POD_OVERHEAD_MIB: Final = 256
"""Memory that EKS adds to each pod's request for kubelet, kube-proxy and containerd."""


def cpu_units(vcpu: float) -> int:
    """Return the CPU units of a number of vCPU: 0.25 vCPU are 256 units."""
    return round(vcpu * 1024)


def smallest_size(
    vcpu: float, memory: int, *, overhead: int = 0, largest_cpu: int = LARGEST_CPU
) -> tuple[int, int] | None:
    """Return the smallest size that holds what is needed, or None where none does.

    The fewest CPU units that come with enough memory, then the least of that memory. At Fargate's
    prices it is also the cheapest: a vCPU costs about as much as 9 GB in every region.

    Args:
        vcpu: vCPU that are needed.
        memory: MiB that are needed.
        overhead: MiB of the size that the runtime takes for itself.
        largest_cpu: the most CPU units that the runtime offers.

    Returns:
        CPU units and MiB.
    """
    for cpu, sizes in MEMORY_BY_CPU.items():
        for size in sizes:
            if vcpu * 1024 <= cpu <= largest_cpu and memory + overhead <= size:
                return cpu, size
    return None


def describe_memory(values: tuple[int, ...]) -> str:
    """List memory sizes in MiB; long evenly spaced lists become `first to last in steps of n`."""
    if len(values) <= 4:  # noqa: PLR2004 - a list that short reads best in full
        return ", ".join(str(value) for value in values)
    return f"{values[0]} to {values[-1]} in steps of {values[1] - values[0]}"


def size_problem(vcpu: float, memory: int) -> str | None:
    """Say why Fargate has no task of `vcpu` and `memory` (MiB), or None where it has one."""
    if vcpu * 1024 not in MEMORY_BY_CPU:
        allowed = ", ".join(f"{units / 1024:g}" for units in MEMORY_BY_CPU)
        meant = f" ({vcpu:g} CPU units are {vcpu / 1024:g} vCPU)" if vcpu in MEMORY_BY_CPU else ""
        return f"Fargate has no task with {vcpu:g} vCPU{meant}; cpu can be {allowed}"
    sizes = MEMORY_BY_CPU[cpu_units(vcpu)]
    if memory not in sizes:
        return (
            f"Fargate has no task with {vcpu:g} vCPU and {memory} MiB; with {vcpu:g} vCPU memory "
            f"can be {describe_memory(sizes)} MiB"
        )
    return None
