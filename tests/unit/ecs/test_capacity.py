"""Where tasks run."""

from functools import partial
from typing import Any

import pytest

from components import EcsService
from tests.unit.support import programs
from tests.unit.support.engine import Recorder

SERVICE = "aws:ecs/service:Service"
MIX = {"onDemand": {"base": 2, "weight": 1}, "spot": {"weight": 3}}
MIXED = [
    {"capacityProvider": "FARGATE", "base": 2, "weight": 1},
    {"capacityProvider": "FARGATE_SPOT", "weight": 3},
]
ON_DEMAND = [{"capacityProvider": "FARGATE", "weight": 1}]
SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]


def web(default: object = None, **settings: object) -> None:
    given = {"defaultCapacity": default} if default else {}
    cluster = programs.ecs(programs.network(), **given)
    EcsService("web", programs.service(**settings), cluster=cluster)


def run(**settings: object) -> Recorder:
    return programs.run(partial(web, **settings), preview=False)


def strategy(**settings: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run(**settings).one(SERVICE).inputs["capacityProviderStrategies"]
    return found


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [("on-demand", ON_DEMAND), ("spot", SPOT), (MIX, MIXED)],
)
def test_a_service_runs_where_its_settings_say(
    capacity: object, expected: list[dict[str, Any]]
) -> None:
    assert strategy(capacity=capacity) == expected
    assert strategy(capacity=capacity, default={"spot": {"weight": 7}}) == expected


def test_a_service_that_says_nothing_runs_where_its_cluster_says() -> None:
    assert strategy() == ON_DEMAND
    assert strategy(default=MIX) == MIXED


def test_a_service_always_has_a_strategy_of_its_own() -> None:
    """ECS copies a cluster's default into a service, and a refresh would then show a change."""
    service = run().one(SERVICE).inputs
    assert service["capacityProviderStrategies"]
    assert "launchType" not in service


def test_each_change_of_capacity_starts_new_tasks() -> None:
    capacities: list[object] = [
        "on-demand",
        "spot",
        MIX,
        {**MIX, "spot": {"weight": 4}},
        {**MIX, "onDemand": {"base": 3, "weight": 1}},
        {"onDemand": {"weight": 1}, "spot": {"base": 2, "weight": 3}},
    ]
    services = [run(capacity=capacity).one(SERVICE).inputs for capacity in capacities]
    triggers = [service["triggers"]["capacity"] for service in services]
    assert len(set(triggers)) == len(capacities)
    assert all(service["forceNewDeployment"] for service in services)
