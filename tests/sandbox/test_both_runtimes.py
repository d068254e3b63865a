"""The same service on ECS and on EKS: equal in all but what differs by nature, a closed list.

The stack is examples/both-runtimes.yaml; both sides are read from its deployment, and the list is
docs/guides/runtimes.md's.
"""

import json
import re
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.sandbox.deployments import Deployments
from tests.sandbox.project import ROOT
from tests.sandbox.runtimes import CLUSTER, Described, Description

pytestmark = pytest.mark.engine

FILE = ROOT / "examples" / "both-runtimes.yaml"
GUIDE = ROOT / "docs" / "guides" / "runtimes.md"
SERVICES = ("cache", "catalogue", "shop", "worker")

BY_NATURE = {
    "A failed deployment",
    "Before SIGTERM",
    "Calls on one connection",
    "Connections with the cluster",
    "Days for which logs are kept",
    "Folders to write in",
    "Log group",
    "Memory of the container",
    "Pauses in scaling",
    "Readiness",
    "Role for images and logs",
    "Security groups",
    "Where values of secrets are",
    "Who answers for the name",
    "Who can have the role",
    "Who reads secrets",
}
"""What differs between the two in the deployment. All else is equal."""


def settings() -> dict[str, Any]:
    """Return the services of the example."""
    found: dict[str, Any] = YAML(typ="safe").load(FILE.read_text())["config"]["services"]
    return found


def without_runtime(text: str) -> str:
    """Remove what says the runtime from names and hosts of the example."""
    text = re.sub(rf"\b({'|'.join(SERVICES)})-(?:ecs|eks)\b", r"\1", text)
    return re.sub(r"\b(?:ecs|eks)\.shop\.example\.com\b", "shop.example.com", text)


def plain(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value as JSON has it, with nothing in its names that says the runtime."""
    return json.loads(without_runtime(json.dumps(value)))


@pytest.fixture(scope="module")
def described(deployments: Deployments) -> Described:
    return Described(deployments.of(FILE).state.resources)


@pytest.fixture(params=SERVICES)
def both(request: pytest.FixtureRequest, described: Described) -> tuple[Description, Description]:
    """A service of the example on either runtime."""
    ecs, eks = described.ecs(f"{request.param}-ecs"), described.eks(f"{request.param}-eks")
    return ecs, eks


def differing(ecs: Description, eks: Description) -> set[str]:
    assert ecs.keys() == eks.keys()
    return {aspect for aspect in ecs if plain(ecs[aspect]) != plain(eks[aspect])}


def test_each_service_is_on_both_runtimes_and_differs_in_its_runtime_only() -> None:
    found = settings()
    assert sorted(found) == sorted(
        f"{name}-{runtime}" for name in SERVICES for runtime in ("ecs", "eks")
    )
    for name in SERVICES:
        ecs, eks = dict(found[f"{name}-ecs"]), dict(found[f"{name}-eks"])
        assert (ecs.pop("runtime"), eks.pop("runtime")) == ("ecs", "eks")
        assert plain(ecs) == plain(eks)


def test_nothing_differs_but_what_is_on_the_list(both: tuple[Description, Description]) -> None:
    assert differing(*both) - BY_NATURE == set()


def test_everything_on_the_list_differs_in_a_service(described: Described) -> None:
    pairs = [(described.ecs(f"{name}-ecs"), described.eks(f"{name}-eks")) for name in SERVICES]
    assert set().union(*(differing(*pair) for pair in pairs)) == BY_NATURE


def test_the_guide_lists_the_same() -> None:
    _, _, section = GUIDE.read_text().partition("## What differs by nature\n")
    rows = re.findall(r"^\| ([A-Z][^|]+) \|", section.partition("\n## ")[0], re.MULTILINE)
    assert sorted(rows) == sorted(["What", *BY_NATURE])


def test_the_example_has_something_of_each_kind_to_compare(described: Described) -> None:
    pairs = [described.eks(f"{name}-eks") for name in SERVICES]
    for aspect in (
        "conditions of the route",
        "callers",
        "grants",
        "held",
        "writable folders",
        "health check",
        "environment",
        "called by the name",
        "count",
        "secrets that are read",
    ):
        assert any(one[aspect] for one in pairs), aspect
    assert {protocol for one in pairs for protocol in one["protocol"]} == {"http", "grpc", "tcp"}
    services = {
        statement["Action"][0].partition(":")[0] for one in pairs for statement in one["grants"]
    }
    assert len(services) >= 5


def test_a_pods_further_connections_are_names_the_api_and_metrics_of_its_cluster_alone(
    both: tuple[Description, Description],
) -> None:
    ecs, eks = both
    assert ecs["Connections with the cluster"] == []
    assert eks["Connections with the cluster"] == [
        ("in", CLUSTER, "tcp 10250-10250"),
        ("out", CLUSTER, "tcp 443-443"),
        ("out", CLUSTER, "tcp 53-53"),
        ("out", CLUSTER, "udp 53-53"),
    ]


def test_on_neither_does_a_task_have_more_than_its_grants(
    both: tuple[Description, Description],
) -> None:
    for one in both:
        assert one["managed policies"] == []
        for statement in one["grants"]:
            assert statement["Effect"] == "Allow"
            assert "*" not in statement["Resource"]
