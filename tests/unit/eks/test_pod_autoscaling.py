"""Automatic scaling of services on EKS."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from components import EksService
from tests.unit.support import programs
from tests.unit.support.engine import Recorder

SCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"


def web(**settings: object) -> None:
    network = programs.network()
    cluster = programs.eks(network)
    EksService(
        "web",
        programs.service(runtime="eks", **settings),
        cluster=cluster,
        controller=programs.controller(cluster),
    )


def run(**scaling: object) -> Recorder:
    return programs.run(partial(web, scaling=scaling), preview=False)


def scaler(**scaling: object) -> Mapping[str, Any]:
    found: Mapping[str, Any] = run(**scaling).one(SCALER).inputs["spec"]
    return found


def metric(name: str, percent: int) -> Mapping[str, Any]:
    target = {"type": "Utilization", "averageUtilization": percent}
    return {"type": "Resource", "resource": {"name": name, "target": target}}


def test_by_default_the_cpu_alone_is_held_with_kubernetes_own_windows() -> None:
    spec = scaler()
    assert (spec["minReplicas"], spec["maxReplicas"]) == (1, 4)
    assert spec["metrics"] == [metric("cpu", 60)]
    assert "behavior" not in spec


def test_cpu_and_memory_are_held_in_percent_of_the_request() -> None:
    assert scaler(cpu=50, memory=80)["metrics"] == [metric("cpu", 50), metric("memory", 80)]
    assert scaler(cpu=None, memory=80)["metrics"] == [metric("memory", 80)]


def test_pauses_become_stabilization_windows() -> None:
    assert scaler(cooldown={"in": 900, "out": 30})["behavior"] == {
        "scaleDown": {"stabilizationWindowSeconds": 900},
        "scaleUp": {"stabilizationWindowSeconds": 30},
    }


def test_the_number_of_pods_is_given_exactly_when_nothing_scales_them() -> None:
    assert "replicas" not in run(min=2).one(DEPLOYMENT).inputs["spec"]
    fixed = run(count=3)
    assert fixed.one(DEPLOYMENT).inputs["spec"]["replicas"] == 3
    assert not fixed.of(SCALER)
