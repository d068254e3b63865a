"""Problems between a service and the runtime that it chose."""

from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.relations.draft import Draft
from components.settings.service import ServiceSettings
from components.sizes import EKS_LARGEST_CPU, cpu_units


def runtime_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what a service's runtime doesn't offer."""
    for name, service in draft.services.items():
        yield from _runtime(f"services.{name}", service, draft)


def _runtime(where: str, service: ServiceSettings, draft: Draft) -> Iterator[Problem]:
    if service.runtime == "ecs":
        if draft.ecs and not draft.ecs.enabled:
            yield Problem(f"{where}.runtime", "given ecs, but ecs.enabled is false")
        if service.namespace is not None:
            yield Problem(f"{where}.namespace", "is a Kubernetes namespace; remove it, or use eks")
        return
    if draft.eks:
        if not draft.eks.enabled:
            yield Problem(f"{where}.runtime", "given eks, but eks.enabled is not true")
        if service.namespace is not None and service.namespace not in draft.eks.namespaces:
            yield Problem(
                f"{where}.namespace",
                f"given {service.namespace}, which eks.namespaces doesn't have; it has: "
                f"{', '.join(draft.eks.namespaces)}",
            )
    if service.architecture == "arm64":
        yield Problem(
            f"{where}.architecture", "given arm64: EKS on Fargate runs x86_64 only; ecs runs both"
        )
    if service.capacity == "spot":
        yield Problem(
            f"{where}.capacity", "given spot: EKS on Fargate has no Spot; ecs has Fargate Spot"
        )
    if cpu_units(service.size.cpu) > EKS_LARGEST_CPU:
        yield Problem(
            f"{where}.size",
            f"given {service.size.cpu:g} vCPU: a pod on EKS has at most 16 vCPU and 122880 MiB; "
            "ecs has 32 vCPU",
        )
