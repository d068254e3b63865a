"""Pods: exactly the size that was asked for, restricted, and serving until nobody asks."""

import re
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.eks.pod import pod_template, resources
from components.eks.serving import serving
from components.load_balancer.load_balancer import DEREGISTRATION_DELAY
from components.sizes import EKS_LARGEST_CPU, MEMORY_BY_CPU
from tests.unit.support import programs

SIZES = [
    (cpu, memory)
    for cpu, memories in MEMORY_BY_CPU.items()
    for memory in memories
    if cpu <= EKS_LARGEST_CPU
]


def pod(
    *,
    environment: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    **settings: object,
) -> dict[str, Any]:
    """Return the specification of a service's pods."""

    def program() -> None:
        service = programs.service(**settings)
        template = pod_template(
            "web",
            service,
            image=programs.IMAGE,
            labels={},
            annotations={},
            environment=environment or {},
            secrets=secrets or {},
            service_account="web",
            serving=serving(service),
        )
        pulumi.CustomResource("test:pod:Pod", "pod", {"template": template})

    run = programs.run(program, preview=False)
    spec: dict[str, Any] = run.one("test:pod:Pod").inputs["template"]["spec"]
    return spec


def container(
    *,
    environment: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    **settings: object,
) -> dict[str, Any]:
    (found,) = pod(environment=environment, secrets=secrets, **settings)["containers"]
    assert isinstance(found, dict)
    return found


def test_each_variable_stands_once_and_a_secret_wins_over_what_the_platform_adds() -> None:
    platforms = {"ORDERS_QUEUE_URL": "https://sqs", "DB_PASSWORD": "added"}
    assert container(environment=platforms, secrets={"DB_PASSWORD": "web-1a2b"})["env"] == [
        {"name": "ORDERS_QUEUE_URL", "value": "https://sqs"},
        {
            "name": "DB_PASSWORD",
            "valueFrom": {"secretKeyRef": {"name": "web-1a2b", "key": "DB_PASSWORD"}},
        },
    ]


@given(st.sampled_from(SIZES))
def test_requests_and_what_eks_adds_are_exactly_the_size_asked_for(size: tuple[int, int]) -> None:
    cpu, memory = size
    service = programs.service(size={"cpu": cpu / 1024, "memory": memory})
    asked = resources(service)
    assert asked.requests == asked.limits
    assert isinstance(asked.requests, dict)
    milli = re.fullmatch(r"(\d+)m", asked.requests["cpu"])
    mebi = re.fullmatch(r"(\d+)Mi", asked.requests["memory"])
    assert milli
    assert mebi
    assert int(milli[1]) * 1024 == cpu * 1000
    assert int(mebi[1]) + 256 == memory


def test_pods_meet_the_restricted_standard() -> None:
    spec = pod()
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    (only,) = spec["containers"]
    assert only["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "privileged": False,
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "runAsUser": 65_534,
        "capabilities": {"drop": ["ALL"]},
    }
    for namespace in ("hostNetwork", "hostPID", "hostIPC", "volumes"):
        assert namespace not in spec


def test_pods_run_as_the_user_that_was_asked_for() -> None:
    spec = pod(user=1000)
    context = spec["securityContext"]
    assert (context["runAsUser"], context["runAsGroup"], context["fsGroup"]) == (1000, 1000, 1000)
    assert spec["containers"][0]["securityContext"]["runAsUser"] == 1000


def test_a_leaving_pod_serves_longer_than_the_load_balancer_sends_requests() -> None:
    spec = pod(port=8080, route={"path": "/*"})
    sleep = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert sleep > DEREGISTRATION_DELAY


def test_a_leaving_pod_has_all_of_its_time_after_sigterm_however_long_it_served_on() -> None:
    spec = pod(port=8080, route={"path": "/*", "deregistrationDelay": 90}, stopTimeout=40)
    sleep = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert sleep > 90
    assert spec["terminationGracePeriodSeconds"] - sleep == 40


def test_a_pod_without_a_route_leaves_at_once() -> None:
    assert "lifecycle" not in container(port=8080)


def test_the_probe_asks_what_the_load_balancer_asks() -> None:
    probe = container(port=8080, route={"path": "/*", "healthCheck": {"path": "/up"}})[
        "readinessProbe"
    ]
    assert probe["httpGet"] == {"path": "/up", "port": "http"}
    assert container(port=8080)["readinessProbe"]["tcpSocket"] == {"port": "http"}
    assert "readinessProbe" not in container()


def test_no_port_of_the_host_is_taken() -> None:
    assert container(port=8080)["ports"] == [{"name": "http", "containerPort": 8080}]


def test_the_command_is_given_to_the_images_entry_point() -> None:
    found = container(command=["serve", "--fast"])
    assert found["args"] == ["serve", "--fast"]
    assert "command" not in found


@pytest.mark.parametrize("order", [["A", "B"], ["B", "A"]])
def test_environment_is_sorted(order: list[str]) -> None:
    found = container(environment={name: name.lower() for name in order})
    assert found["env"] == [{"name": "A", "value": "a"}, {"name": "B", "value": "b"}]
