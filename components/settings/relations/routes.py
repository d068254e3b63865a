"""Problems between routes, their services and the load balancer that they share."""

from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.relations.balancer_quotas import balancer_quota_problems
from components.settings.relations.draft import Draft
from components.settings.relations.precedence import precedence_problems
from components.settings.route import RouteSettings
from components.settings.service import ServiceSettings


def route_problems(draft: Draft) -> Iterator[Problem]:
    """Yield routes that a load balancer can't have, alone or together."""
    for name, service in draft.services.items():
        where = f"services.{name}"
        yield from _unreachable(where, service)
        if service.route:
            yield from _between(f"{where}.route", service.route, draft)
            yield from _stopped_early(f"{where}.route", service, service.route)
            yield from _shifted(f"{where}.route", service, service.route)
    routes = {name: service.route for name, service in draft.services.items() if service.route}
    yield from balancer_quota_problems(draft)
    yield from precedence_problems(routes)


def _unreachable(where: str, service: ServiceSettings) -> Iterator[Problem]:
    if service.port is not None and not service.route and not service.callers:
        yield Problem(
            f"{where}.port",
            f"nobody can connect to {service.port}: add route for requests from the load balancer, "
            "or callers for other services, or remove port",
        )


def _between(where: str, route: RouteSettings, draft: Draft) -> Iterator[Problem]:
    balancer = draft.load_balancer
    if balancer is None:
        return
    if not balancer.enabled:
        yield Problem(
            where, "needs a load balancer: set loadBalancer.enabled to true, or remove route"
        )
        return
    if route.host and balancer.domain and not balancer.domain.covers(route.host):
        yield Problem(
            f"{where}.host",
            f"given {route.host}, for which the load balancer's certificate isn't valid: add it to "
            f"loadBalancer.domain.alternativeNames (it has: {', '.join(balancer.domain.names)})",
        )
    if route.login is None:
        return
    if not balancer.tls:
        yield Problem(
            f"{where}.login",
            "needs HTTPS, since a session is a cookie: set loadBalancer.domain or "
            "loadBalancer.certificateArn, or remove login",
        )
    if balancer.scheme == "internal" and draft.network and not draft.network.internet:
        instead = (
            "give the existing VPC a way to the internet (existing.internet)"
            if draft.network.existing
            else "set network.nat to single or per-zone"
        )
        yield Problem(
            f"{where}.login",
            "needs a way from the private subnets to the provider, for the internal load balancer "
            f"asks it for tokens: {instead}",
        )


def _stopped_early(where: str, service: ServiceSettings, route: RouteSettings) -> Iterator[Problem]:
    """Yield a task that the load balancer's checks stop before its own one has to succeed."""
    start = service.health_check.start_period if service.health_check else 0
    grace = route.health_check.grace
    if service.runtime == "ecs" and grace < start:
        yield Problem(
            f"{where}.healthCheck.gracePeriod",
            f"is {grace} seconds, and healthCheck.startPeriod lets the container take {start} to "
            f"start: the load balancer's checks would stop it before; set it to {start} or more",
        )


def _shifted(where: str, service: ServiceSettings, route: RouteSettings) -> Iterator[Problem]:
    """Yield what a rule can't have whose weights ECS moves between two target groups."""
    if not service.deployment.shifts_traffic:
        return
    strategy = service.deployment.strategy
    if route.login:
        yield Problem(
            f"{where}.login",
            f"can't go with deployment.strategy {strategy}, for which ECS takes over the route's "
            "rule, and only one that does nothing but forward: remove login, or use rolling",
        )
    if route.stickiness:
        yield Problem(
            f"{where}.stickiness",
            f"can't go with deployment.strategy {strategy}, which shifts clients to other tasks: "
            "remove stickiness, or use rolling",
        )
