"""Guaranteed zone spread: a Deployment in each zone, which together are what was asked for."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import EksService
from components.eks.placement import placements
from components.network.zones import shares
from tests.unit.support import programs
from tests.unit.support.engine import Recorder
from tests.unit.support.programs import IMAGE

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
ROUTED: dict[str, Any] = {"port": 8080, "route": {"path": "/*"}}


def web(**settings: object) -> None:
    network = programs.network(zones=2)
    cluster = programs.eks(network, namespaces={"shop": {"zoneProfiles": True}})
    EksService(
        "web",
        programs.service(runtime="eks", zoneSpread="guaranteed", **settings),
        cluster=cluster,
        controller=programs.controller(cluster),
        balancer=programs.balancer(network),
    )


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    scaling = {"min": 3, "max": 9}
    return programs.run(partial(web, scaling=scaling, **ROUTED), preview=preview)


def specs(run: Recorder) -> dict[str, Mapping[str, Any]]:
    return {
        found.inputs["metadata"]["name"]: found.inputs["spec"]
        for found in run.of(DEPLOYMENT)
        if found.inputs["metadata"]["namespace"] == "shop"
    }


def test_there_is_a_deployment_in_each_zone_by_its_profile(run: Recorder) -> None:
    assert list(specs(run)) == ["web-zone-1", "web-zone-2"]
    for number, spec in enumerate(specs(run).values(), start=1):
        labels = spec["template"]["metadata"]["labels"]
        assert labels == {
            "app.kubernetes.io/name": "web",
            "fargate/zone": f"zone-{number}",
            "eks.amazonaws.com/fargate-profile": f"shop-zone-{number}",
        }


def test_a_pod_matches_the_profile_that_it_names(run: Recorder) -> None:
    profiles = {
        profile.inputs["fargateProfileName"]: profile.inputs["selectors"]
        for profile in run.of("aws:eks/fargateProfile:FargateProfile")
    }
    for spec in specs(run).values():
        labels = spec["template"]["metadata"]["labels"]
        (selector,) = profiles[labels["eks.amazonaws.com/fargate-profile"]]
        assert selector["labels"].items() <= labels.items()


def test_no_deployment_knows_the_pods_of_another_zone(run: Recorder) -> None:
    first, second = specs(run).values()
    for spec, other in ((first, second), (second, first)):
        wanted = spec["selector"]["matchLabels"].items()
        assert wanted <= spec["template"]["metadata"]["labels"].items()
        assert not wanted <= other["template"]["metadata"]["labels"].items()


def test_each_zone_scales_by_itself_within_its_share(run: Recorder) -> None:
    scalers = [scaler.inputs["spec"] for scaler in run.of(SCALER)]
    assert [scaler["scaleTargetRef"]["name"] for scaler in scalers] == ["web-zone-1", "web-zone-2"]
    limits = [(scaler["minReplicas"], scaler["maxReplicas"]) for scaler in scalers]
    assert limits == [(2, 5), (1, 4)]


@pytest.mark.parametrize(
    ("type_", "selector"),
    [
        ("kubernetes:core/v1:Service", ("selector",)),
        ("kubernetes:policy/v1:PodDisruptionBudget", ("selector", "matchLabels")),
        (
            "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy",
            ("podSelector", "matchLabels"),
        ),
    ],
)
def test_one_of_each_is_for_the_pods_of_all_zones(
    run: Recorder, type_: str, selector: tuple[str, ...]
) -> None:
    (one,) = [found for found in run.of(type_) if found.name.startswith("web-")]
    found = one.inputs["spec"]
    for key in selector:
        found = found[key]
    assert found == {"app.kubernetes.io/name": "web"}


def test_pods_of_all_zones_are_bound_to_one_target_group_before_they_start(run: Recorder) -> None:
    binding = run.one("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding")
    for number in (1, 2):
        assert run.depends(run.named(f"web-zone-{number}-deployment"), binding)
        before = run.named(f"eks-profile-shop-zone-{number}")
        assert run.depends(run.named(f"web-zone-{number}-deployment"), before)


def test_a_caller_starts_after_the_pods_of_all_zones() -> None:
    services: dict[str, dict[str, Any]] = {
        "web": {"callers": ["page"], "port": 8080, "zoneSpread": "guaranteed"},
        "page": {"scaling": {"count": 1}},
    }
    given = {
        "network": {"zones": 2},
        "eks": {"enabled": True, "namespaces": {"shop": {"zoneProfiles": True}}},
        "services": {
            name: {"runtime": "eks", "image": IMAGE, "scaling": {"count": 2}, **settings}
            for name, settings in services.items()
        },
    }
    run = programs.page(given, preview=False)
    for zone in ("zone-1", "zone-2"):
        assert run.depends(run.named("page-deployment"), run.named(f"web-{zone}-deployment"))


def test_a_fixed_number_is_shared_among_the_zones() -> None:
    run = programs.run(partial(web, scaling={"count": 3}), preview=False)
    assert [spec["replicas"] for spec in specs(run).values()] == [2, 1]
    assert not run.of(SCALER)


def test_a_zone_without_a_pod_is_an_error_where_the_network_decides_how_many_there_are() -> None:
    with pytest.raises(pulumi.RunError) as raised:
        programs.run(web, preview=False)
    assert str(raised.value) == (
        "services.web.zoneSpread: given guaranteed, which needs a pod in each of the network's 2 "
        "zones, and scaling starts 1"
    )


ZONES = st.integers(1, 6)


@given(number=st.integers(0, 1_000), zones=ZONES)
def test_shares_are_the_number_together_and_differ_by_one_at_most(number: int, zones: int) -> None:
    found = shares(number, zones)
    assert (len(found), sum(found)) == (zones, number)
    assert max(found) - min(found) <= 1


@given(zones=ZONES, more=st.integers(0, 50), room=st.integers(0, 50))
def test_every_zone_has_a_pod_and_all_together_stay_within_min_and_max(
    zones: int, more: int, room: int
) -> None:
    low = zones + more
    scaling = {"min": low, "max": low + room}
    service = programs.service(runtime="eks", zoneSpread="guaranteed", scaling=scaling)
    found = [place.scaling for place in placements("web", service, namespace="shop", zones=zones)]
    assert len(found) == zones
    assert sum(each.min for each in found) == low
    assert sum(each.max for each in found) == low + room
    assert all(1 <= each.min <= each.max for each in found)


@pytest.mark.parametrize(
    ("scaling", "budgets"),
    [
        ({"min": 3, "max": 9}, ["20.00", "10.00"]),
        ({"count": 4}, ["15.00", "15.00"]),
        ({"min": 7, "max": 9}, ["17.14", "12.85"]),
    ],
)
def test_each_zone_has_its_pods_share_of_the_budget(
    scaling: dict[str, int], budgets: list[str]
) -> None:
    run = programs.run(partial(web, scaling=scaling, monthlyBudget=30), preview=False)
    found = [
        each.inputs["metadata"]["annotations"]["monthly-budget-usd"] for each in run.of(DEPLOYMENT)
    ]
    assert found == budgets
