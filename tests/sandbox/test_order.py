"""An EKS cluster and what runs on it come up in order, and go down in the reverse of it.

The engine creates a resource after all that it depends on and deletes it before them. So each test
here says two things: what is there first, and what goes last. test_destroy_order.py sees it go.
"""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.sandbox.cluster import (
    BINDING,
    GROUPS,
    WORKLOADS,
    Cluster,
    at,
    namespace,
    template,
)
from tests.sandbox.deployments import WITH_EKS, Deployments, stack_name

pytestmark = pytest.mark.engine

ADDONS = ("coredns", "metrics-server")
PROFILE = "aws:eks/fargateProfile:FargateProfile"
SERVICE = "kubernetes:core/v1:Service"


def services(file: Path) -> list[dict[str, Any]]:
    """Return what a stack file says of its services on EKS."""
    config = YAML(typ="safe").load(file.read_text(encoding="utf-8"))["config"]
    return [each for each in config.get("services", {}).values() if each.get("runtime") == "eks"]


@pytest.fixture(scope="module", params=WITH_EKS, ids=stack_name)
def file(request: pytest.FixtureRequest) -> Path:
    """A stack file with an EKS cluster."""
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
def cluster(file: Path, deployments: Deployments) -> Cluster:
    """A stack's cluster, as it was deployed."""
    return Cluster(deployments.of(file).state.resources)


def test_there_are_services_and_bindings_to_look_at_where_a_stack_file_has_them(
    file: Path, cluster: Cluster
) -> None:
    assert len(cluster.of(SERVICE)) == sum("port" in each for each in services(file))
    assert len(cluster.of(BINDING)) == sum("route" in each for each in services(file))


def test_a_stack_file_has_them() -> None:
    assert any("route" in each for file in WITH_EKS for each in services(file))


def test_profiles_are_made_one_after_the_other(cluster: Cluster) -> None:
    profiles = cluster.of(PROFILE)
    assert len(profiles) >= 2
    chain = sorted(profiles, key=lambda one: sum(cluster.follows(one, two) for two in profiles))
    for earlier, later in pairwise(chain):
        assert cluster.too_early(later, [earlier]) == []


def test_logging_is_configured_once_pods_can_run_and_before_any_does(cluster: Cluster) -> None:
    logging, (system,) = cluster.logging(), cluster.profiles("kube-system", {})
    assert cluster.too_early(logging, [system]) == []
    assert cluster.charts_with_pods()
    assert cluster.of(*WORKLOADS)
    for running in (
        *map(cluster.addon, ADDONS),
        *cluster.charts_with_pods(),
        *cluster.of(*WORKLOADS),
    ):
        assert cluster.too_early(running, [logging]) == []


def test_addons_start_once_their_images_can_be_pulled(cluster: Cluster) -> None:
    assert cluster.ways_out()
    for addon in map(cluster.addon, ADDONS):
        assert cluster.too_early(addon, cluster.ways_out()) == []


def test_charts_are_installed_once_their_pods_find_names_and_reach_aws(cluster: Cluster) -> None:
    assert cluster.charts_with_pods()
    for release in cluster.charts_with_pods():
        profiles = cluster.profiles(at(release, "namespace"), {})
        assert profiles
        first = [*profiles, cluster.addon("coredns"), *cluster.ways_out()]
        assert cluster.too_early(release, first) == []


def test_the_controller_may_register_pods_for_as_long_as_it_is_there(cluster: Cluster) -> None:
    assert cluster.controllers()
    for controller in cluster.controllers():
        wanted = at(controller, "values", "serviceAccount", "name")
        (account,) = [
            each
            for each in cluster.of("kubernetes:core/v1:ServiceAccount")
            if at(each, "metadata", "name") == wanted
        ]
        role = cluster.role(account)
        assert cluster.role_policies(role)
        first = [account, role, *cluster.role_policies(role)]
        assert cluster.too_early(controller, first) == []


def test_the_controllers_pods_start_in_groups_of_their_own(cluster: Cluster) -> None:
    # Whoever starts before its policy is in the cluster's group for as long as it lives.
    for controller in cluster.controllers():
        labels = {"app.kubernetes.io/name": at(controller, "chart")}
        (policy,) = [
            each
            for each in cluster.of(GROUPS)
            if namespace(each) == at(controller, "namespace")
            and at(each, "spec", "podSelector", "matchLabels") == labels
        ]
        assert cluster.too_early(controller, [policy, *cluster.rules_of(policy)]) == []


def test_services_come_after_the_controller_and_bindings_after_both(cluster: Cluster) -> None:
    assert cluster.controllers()
    for service in cluster.of(SERVICE):
        assert cluster.too_early(service, cluster.controllers()) == []
        for binding in cluster.bindings(service):
            assert cluster.too_early(binding, [*cluster.controllers(), service]) == []


def test_a_binding_comes_after_the_rule_that_leads_to_its_target_group(cluster: Cluster) -> None:
    for binding in cluster.of(BINDING):
        assert cluster.rules(binding)
        assert cluster.too_early(binding, cluster.rules(binding)) == []


def test_pods_start_after_all_that_makes_them_ready_reachable_and_isolated(
    cluster: Cluster,
) -> None:
    assert cluster.of(*WORKLOADS)
    for workload in cluster.of(*WORKLOADS):
        services = cluster.selecting(SERVICE, workload, "spec", "selector")
        bindings = [binding for service in services for binding in cluster.bindings(service)]
        groups = cluster.selecting(GROUPS, workload, "spec", "podSelector", "matchLabels")
        assert groups, "the pods would be in the cluster's own group"
        assert cluster.too_early(workload, [*services, *bindings, *groups]) == []


def test_pods_start_after_what_runs_them(cluster: Cluster) -> None:
    for workload in cluster.of(*WORKLOADS):
        labels = template(workload)["metadata"]["labels"]
        profiles = cluster.profiles(namespace(workload), labels)
        assert profiles
        assert cluster.too_early(workload, [*profiles, cluster.addon("coredns")]) == []


def test_pods_with_a_readiness_gate_start_after_the_controller_that_opens_it(
    cluster: Cluster,
) -> None:
    # Its webhook answers for each pod of such a namespace, and without an answer none starts.
    gated = cluster.gated_namespaces()
    assert gated
    for workload in cluster.of(*WORKLOADS):
        if namespace(workload) in gated:
            assert cluster.controllers()
            assert cluster.too_early(workload, cluster.controllers()) == []


def test_scaling_starts_once_there_is_something_to_measure_and_to_scale(
    file: Path, cluster: Cluster
) -> None:
    # Without a word on scaling, a service has it.
    scalers = cluster.of("kubernetes:autoscaling/v2:HorizontalPodAutoscaler")
    assert scalers or all("count" in each["scaling"] for each in services(file))
    for scaler in scalers:
        (target,) = [
            workload
            for workload in cluster.of(*WORKLOADS)
            if at(workload, "metadata", "name") == at(scaler, "spec", "scaleTargetRef", "name")
            and namespace(workload) == namespace(scaler)
        ]
        assert cluster.too_early(scaler, [cluster.addon("metrics-server"), target]) == []


def test_pods_end_before_what_they_need_to_end_well(cluster: Cluster) -> None:
    for workload in cluster.of(*WORKLOADS):
        account = cluster.account(workload)
        role = cluster.role(account)
        last = [account, role, *cluster.role_policies(role), *cluster.ways_out()]
        assert cluster.too_early(workload, last) == []
