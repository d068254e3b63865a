"""What EKS on Fargate can't do is an error that names another way, and the guide lists each."""

import re
from typing import Any

import pytest

from components.settings import Settings, SettingsError
from tests.unit.support.programs import IMAGE, ROOT

GUIDE = ROOT / "docs" / "guides" / "runtimes.md"
ROUTED = {"port": 8080, "route": {"path": "/*"}}

LIMITS: dict[str, list[tuple[dict[str, Any], str]]] = {
    "`architecture: arm64`": [({"architecture": "arm64"}, "ecs runs both")],
    "`capacity: spot`": [
        ({"capacity": "spot"}, "ecs has Fargate Spot"),
        ({"capacity": {"onDemand": {"base": 1}, "spot": {"weight": 3}}}, "ecs has Fargate Spot"),
    ],
    "`size` above 16 vCPU": [
        ({"size": {"cpu": 32, "memory": 61_440}}, "ecs has 32 vCPU"),
        ({"size": {"atLeast": {"cpu": 17}}}, "ecs has 32 vCPU"),
        ({"size": {"atLeast": {"memory": 122_880}}}, "ecs has 32 vCPU"),
    ],
    "`storage` above 175": [({"storage": 176}, "ecs has up to 200")],
    "`files`": [
        (
            {"files": {"/data": {"fileSystem": "documents"}}},
            "set runtime to ecs, or keep the files in a bucket",
        )
    ],
    "`exec`": [({"exec": True, "readOnlyRoot": False}, "kubectl exec does the same")],
    "`route.healthCheck.gracePeriod`": [
        (
            {"port": 8080, "route": {"path": "/*", "healthCheck": {"gracePeriod": 90}}},
            "failed checks never stop a pod: remove it",
        )
    ],
    "`logRetentionDays`": [({"logRetentionDays": 14}, "kept as long as eks.logRetentionDays")],
    "`sidecars`": [
        ({"sidecars": {"adot": {}}}, "or run the service on ecs"),
        ({"sidecars": {"firelens": {"deliveryStream": "x"}}}, "or run the service on ecs"),
    ],
    "`ulimits`": [({"ulimits": {"nofile": 4096}}, "or run the service on ecs")],
    "`deployment.strategy` other than rolling": [
        ({**ROUTED, "deployment": {"strategy": strategy}}, "or run the service on ecs")
        for strategy in ("blue-green", "linear", "canary")
    ],
    "`deployment.alarms`, `deployment.errorPercent`": [
        ({"deployment": {"alarms": ["latency"]}}, "or run the service on ecs"),
        ({**ROUTED, "deployment": {"errorPercent": 5}}, "or run the service on ecs"),
    ],
    "`scaling.requests`, `scaling.metric`, `scaling.schedule`": [
        ({**ROUTED, "scaling": {"requests": 600}}, "or run the service on ecs"),
        (
            {"scaling": {"metric": {"namespace": "Shop", "name": "Backlog", "target": 10}}},
            "or run the service on ecs",
        ),
        (
            {"scaling": {"schedule": {"night": {"cron": "0 20 * * ? *", "min": 1, "max": 1}}}},
            "or run the service on ecs",
        ),
    ],
}
"""What the guide's table names, with settings that ask for it and the way that the error names."""


def parse(runtime: str, service: dict[str, Any]) -> None:
    Settings.parse(
        {
            "eks": {"enabled": True},
            "ecs": {"exec": {"enabled": True}},
            "loadBalancer": {"allowedCidrs": ["203.0.113.0/24"]},
            "fileSystems": {"documents": {}},
            "services": {"web": {"runtime": runtime, "image": IMAGE, **service}},
        }
    )


def problems(runtime: str, service: dict[str, Any]) -> list[str]:
    """Return what is said of the service itself."""
    try:
        parse(runtime, service)
    except SettingsError as error:
        lines = [line.strip() for line in str(error).splitlines()]
        return [line for line in lines if line.startswith("services.web")]
    return []


CASES = [case for cases in LIMITS.values() for case in cases]


@pytest.mark.parametrize(("service", "instead"), CASES)
def test_it_is_one_error_that_names_another_way(service: dict[str, Any], instead: str) -> None:
    (problem,) = problems("eks", service)
    assert instead in problem


@pytest.mark.parametrize("service", [service for service, _ in CASES])
def test_the_way_that_is_named_is_one(service: dict[str, Any]) -> None:
    if "atLeast" in service.get("size", {}):
        service = {"size": {"cpu": 32, "memory": 249_856}}
    parse("ecs", service)


def test_all_that_a_pod_can_have_is_taken() -> None:
    largest = {"storage": 175, "size": {"cpu": 16, "memory": 122_880}, "capacity": "on-demand"}
    assert problems("eks", largest) == []


def test_the_guide_names_each_of_them_and_no_other() -> None:
    _, _, section = GUIDE.read_text().partition("## What EKS on Fargate can't do\n")
    assert re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE) == list(LIMITS)
