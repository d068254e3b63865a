"""Problems between routes that share a load balancer."""

from collections import Counter
from collections.abc import Iterator, Mapping

from components.priorities import rule_priority
from components.settings.errors import Problem
from components.settings.relations.draft import Draft
from components.settings.route import RouteSettings
from components.settings.service import ServiceSettings

RULES_PER_LOAD_BALANCER = 100
"""Elastic Load Balancing's default quota of rules, default rules not counted."""


def route_problems(draft: Draft) -> Iterator[Problem]:
    """Yield routes that a load balancer can't have, alone or together."""
    for name, service in draft.services.items():
        if service.route and draft.load_balancer and not draft.load_balancer.enabled:
            yield Problem(
                f"services.{name}.route",
                "needs a load balancer: set loadBalancer.enabled to true, or remove route",
            )
    yield from _routes(draft.services)


def _routes(services: Mapping[str, ServiceSettings]) -> Iterator[Problem]:
    routes = {name: service.route for name, service in services.items() if service.route}
    if len(routes) > RULES_PER_LOAD_BALANCER:
        yield Problem(
            "services",
            f"{len(routes)} services have a route; a load balancer holds "
            f"{RULES_PER_LOAD_BALANCER} rules by default quota",
        )
    matched = Counter((route.host, route.path) for route in routes.values())
    priorities = Counter(rule_priority(name, *_key(route)) for name, route in routes.items())
    for name, route in routes.items():
        same = [other for other in sorted(routes) if other != name]
        where = f"services.{name}.route"
        if matched[route.host, route.path] > 1:
            others = [
                o for o in same if (routes[o].host, routes[o].path) == (route.host, route.path)
            ]
            yield Problem(
                where, f"{', '.join(others)} has the same host and path; requests can't go to both"
            )
        elif priorities[rule_priority(name, *_key(route))] > 1:
            number = rule_priority(name, *_key(route))
            others = [o for o in same if rule_priority(o, *_key(routes[o])) == number]
            yield Problem(
                f"{where}.priority",
                f"{number} is the priority of {', '.join(others)} too; set priority of one of them "
                "to another number",
            )


def _key(route: RouteSettings) -> tuple[str, str | None, int | None]:
    return route.path, route.host, route.priority
