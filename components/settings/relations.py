"""Problems between settings: what each key allows alone and all of them together don't."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from components.priorities import rule_priority
from components.settings.clusters import EcsSettings, EksSettings
from components.settings.errors import Problem
from components.settings.load_balancer import LoadBalancerSettings
from components.settings.network import NetworkSettings
from components.settings.service import RouteSettings, ServiceSettings
from components.sizes import EKS_LARGEST_CPU, cpu_units

RULES_PER_LOAD_BALANCER = 100
"""Elastic Load Balancing's default quota of rules, default rules not counted."""


@dataclass(frozen=True)
class Draft:
    """What of a stack file is valid by itself; a part that isn't is None or left out."""

    network: NetworkSettings | None
    ecs: EcsSettings | None
    eks: EksSettings | None
    load_balancer: LoadBalancerSettings | None
    services: Mapping[str, ServiceSettings]
    service_names: frozenset[str]
    queue_names: frozenset[str]


def relation_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what doesn't fit together in `draft`."""
    yield from _zones(draft)
    for name, service in draft.services.items():
        where = f"services.{name}"
        yield from _runtime(where, service, draft)
        yield from _way_out(where, draft)
        yield from _callers(where, name, service, draft)
        yield from _grants(where, service, draft)
        if service.route and draft.load_balancer and not draft.load_balancer.enabled:
            yield Problem(
                f"{where}.route",
                "needs a load balancer: set loadBalancer.enabled to true, or remove route",
            )
    yield from _cycles(draft.services)
    yield from _routes(draft.services)


def _zones(draft: Draft) -> Iterator[Problem]:
    if draft.network is None or draft.network.zones > 1:
        return
    needing = [
        name
        for name, section in (("loadBalancer", draft.load_balancer), ("eks", draft.eks))
        if section is not None and section.enabled
    ]
    if needing:
        yield Problem(
            "network.zones",
            f"given 1: {' and '.join(needing)} need subnets in at least 2 availability zones",
        )


def _way_out(where: str, draft: Draft) -> Iterator[Problem]:
    if draft.network is not None and draft.network.nat == "none":
        yield Problem(
            where,
            "runs in private subnets, which network.nat: none leaves without a way to pull images "
            "and write logs; set network.nat to single or per-zone",
        )


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


def _callers(where: str, name: str, service: ServiceSettings, draft: Draft) -> Iterator[Problem]:
    for position, caller in enumerate(service.callers):
        at = f"{where}.callers[{position}]"
        if caller == name:
            yield Problem(at, f"{name} can't be its own caller; remove it")
        elif caller not in draft.service_names:
            known = ", ".join(sorted(draft.service_names - {name})) or "none"
            yield Problem(at, f"no service is named {caller}; services are: {known}")
        elif caller in service.callers[:position]:
            yield Problem(at, f"{caller} is named twice")
        elif caller in draft.services and draft.services[caller].runtime != service.runtime:
            yield Problem(
                at,
                f"{caller} runs on {draft.services[caller].runtime} and {name} on "
                f"{service.runtime}; across runtimes a service is called through the load "
                f"balancer: give {name} a route",
            )


def _grants(where: str, service: ServiceSettings, draft: Draft) -> Iterator[Problem]:
    for target in service.grants:
        if target not in draft.queue_names:
            known = ", ".join(sorted(draft.queue_names)) or "none"
            yield Problem(
                f"{where}.grants.{target}",
                f"nothing named {target} is declared; queues are: {known}",
            )


def _cycles(services: Mapping[str, ServiceSettings]) -> Iterator[Problem]:
    """Yield each circle of callers once, at its first member by name."""
    for name in sorted(services):
        path = _circle(name, services)
        if path and name == min(path):
            yield Problem(
                f"services.{name}.callers",
                f"{' → '.join([name, *reversed(path)])} is a circle of calls; a service starts "
                "after those it calls, so one of them has to go (a queue between them breaks a "
                "circle)",
            )


def _circle(start: str, services: Mapping[str, ServiceSettings]) -> list[str] | None:
    """Return the shortest way from `start` through its callers back to it."""
    ways = [[start]]
    seen = set[str]()
    while ways:
        way = ways.pop(0)
        for caller in services[way[-1]].callers:
            if caller == start and len(way) > 1:
                return way
            if caller in services and caller not in seen and caller != start:
                seen.add(caller)
                ways.append([*way, caller])
    return None


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
