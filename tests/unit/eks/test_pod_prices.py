"""A pod is priced at exactly the size and disk that its service asked for, as a task is."""

from decimal import Decimal
from typing import Any

import pytest

from components.eks.pod import resources
from components.sizes import EKS_LARGEST_CPU, FREE_STORAGE_GIB, MEMORY_BY_CPU
from reports.cost.report import cost_report
from tests.unit.reports.builders import exported, resource
from tests.unit.support.programs import service

PER_VCPU, PER_GB, PER_DISK_GB = Decimal("0.04048"), Decimal("0.004445"), Decimal("0.000111")
"""USD an hour in us-east-1, written down a second time."""
HOURS = 730

SIZES = [
    (cpu, memory)
    for cpu, memories in MEMORY_BY_CPU.items()
    if cpu <= EKS_LARGEST_CPU
    for memory in memories
]


def pods(**asked: Any) -> dict[str, Any]:  # noqa: ANN401 - any settings
    """Return a Deployment whose pods have what a service on EKS gives its container."""
    given = resources(service(runtime="eks", **asked))
    container = {"resources": {"requests": given.requests, "limits": given.limits}}
    spec = {"replicas": 1, "template": {"metadata": {}, "spec": {"containers": [container]}}}
    metadata = {"name": "web", "namespace": "apps"}
    return resource("kubernetes:apps/v1:Deployment", "web", {"metadata": metadata, "spec": spec})


def task(cpu: int, memory: int) -> list[dict[str, Any]]:
    """Return an ECS service of one task of a size."""
    definition = {
        "family": "web",
        "cpu": str(cpu),
        "memory": str(memory),
        "requiresCompatibilities": ["FARGATE"],
    }
    inputs = {
        "name": "web",
        "cluster": "arn:cluster/main",
        "taskDefinition": "arn:task:1",
        "desiredCount": 1,
        "capacityProviderStrategies": [{"capacityProvider": "FARGATE", "weight": 1}],
    }
    outputs = {"arn": "arn:task:1"}
    return [
        resource("aws:ecs/taskDefinition:TaskDefinition", "task", definition, outputs=outputs),
        resource("aws:ecs/service:Service", "web", inputs, id="arn:service/web"),
    ]


def monthly(*deployed: dict[str, Any]) -> Decimal:
    """Return what these cost a month, and demand that the report left nothing out."""
    profile = resource(
        "aws:eks/fargateProfile:FargateProfile", "profile", {"selectors": [{"namespace": "apps"}]}
    )
    report = cost_report(exported(profile, *deployed))
    assert report.gaps == ()
    return report.monthly


def test_there_are_as_many_sizes_as_eks_has() -> None:
    # 3 with a quarter vCPU, 4 with a half, then 7, 13, 23, 12 and 12.
    assert len(SIZES) == 74


@pytest.mark.parametrize(("cpu", "memory"), SIZES)
def test_a_pod_costs_exactly_the_size_that_was_asked_for_and_what_a_task_of_it_costs(
    cpu: int, memory: int
) -> None:
    vcpu, gb = Decimal(cpu) / 1024, Decimal(memory) / 1024
    found = monthly(pods(size={"cpu": cpu / 1024, "memory": memory}))
    assert found == (vcpu * PER_VCPU + gb * PER_GB) * HOURS
    assert found == monthly(*task(cpu, memory))


@pytest.mark.parametrize("gib", range(FREE_STORAGE_GIB, 176))
def test_a_pod_costs_exactly_the_disk_that_was_asked_for(gib: int) -> None:
    more = monthly(pods(storage=gib)) - monthly(pods())
    assert more == (gib - FREE_STORAGE_GIB) * PER_DISK_GB * HOURS
