"""Problems between how a service is scaled, what it runs on, and the rest of it."""

from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.relations.draft import Draft
from components.settings.route import RouteSettings
from components.settings.service import ServiceSettings

SPOT_NOTICE = 120
"""Seconds between the notice of a Spot interruption and its end."""


def scaling_problems(draft: Draft) -> Iterator[Problem]:
    """Yield scaling and capacity that a service's runtime, route or deployment doesn't allow."""
    for name, service in draft.services.items():
        where = f"services.{name}"
        if service.runtime == "eks":
            yield from _on_eks(f"{where}.scaling", service)
            continue
        if service.deployment.strategy == "rolling":
            yield from _stuck(f"{where}.deployment", service)
        if service.scaling.requests is not None:
            yield from _requests(f"{where}.scaling", service)
        if service.route and _may_run_on_spot(service, draft):
            yield from _interrupted(f"{where}.route", service.route)


def _on_eks(where: str, service: ServiceSettings) -> Iterator[Problem]:
    scaling = service.scaling
    given = {
        "requests": scaling.requests is not None,
        "metric": scaling.metric is not None,
        "schedule": bool(scaling.schedule),
    }
    for key, is_given in given.items():
        if is_given:
            yield Problem(
                f"{where}.{key}",
                "is for ECS; pods are scaled by cpu and memory: use those, or run the service on "
                "ecs",
            )
    if scaling.count is None and scaling.cpu is None and scaling.memory is None:
        yield Problem(where, "nothing says when to scale pods: set cpu, memory, or a fixed count")


def _stuck(where: str, service: ServiceSettings) -> Iterator[Problem]:
    """Yield a rolling deployment that may neither start nor stop a task.

    ECS rounds the least up and the most down (API reference, DeploymentConfiguration), so few tasks
    leave less room than percents seem to.
    """
    deployment, tasks = service.deployment, service.scaling.fewest
    least = -(-tasks * deployment.minimum_healthy_percent // 100)
    most = tasks * deployment.maximum_percent // 100
    if least >= tasks >= most:
        one = "1 task" if tasks == 1 else f"{tasks} tasks"
        yield Problem(
            where,
            f"of {one}, minimumHealthyPercent {deployment.minimum_healthy_percent} keeps {least} "
            f"and maximumPercent {deployment.maximum_percent} allows {most}, so that ECS can "
            "neither start nor stop one: set maximumPercent to 200 or minimumHealthyPercent to 0, "
            "or run more tasks",
        )


def _requests(where: str, service: ServiceSettings) -> Iterator[Problem]:
    if service.route is None:
        yield Problem(
            f"{where}.requests",
            "counts what the load balancer sends, and the service has no route: add one, or scale "
            "by cpu",
        )
    if service.deployment.shifts_traffic:
        yield Problem(
            f"{where}.requests",
            f"counts the requests of one target group, and {service.deployment.strategy} moves "
            "them between two (AWS supports it with rolling only): scale by cpu, or use rolling",
        )


def _may_run_on_spot(service: ServiceSettings, draft: Draft) -> bool:
    if service.capacity:
        return service.capacity.spot is not None
    default = draft.ecs.default_capacity.spot if draft.ecs else None
    return default is not None and bool(default.base or default.weight)


def _interrupted(where: str, route: RouteSettings) -> Iterator[Problem]:
    if route.deregistration_delay >= SPOT_NOTICE:
        yield Problem(
            f"{where}.deregistrationDelay",
            f"given {route.deregistration_delay}: a task on Spot is gone {SPOT_NOTICE} seconds "
            "after its notice, with the requests that it still has; set it below that, or run the "
            "service on-demand",
        )
