"""Routes between each other and with the load balancer: what can't be said in one list of cases."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.settings import RouteSettings, Settings, SettingsError
from components.settings.relations.precedence import includes, precedence_problems, priority
from tests.unit.support.programs import section

CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/12345678"
COGNITO = {
    "userPoolArn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc",
    "clientId": "shop",
    "domain": "shop",
}


def route(**given_settings: object) -> RouteSettings:
    return section(RouteSettings, given_settings)


def problems(**stack_file: Any) -> list[str]:  # noqa: ANN401 - any stack file
    try:
        Settings.parse(stack_file)
    except SettingsError as error:
        return [problem.path for problem in error.problems]
    return []


def web(**route_settings: object) -> dict[str, Any]:
    return {"web": {"image": "nginx:1", "port": 8080, "route": {"path": "/*", **route_settings}}}


@pytest.mark.parametrize(("nat", "scheme", "fails"), [
    ("none", "internal", True),
    ("single", "internal", False),
    ("none", "internet-facing", False),
])  # fmt: skip
def test_an_internal_load_balancer_reaches_a_logins_provider_through_nat_only(
    nat: str, scheme: str, *, fails: bool
) -> None:
    found = problems(
        network={"nat": nat},
        loadBalancer={"certificateArn": CERTIFICATE, "scheme": scheme},
        services=web(login={"cognito": COGNITO}),
    )
    assert ("services.web.route.login" in found) is fails


@pytest.mark.parametrize(("count", "fails"), [(100, False), (101, True)])
def test_more_routes_than_a_load_balancer_has_rules_are_too_many(
    count: int, *, fails: bool
) -> None:
    services = {
        f"s{n}": {
            "image": "nginx:1",
            "port": 8080,
            "route": {"path": f"/{n}/*", "priority": n + 1},
        }
        for n in range(count)
    }
    with pytest.raises(SettingsError) as error:
        Settings.parse({"loadBalancer": {"certificateArn": CERTIFICATE}, "services": services})
    said = [found.text for found in error.value.problems]
    assert any("a load balancer holds 100 rules" in text for text in said) is fails


@pytest.mark.parametrize(("runtime", "fails"), [("ecs", True), ("eks", False)])
def test_only_ecs_stops_a_task_that_the_load_balancer_finds_unhealthy_while_it_starts(
    runtime: str, *, fails: bool
) -> None:
    check = {"command": ["/check"], "startPeriod": 90}
    service = {**web()["web"], "runtime": runtime, "healthCheck": check}
    found = problems(
        eks={"enabled": True},
        loadBalancer={"certificateArn": CERTIFICATE},
        services={"web": service},
    )
    assert ("services.web.route.healthCheck.gracePeriod" in found) is fails


@pytest.mark.parametrize(
    ("deployment", "fits"),
    [({}, 500), ({"maximumPercent": 150}, 667), ({"strategy": "canary"}, 500)],
)
def test_a_service_may_have_as_many_tasks_as_a_load_balancer_has_targets_in_a_deployment(
    deployment: dict[str, Any], fits: int
) -> None:
    def fails(count: int) -> bool:
        service = {**web()["web"], "deployment": deployment, "scaling": {"count": count}}
        balancer = {"certificateArn": CERTIFICATE}
        return problems(loadBalancer=balancer, services={"web": service}) == ["services"]

    assert not fails(fits)
    assert fails(fits + 1)


def test_one_path_may_go_to_several_services_by_method_and_header() -> None:
    routes = {
        "reader": route(path="/orders/*", methods=["GET", "HEAD"]),
        "posts": route(path="/orders/*", methods=["POST"]),
        "beta": route(path="/orders/*", headers={"X-Beta": ["yes"]}),
        "next": route(path="/orders/*", headers={"X-Beta": ["no"], "X-Next": ["yes"]}),
        "orders": route(path="/orders/*"),
    }
    assert list(precedence_problems(routes)) == []


def test_a_route_with_more_conditions_comes_first_so_that_it_gets_requests_at_all() -> None:
    routes = [
        route(path="/*", methods=["GET"], headers={"A": ["1"], "B": ["1"]}),
        route(path="/*", headers={"A": ["1"], "B": ["1"]}),
        route(path="/*", headers={"A": ["1"]}),
        route(path="/*"),
    ]
    numbers = [priority("web", found) for found in routes]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(("wide", "narrow"), [
    ({"path": "/*"}, {"path": "/a"}),
    ({"path": "/a*"}, {"path": "/a/*"}),
    ({"path": "/*"}, {"path": "/*", "host": "a.example.com"}),
    ({"path": "/*", "host": "*.example.com"}, {"path": "/*", "host": "*.shop.example.com"}),
    ({"path": "/*", "methods": ["GET", "PUT"]}, {"path": "/*", "methods": ["PUT"]}),
    ({"path": "/*", "headers": {"A": ["1", "2"]}}, {"path": "/*", "headers": {"a": ["2"]}}),
])  # fmt: skip
def test_a_route_that_includes_another_may_not_come_first(
    wide: dict[str, Any], narrow: dict[str, Any]
) -> None:
    first = {"wide": route(**wide, priority=1), "narrow": route(**narrow, priority=2)}
    assert [found.path for found in precedence_problems(first)] == [
        "services.narrow.route.priority"
    ]
    last = {"wide": route(**wide, priority=2), "narrow": route(**narrow, priority=1)}
    assert list(precedence_problems(last)) == []


def test_the_number_that_is_proposed_for_one_of_two_equal_priorities_solves_the_problem() -> None:
    taken = {"a": route(path="/a", priority=7), "b": route(path="/b", priority=7)}
    taken |= {"c": route(path="/c", priority=6), "d": route(path="/d", priority=8)}
    (first, _) = precedence_problems(taken)
    proposed = int(first.text.rpartition(" ")[2])
    assert proposed == 5
    assert not list(precedence_problems({**taken, "a": route(path="/a", priority=proposed)}))


@pytest.mark.parametrize(("one", "other"), [
    ({"path": "/a"}, {"path": "/a/*"}),
    ({"path": "/*", "host": "a.example.com"}, {"path": "/*", "host": "b.example.com"}),
    ({"path": "/*", "host": "*.example.com"}, {"path": "/*", "host": "example.com"}),
    ({"path": "/a/*"}, {"path": "/*", "methods": ["GET"]}),
    ({"path": "/*", "methods": ["GET"]}, {"path": "/*", "headers": {"A": ["1"]}}),
    ({"path": "/*", "headers": {"A": ["1"]}}, {"path": "/*", "headers": {"A": ["2"]}}),
])  # fmt: skip
def test_routes_of_which_neither_includes_the_other_may_have_any_order(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    for numbers in ((1, 2), (2, 1)):
        routes = {
            "one": route(**one, priority=numbers[0]),
            "other": route(**other, priority=numbers[1]),
        }
        assert list(precedence_problems(routes)) == []


names = st.sampled_from(["A", "B"])
routes_of_any_kind = st.builds(
    lambda path, host, methods, headers: route(
        path=path, host=host, methods=sorted(methods), headers=headers
    ),
    st.sampled_from(["/", "/*", "/a", "/a/*", "/a/b*"]),
    st.sampled_from([None, "a.example.com", "*.example.com"]),
    st.sets(st.sampled_from(["GET", "POST"])),
    st.dictionaries(names, st.just(["1"]), max_size=1),
)


@given(st.lists(routes_of_any_kind, min_size=2, max_size=5))
def test_whatever_is_accepted_leaves_no_route_without_a_request(given_routes: list[Any]) -> None:
    routes = {f"s{number}": found for number, found in enumerate(given_routes)}
    if list(precedence_problems(routes)):
        return
    in_order = sorted(routes, key=lambda name: priority(name, routes[name]))
    for position, name in enumerate(in_order):
        assert not any(includes(routes[before], routes[name]) for before in in_order[:position])


def test_hosts_of_routes_are_checked_against_a_certificate_made_here_only() -> None:
    domain = {"name": "example.com", "alternativeNames": ["*.example.com"]}
    services = web(host="shop.example.com")
    assert problems(loadBalancer={"domain": domain}, services=services) == []
    assert problems(loadBalancer={"certificateArn": CERTIFICATE}, services=services) == []


def test_an_internal_load_balancer_may_speak_plain_http_to_private_networks() -> None:
    settings = Settings.parse({"loadBalancer": {"scheme": "internal"}}).load_balancer
    assert {str(block) for block in settings.clients} == {
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
    }  # fmt: skip
