"""Problems between services that call each other."""

from collections.abc import Iterator, Mapping

from components.settings.errors import Problem
from components.settings.relations.balancer_quotas import RULES_PER_SECURITY_GROUP
from components.settings.relations.draft import Draft
from components.settings.service import ServiceSettings

WAYS_OUT = 4
"""Most rules that a service needs besides its calls: to endpoints and to prefix lists."""


def call_problems(draft: Draft) -> Iterator[Problem]:
    """Yield calls that can't be."""
    for name, service in draft.services.items():
        yield from _callers(f"services.{name}", name, service, draft)
        yield from _rules(f"services.{name}", name, service, draft)
    yield from _cycles(draft.services)


def _callers(where: str, name: str, service: ServiceSettings, draft: Draft) -> Iterator[Problem]:
    for position, caller in enumerate(service.callers):
        at = f"{where}.callers[{position}]"
        if caller == name:
            yield Problem(at, f"{name} can't be its own caller; remove it")
        elif caller in draft.job_names:
            yield Problem(
                at,
                f"{caller} is a job, and Service Connect serves services alone: give {name} a "
                "route, and let the job call it through the load balancer",
            )
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


def _rules(where: str, name: str, service: ServiceSettings, draft: Draft) -> Iterator[Problem]:
    """Yield what a service's security group has no room for: a rule for each connection."""
    inward = len(service.callers) + (service.route is not None)
    if inward > RULES_PER_SECURITY_GROUP:
        yield Problem(
            f"{where}.callers",
            f"{inward} ways in need a rule each in the service's security group, which holds "
            f"{RULES_PER_SECURITY_GROUP} by default quota; put a queue or the load balancer "
            "between",
        )
    callees = sum(name in other.callers for other in draft.services.values())
    outward = callees + len(service.files) + WAYS_OUT
    if outward > RULES_PER_SECURITY_GROUP:
        yield Problem(
            where,
            f"calls {callees} services, and its security group has room for "
            f"{RULES_PER_SECURITY_GROUP - WAYS_OUT - len(service.files)} rules to them (default "
            f"quota: {RULES_PER_SECURITY_GROUP}); put a queue or the load balancer between",
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
