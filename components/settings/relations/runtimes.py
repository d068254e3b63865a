"""Problems between a service and the runtime that it chose."""

from collections.abc import Iterator, Mapping

from components.settings.errors import Problem
from components.settings.relations.draft import Draft
from components.settings.relations.namespaces import namespace_problems
from components.settings.service import ServiceSettings
from components.settings.task import TaskSettings
from components.sizes import EKS_LARGEST_CPU, cpu_units


def runtime_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what a service's runtime doesn't offer."""
    for name, service in draft.services.items():
        where = f"services.{name}"
        yield from _runtime(where, service, draft)


def _runtime(where: str, service: ServiceSettings, draft: Draft) -> Iterator[Problem]:
    if service.runtime == "ecs":
        yield from _ecs(where, service, draft)
        return
    yield from eks_problems(where, service, draft)
    for key, instead in _services_on_ecs(service).items():
        yield Problem(f"{where}.{key}", f"is for ECS; {instead}")


def eks_problems(where: str, task: TaskSettings, draft: Draft) -> Iterator[Problem]:
    """Yield what a service or job on EKS asks for that EKS on Fargate doesn't have.

    Args:
        where: its key.
        task: its settings.
        draft: the stack file.
    """
    if draft.eks:
        if not draft.eks.enabled:
            yield Problem(f"{where}.runtime", "given eks, but eks.enabled is not true")
        yield from namespace_problems(where, task, draft.eks)
    if task.architecture == "arm64":
        yield Problem(
            f"{where}.architecture", "given arm64: EKS on Fargate runs x86_64 only; ecs runs both"
        )
    if task.capacity and task.capacity.spot:
        yield Problem(
            f"{where}.capacity", "given spot: EKS on Fargate has no Spot; ecs has Fargate Spot"
        )
    if cpu_units(task.size.cpu) > EKS_LARGEST_CPU:
        yield Problem(
            f"{where}.size",
            f"given {task.size.cpu:g} vCPU: a pod on EKS has at most 16 vCPU and 122880 MiB; "
            "ecs has 32 vCPU",
        )
    what = "service" if isinstance(task, ServiceSettings) else "job"
    for key, instead in _ecs_only(task, f"remove it, or run the {what} on ecs").items():
        yield Problem(f"{where}.{key}", f"is for ECS; {instead}")


def _ecs(where: str, service: ServiceSettings, draft: Draft) -> Iterator[Problem]:
    if draft.ecs and not draft.ecs.enabled:
        yield Problem(f"{where}.runtime", "given ecs, but ecs.enabled is false")
    if service.namespace is not None:
        yield Problem(f"{where}.namespace", "is a Kubernetes namespace; remove it, or use eks")
    if service.exec and draft.ecs and not draft.ecs.exec.enabled:
        yield Problem(
            f"{where}.exec",
            "needs a key and a log group for its sessions: set ecs.exec.enabled to true, or "
            "remove exec",
        )


def _ecs_only(task: TaskSettings, remove: str) -> Mapping[str, str]:
    """Return what is asked for that EKS on Fargate has nothing for: key and what to do."""
    asked = {
        "ulimits": task.ulimits is not None,
        "sidecars": task.sidecars.firelens is not None or task.sidecars.adot is not None,
        "logRetentionDays": "log_retention_days" in task.model_fields_set,
    }
    instead = {
        "ulimits": f"Kubernetes has no such setting: {remove}",
        "sidecars": f"logs of pods go through the cluster's own log router: {remove}",
        "logRetentionDays": "logs of pods are kept as long as eks.logRetentionDays says: remove it",
    }
    return {key: instead[key] for key, given in asked.items() if given}


def _services_on_ecs(service: ServiceSettings) -> Mapping[str, str]:
    """Return the same of what services alone can ask for."""
    remove = "remove it, or run the service on ecs"
    deployment = service.deployment
    grace = service.route.health_check.grace_period if service.route else None
    watched = bool(deployment.alarms) or deployment.error_percent is not None
    asked = {
        "exec": service.exec,
        "route.healthCheck.gracePeriod": grace is not None,
        "deployment.strategy": deployment.shifts_traffic,
        "deployment": watched,
    }
    instead = {
        "exec": f"kubectl exec does the same: {remove}",
        "route.healthCheck.gracePeriod": "failed checks never stop a pod: remove it",
        "deployment.strategy": f"a Deployment on EKS is rolling only: {remove}",
        "deployment": "Kubernetes rolls nothing back when an alarm rings: remove alarms and "
        "errorPercent, or run the service on ecs",
    }
    return {key: instead[key] for key, given in asked.items() if given}
