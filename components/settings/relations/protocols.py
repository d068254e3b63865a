"""Problems between what a service's port speaks and what the load balancer does with it."""

import re
from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.protocol import GRPC_CODES, HEALTH_SERVICE, HTTP_CODES
from components.settings.relations.draft import Draft
from components.settings.route import HealthCheckSettings, RouteSettings
from components.settings.service import ServiceSettings


def protocol_problems(draft: Draft) -> Iterator[Problem]:
    """Yield routes that a service's protocol doesn't allow."""
    for name, service in draft.services.items():
        if service.route is None:
            continue
        where = f"services.{name}"
        if service.protocol == "tcp":
            yield Problem(
                f"{where}.route",
                "can't go with protocol tcp, for the load balancer speaks HTTP: remove route and "
                "name callers instead, or set protocol to http, http2 or grpc",
            )
            continue
        yield from _health_check(
            f"{where}.route.healthCheck", service.protocol, service.route.health_check
        )
        if service.protocol != "http":
            yield from _end_to_end(where, service, service.route, draft)
        if service.protocol == "grpc":
            yield from _methods(f"{where}.route.methods", service.route)


def _health_check(where: str, protocol: str, check: HealthCheckSettings) -> Iterator[Problem]:
    codes, allowed = (
        (GRPC_CODES, 'gRPC, 0 to 99, such as "0" or "0,12"')
        if protocol == "grpc"
        else (HTTP_CODES, 'HTTP, 200 to 499, such as "200-299"')
    )
    if not check.accepts_only(codes):
        yield Problem(
            f"{where}.matcher",
            f'given "{check.matcher}": with protocol {protocol} it holds status codes of {allowed}',
        )
    if protocol == "grpc" and not re.fullmatch(r"/[A-Za-z0-9_.]+/[A-Za-z0-9_]+", check.path):
        yield Problem(
            f"{where}.path",
            f'given "{check.path}": with protocol grpc it is a method, /package.Service/Method: '
            f"{HEALTH_SERVICE} of servers with gRPC's health service; remove it otherwise",
        )


def _end_to_end(
    where: str, service: ServiceSettings, route: RouteSettings, draft: Draft
) -> Iterator[Problem]:
    """Yield what a listener can't do that sends HTTP/2 on (ELB user guide, protocol version)."""
    balancer = draft.load_balancer
    if balancer and balancer.enabled and not balancer.tls:
        yield Problem(
            f"{where}.protocol",
            f"given {service.protocol}, which the load balancer takes by HTTPS only: set "
            "loadBalancer.domain or loadBalancer.certificateArn, or name callers instead of route, "
            "or use http",
        )
    if route.login:
        yield Problem(
            f"{where}.route.login",
            f"can't go with protocol {service.protocol}, whose requests the load balancer only "
            "forwards: remove login, or use http",
        )


def _methods(where: str, route: RouteSettings) -> Iterator[Problem]:
    if route.methods and "POST" not in route.methods:
        yield Problem(
            where,
            "has no POST, and every call by gRPC is one, so that none would match: remove methods",
        )
