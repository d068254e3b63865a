"""Who can reach whom: what is declared and nothing else, computed from all rules of a stack."""

from collections.abc import Mapping

import pytest

from components import Workloads
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.engine import Recorder
from tests.unit.support.programs import IMAGE, STACKS, platform
from tests.unit.support.reach import CLUSTER, EGRESS, Connection, halves, inline_rules, reach


def workloads(services: Mapping[str, Mapping[str, object]]) -> None:
    settings = programs.settings(
        eks={"enabled": True},
        loadBalancer={"allowedCidrs": ["203.0.113.0/24"]},
        services={
            name: {"image": IMAGE, "port": 8080, **given} for name, given in services.items()
        },
    )
    network = programs.network()
    Workloads(
        "workloads",
        settings,
        environment=ENVIRONMENT,
        ecs=programs.ecs(network),
        eks=programs.eks(network),
        behind=programs.balancer(network),
    )


SERVICES: Mapping[str, Mapping[str, object]] = {
    "front": {"route": {"path": "/*"}},
    "back": {"callers": ["front"], "port": 9000},
    "deep": {"callers": ["back"]},
    "alone": {"port": None},
    "pods": {"runtime": "eks", "route": {"path": "/pods"}},
    "behind": {"runtime": "eks", "callers": ["pods"], "port": 9001},
}


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(lambda: workloads(SERVICES), preview=preview)


def between(run: Recorder) -> set[Connection]:
    """Return connections that are neither the pods' shared ones nor HTTPS out."""
    return {
        found
        for found in reach(run)
        if "eks-pods" not in found and found.target != "0.0.0.0/0" and found.source != CLUSTER
    }


def test_a_service_is_reached_by_its_callers_and_the_load_balancer_on_its_port_only(
    run: Recorder,
) -> None:
    assert between(run) == {
        Connection("203.0.113.0/24", "public-group", 80),
        Connection("public-group", "front-group", 8080),
        Connection("front-group", "back-group", 9000),
        Connection("back-group", "deep-group", 8080),
        Connection("public-group", "pods-group", 8080),
        Connection("pods-group", "behind-group", 9001),
    }


def test_no_rule_is_half_a_connection_and_no_group_has_rules_inside(run: Recorder) -> None:
    assert halves(run) == set()
    assert inline_rules(run) == []


def test_a_task_gets_out_by_https_and_to_those_it_calls_only(run: Recorder) -> None:
    out = {found for found in reach(run) if found.source == "front-group"}
    assert out == {
        Connection("front-group", "0.0.0.0/0", 443),
        Connection("front-group", "back-group", 9000),
    }


def test_a_pods_own_group_opens_its_calls_only(run: Recorder) -> None:
    out = {found for found in reach(run) if found.source in ("pods-group", "behind-group")}
    assert out == {Connection("pods-group", "behind-group", 9001)}


def test_without_nat_a_task_gets_out_to_the_endpoints_and_their_prefix_lists_only(
    *, preview: bool
) -> None:
    run = platform("private-network", preview=preview)
    task = run.one("aws:ec2/securityGroup:SecurityGroup", "hello-group")
    out = [rule for rule in run.of(EGRESS) if rule.sources["securityGroupId"] == {task.urn}]
    assert {rule.inputs["fromPort"] for rule in out} == {443}
    assert not [rule for rule in out if rule.inputs.get("cidrIpv4")]
    assert {rule.inputs["prefixListId"] for rule in out if "prefixListId" in rule.inputs} == {
        "pl-of-dynamodb",
        "pl-of-s3",
    }
    (to_group,) = [rule for rule in out if "prefixListId" not in rule.inputs]
    group = run.one("aws:ec2/securityGroup:SecurityGroup", "network-endpoints")
    assert to_group.sources["referencedSecurityGroupId"] == {group.urn}
    assert all(run.depends(run.one("aws:ecs/service:Service"), rule) for rule in out)


def test_without_nat_pods_get_out_to_the_endpoints_only() -> None:
    def program() -> None:
        network = programs.network(nat="none", interfaceEndpoints="eks")
        programs.eks(network)

    run = programs.run(program, preview=False)
    opened = {rule.name for rule in run.of(EGRESS) if rule.name.startswith("eks-pods")}
    assert {"eks-pods-endpoints-egress", "eks-pods-s3-egress"} < opened
    assert not [rule for rule in run.of(EGRESS) if rule.inputs.get("cidrIpv4")]


@pytest.mark.parametrize("stack", STACKS)
def test_addresses_reach_the_load_balancer_only(stack: str, *, preview: bool) -> None:
    opened = reach(platform(stack, preview=preview))
    assert {found.target for found in opened if "/" in found.source} == {"public-group"}
    assert {found.port for found in opened if "/" in found.target} == {443}
