"""Which of several routes gets a request: problems with their order."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from components.load_balancer.priorities import rule_priority
from components.settings.errors import Problem
from components.settings.route import PRIORITIES, RouteSettings


def precedence_problems(routes: Mapping[str, RouteSettings]) -> Iterator[Problem]:
    """Yield routes that match the same requests, share a priority, or never get a request."""
    priorities = {name: priority(name, route) for name, route in routes.items()}
    for name, route in routes.items():
        where = f"services.{name}.route"
        others = [other for other in sorted(routes) if other != name]
        same = [other for other in others if _same(route, routes[other])]
        if same:
            conditions = (
                "the same host, path, methods and headers"
                if route.conditions
                else "the same host and path"
            )
            yield Problem(where, f"{', '.join(same)} has {conditions}; requests can't go to both")
            continue
        number = priorities[name]
        equal = [other for other in others if priorities[other] == number]
        if equal:
            yield Problem(
                f"{where}.priority",
                f"{number} is the priority of {', '.join(equal)} too; set priority of one of them "
                f"to another number, such as {_free(number, priorities.values())}",
            )
            continue
        for other in others:
            if priorities[other] < number and includes(routes[other], route):
                yield Problem(
                    f"{where}.priority",
                    f"{other} comes first with {priorities[other]} and matches all that {name} "
                    f"matches with {number}, which would never get a request: set priority so that "
                    f"{name} comes before {other}",
                )


def _free(number: int, taken: Collection[int]) -> int:
    """Return the free priority that is nearest to a number, so that the order stays the same."""
    return min(
        (other for other in PRIORITIES if other not in taken),
        key=lambda other: (abs(other - number), other),
    )


def priority(service: str, route: RouteSettings) -> int:
    """Return the priority of a service's listener rule."""
    return rule_priority(service, route.path, route.host, route.priority, route.conditions)


def includes(wide: RouteSettings, narrow: RouteSettings) -> bool:
    """Say whether a route matches every request that another one matches."""
    return (
        _includes_host(wide.host, narrow.host)
        and _includes_path(wide.path, narrow.path)
        and _includes_methods(wide.methods, narrow.methods)
        and _includes_headers(_headers(wide), _headers(narrow))
    )


def _same(one: RouteSettings, other: RouteSettings) -> bool:
    return includes(one, other) and includes(other, one)


def _includes_host(wide: str | None, narrow: str | None) -> bool:
    if wide is None or wide == narrow:
        return True
    return narrow is not None and wide.startswith("*.") and narrow.endswith(wide[1:])


def _includes_path(wide: str, narrow: str) -> bool:
    if not wide.endswith("*"):
        return wide == narrow
    return narrow.removesuffix("*").startswith(wide.removesuffix("*"))


def _includes_methods(wide: Sequence[str], narrow: Sequence[str]) -> bool:
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


def _headers(route: RouteSettings) -> Mapping[str, frozenset[str]]:
    """Return headers as they are compared: without regard to case."""
    return {
        name.lower(): frozenset(value.lower() for value in values)
        for name, values in route.headers.items()
    }


def _includes_headers(
    wide: Mapping[str, frozenset[str]], narrow: Mapping[str, frozenset[str]]
) -> bool:
    return all(name in narrow and narrow[name] <= values for name, values in wide.items())
