"""Workloads: services after those they call, on the cluster that they name."""

from itertools import pairwise
from random import Random

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import Workloads
from components.settings import ServiceSettings, Settings
from components.workloads import in_call_order
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.engine import Recorder
from tests.unit.support.programs import IMAGE, platform

CALLS: dict[str, dict[str, object]] = {
    "web": {},
    "api": {"port": 8080, "callers": ["web"]},
    "store": {"port": 8080, "callers": ["api"]},
}


def build(settings: Settings) -> None:
    network = programs.network()
    ecs = programs.ecs(network)
    Workloads("workloads", settings, environment=ENVIRONMENT, ecs=ecs, eks=None, behind=None)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    services = {name: {"image": IMAGE, **given} for name, given in CALLS.items()}
    return programs.run(lambda: build(programs.settings(services=services)), preview=preview)


def test_a_service_starts_after_those_it_calls(run: Recorder) -> None:
    for caller, callee in pairwise(("web", "api", "store")):
        assert run.named(f"{callee}-service").urn in run.named(f"{caller}-service").dependencies


def test_a_new_callee_or_port_of_one_starts_the_callers_tasks_anew(run: Recorder) -> None:
    triggers = {name: run.named(f"{name}-service").inputs["triggers"]["callees"] for name in CALLS}
    assert triggers == {"web": "api:8080 http", "api": "store:8080 http", "store": "none"}


def test_a_service_is_found_by_its_callers_under_its_name(run: Recorder) -> None:
    for name, served in (("web", []), ("api", ["api"]), ("store", ["store"])):
        connect = run.named(f"{name}-service").inputs["serviceConnectConfiguration"]
        assert connect["enabled"] is True
        assert [found["discoveryName"] for found in connect["services"]] == served
        assert [found["clientAlias"] for found in connect["services"]] == [
            [{"dnsName": each, "port": 8080}] for each in served
        ]


def test_without_an_eks_cluster_there_is_no_controller(run: Recorder) -> None:
    assert not run.of("fargate:eks:LoadBalancerController")
    assert platform("dev", preview=False).of("fargate:eks:LoadBalancerController")


def test_the_secrets_operator_is_there_for_namespaces_whose_services_on_eks_have_secrets() -> None:
    run = platform("secrets-on-eks", preview=False)
    releases = {one.inputs["name"] for one in run.of("kubernetes:helm.sh/v3:Release")}
    assert releases - {"aws-load-balancer-controller"} == {
        "external-secrets-definitions",
        "secrets-office",
        "secrets-shop",
    }
    for stack in ("dev", "containers"):
        assert not platform(stack, preview=False).of("fargate:eks:SecretsOperator")


@pytest.mark.parametrize(
    ("runtime", "what"), [("ecs", "an ECS cluster"), ("eks", "an EKS cluster")]
)
def test_a_page_that_builds_no_cluster_is_told_which_service_needs_one(
    runtime: str, what: str
) -> None:
    settings = programs.settings(
        eks={"enabled": True}, services={"web": {"image": IMAGE, "runtime": runtime}}
    )
    with pytest.raises(pulumi.RunError) as raised:
        programs.run(
            lambda: Workloads(
                "workloads", settings, environment=ENVIRONMENT, ecs=None, eks=None, behind=None
            ),
            preview=False,
        )
    assert str(raised.value) == f"services.web: needs {what}, and __main__.py gives it none"


def test_a_job_on_eks_that_settings_let_through_without_a_schedule_is_not_left_out() -> None:
    job = {"image": IMAGE, "runtime": "eks", "timeout": 600, "lambda": {"request": True}}
    unchecked = programs.section(Settings, {"eks": {"enabled": True}, "jobs": {"export": job}})

    def program() -> None:
        cluster = programs.eks(programs.network())
        Workloads(
            "workloads", unchecked, environment=ENVIRONMENT, ecs=None, eks=cluster, behind=None
        )

    with pytest.raises(pulumi.RunError) as raised:
        programs.run(program, preview=False)
    assert str(raised.value) == "jobs.export: runs on eks, and has no schedule to start by"


@st.composite
def acyclic_calls(draw: st.DrawFn) -> dict[str, set[str]]:
    """Draw callers by service: each is called by some of those before it in a random order."""
    order = draw(st.permutations([f"s{number}" for number in range(draw(st.integers(1, 8)))]))
    return {
        name: draw(st.sets(st.sampled_from(order[:position]))) if position else set()
        for position, name in enumerate(order)
    }


@given(acyclic_calls(), st.randoms())
def test_callees_come_before_their_callers_whatever_the_order_of_the_file(
    callers: dict[str, set[str]], shuffle: Random
) -> None:
    names = list(callers)
    shuffle.shuffle(names)
    services: dict[str, ServiceSettings] = {
        name: programs.service(port=8080, callers=sorted(callers[name])) for name in names
    }
    order = list(in_call_order(services))
    assert sorted(order) == sorted(names)
    for callee, wanted in callers.items():
        for caller in wanted:
            assert order.index(callee) < order.index(caller)
    assert order == list(in_call_order({name: services[name] for name in sorted(names)}))
