"""Priorities of listener rules: the most particular route first, whoever else there is."""

from hypothesis import assume, given
from hypothesis import strategies as st

from components.load_balancer.priorities import PATH_LENGTH, rule_priority

services = st.text("abcdefgh", min_size=1, max_size=20)
paths = st.builds(
    lambda literal, star: f"/{literal}{star}",
    st.text("abc/", max_size=126),
    st.sampled_from(["", "*"]),
)
hosts = st.none() | st.just("shop.example.com")
routes = st.tuples(services, paths, st.integers(0, 4))


@given(services, paths, hosts)
def test_a_priority_is_one_that_a_listener_takes(service: str, path: str, host: str | None) -> None:
    assert 1 <= rule_priority(service, path, host, None) <= 50_000


@given(services, services, paths, paths)
def test_a_route_with_a_host_comes_before_those_without(
    one: str, other: str, path: str, another: str
) -> None:
    with_host = rule_priority(one, path, "shop.example.com", None)
    assert with_host < rule_priority(other, another, None, None)


@given(services, services, paths, paths, hosts)
def test_a_longer_path_comes_before_a_shorter_one(
    one: str, other: str, path: str, another: str, host: str | None
) -> None:
    lengths = [len(p.removesuffix("*")) for p in (path, another)]
    assume(lengths[0] > lengths[1])
    assert rule_priority(one, path, host, None) < rule_priority(other, another, host, None)


@given(services, services, st.text("abc/", max_size=100), hosts)
def test_an_exact_path_comes_before_a_prefix_of_its_length(
    one: str, other: str, literal: str, host: str | None
) -> None:
    exact = rule_priority(one, f"/{literal}", host, None)
    assert exact < rule_priority(other, f"/{literal}*", host, None)


@given(services, paths, hosts, st.integers(0, 4))
def test_a_priority_with_conditions_is_one_that_a_listener_takes_too(
    service: str, path: str, host: str | None, conditions: int
) -> None:
    assert 1 <= rule_priority(service, path, host, None, conditions) <= 50_000


@given(st.tuples(services, services), paths, hosts, st.sets(st.integers(0, 3), min_size=2))
def test_a_route_with_more_conditions_comes_before_those_of_its_path_with_fewer(
    names: tuple[str, str], path: str, host: str | None, conditions: set[int]
) -> None:
    assume(len(path.removesuffix("*")) < PATH_LENGTH)
    fewer, *_, more = sorted(conditions)
    first = rule_priority(names[0], path, host, None, more)
    assert first < rule_priority(names[1], path, host, None, fewer)


@given(routes, routes, hosts)
def test_a_path_longer_by_two_comes_first_whatever_the_conditions(
    one: tuple[str, str, int], other: tuple[str, str, int], host: str | None
) -> None:
    lengths = [len(path.removesuffix("*")) for _, path, _ in (one, other)]
    assume(lengths[0] > lengths[1] + 1)
    assert number(one, host) < number(other, host)


@given(routes, routes)
def test_a_host_comes_before_conditions(
    one: tuple[str, str, int], other: tuple[str, str, int]
) -> None:
    assert number(one, "shop.example.com") < number(other, None)


def number(route: tuple[str, str, int], host: str | None) -> int:
    service, path, conditions = route
    return rule_priority(service, path, host, None, conditions)


@given(services, paths, hosts, st.integers(1, 50_000))
def test_a_given_priority_is_taken_as_it_is(
    service: str, path: str, host: str | None, given_priority: int
) -> None:
    assert rule_priority(service, path, host, given_priority) == given_priority


def test_a_priority_is_the_same_on_every_machine_and_in_every_release() -> None:
    # Pinned: another number would replace no rule but reorder them all in every stack.
    assert rule_priority("web", "/*", None, None) == 49_823
    assert rule_priority("reports", "/reports/*", None, None) == 45_096
    assert rule_priority("shop", "/", "shop.example.com", None) == 24_468
    assert rule_priority("beta", "/*", None, None, 1) == 49_176
    assert rule_priority("beta", "/*", None, None, 2) == 49_086
