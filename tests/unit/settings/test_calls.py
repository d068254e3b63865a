"""A security group holds a limited number of rules, and each connection needs one."""

import pytest

from components.settings import Settings, SettingsError


def services(count: int, **more: object) -> dict[str, dict[str, object]]:
    return {f"s{number}": {"image": "nginx:1", **more} for number in range(count)}


def test_sixty_callers_have_a_rule_each_and_one_more_has_none() -> None:
    for count in (60, 61):
        called = {"image": "nginx:1", "port": 8080, "callers": [f"s{n}" for n in range(count)]}
        given = {"services": {**services(count), "called": called}}
        if count == 60:
            Settings.parse(given)
            continue
        with pytest.raises(SettingsError) as raised:
            Settings.parse(given)
        (said,) = str(raised.value).splitlines()[1:]
        assert said == (
            "  services.called.callers: 61 ways in need a rule each in the service's security "
            "group, which holds 60 by default quota; put a queue or the load balancer between"
        )


def test_a_route_takes_one_of_the_rules() -> None:
    called = {
        "image": "nginx:1",
        "port": 8080,
        "route": {"path": "/*"},
        "callers": [f"s{number}" for number in range(60)],
    }
    balancer = {"allowedCidrs": ["203.0.113.0/24"]}
    given = {"loadBalancer": balancer, "services": {**services(60), "called": called}}
    with pytest.raises(SettingsError, match="61 ways in"):
        Settings.parse(given)


def test_a_service_calls_no_more_than_its_group_has_rules_for() -> None:
    def calling(count: int) -> dict[str, object]:
        called = services(count, port=8080, callers=["caller"])
        return {"services": {**called, "caller": {"image": "nginx:1"}}}

    Settings.parse(calling(56))
    with pytest.raises(SettingsError, match=r"services\.caller: calls 57 services"):
        Settings.parse(calling(57))
