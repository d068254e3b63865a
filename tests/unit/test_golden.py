"""No URN changes by accident: type, name and parent of all that each component registers.

A changed URN is a deleted and a new resource. Where a change is meant, and its resource has an
alias or nothing to lose, rewrite the lists with `UPDATE_GOLDEN=1 pytest tests/unit/test_golden.py`
and review them as you review code.
"""

import json
import os
from pathlib import Path

import pytest

from tests.unit.support.engine import Recorder
from tests.unit.support.programs import STACKS, platform

GOLDEN = Path(__file__).parent / "golden"
COMPONENTS = {
    "Network": "fargate:network:Network",
    "EcsCluster": "fargate:ecs:EcsCluster",
    "EksCluster": "fargate:eks:EksCluster",
    "LoadBalancer": "fargate:loadbalancer:LoadBalancer",
    "LoadBalancerController": "fargate:eks:LoadBalancerController",
    "EcsService": "fargate:ecs:EcsService",
    "EksService": "fargate:eks:EksService",
    "Queue": "fargate:queue:Queue",
    "Workloads": "fargate:workloads:Workloads",
}
IN_EXAMPLES = {
    "EksCronJob": "fargate:eks:EksCronJob",
    "DeploymentTask": "fargate:jobs:DeploymentTask",
    "BatchJob": "fargate:batch:BatchJob",
    "BatchQueues": "fargate:batch:BatchQueues",
    "EventTask": "fargate:jobs:EventTask",
    "JobFailures": "fargate:jobs:JobFailures",
    "LambdaTask": "fargate:jobs:LambdaTask",
    "QueueWorker": "fargate:jobs:QueueWorker",
    "ScheduledTask": "fargate:jobs:ScheduledTask",
    "SecretsOperator": "fargate:eks:SecretsOperator",
}
"""Components that neither of the two stacks needs."""
LISTS = [
    *((stack, component) for stack in STACKS for component in COMPONENTS),
    ("secrets-on-eks", "EksService"),
    ("secrets-on-eks", "SecretsOperator"),
    ("event-batches", "EventTask"),
    ("batch", "BatchJob"),
    ("batch", "BatchQueues"),
    ("jobs", "EventTask"),
    ("jobs", "JobFailures"),
    ("jobs", "QueueWorker"),
    ("jobs", "ScheduledTask"),
    ("jobs-from-lambda", "LambdaTask"),
    ("jobs-on-eks", "EksCronJob"),
    ("jobs-on-eks", "JobFailures"),
    ("migration", "DeploymentTask"),
]


def tree(run: Recorder, component: str) -> list[list[str]]:
    """Return (type, name, parent) of all that the components of a type hold, sorted."""
    return sorted(
        [found.type, found.name, "::".join(found.parent.split("::")[-2:]).split("$")[-1]]
        for root in run.of({**COMPONENTS, **IN_EXAMPLES}[component])
        for found in run.below(root)
    )


@pytest.mark.parametrize(("stack", "component"), LISTS)
def test_a_component_registers_the_same_urns_as_ever(
    stack: str, component: str, *, preview: bool
) -> None:
    registered = tree(platform(stack, preview=preview), component)
    file = GOLDEN / stack / f"{component}.json"
    if os.environ.get("UPDATE_GOLDEN") and not preview:
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = ",\n".join(f"  {json.dumps(entry)}" for entry in registered)
        file.write_text(f"[\n{lines}\n]\n")
    assert registered
    assert registered == json.loads(file.read_text())


def test_every_resource_is_inside_a_component_of_the_platform(*, preview: bool) -> None:
    run = platform("dev", preview=preview)
    inside = {
        found.urn for c in COMPONENTS for r in run.of(COMPONENTS[c]) for found in run.below(r)
    }
    assert {found.urn for found in run.registrations} == inside


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_is_created_inside_apply(stack: str) -> None:
    known, first = (platform(stack, preview=preview) for preview in (False, True))
    assert {r.urn for r in known.registrations} == {r.urn for r in first.registrations}


@pytest.mark.parametrize("stack", STACKS)
def test_no_two_resources_share_a_urn(stack: str) -> None:
    urns = [found.urn for found in platform(stack, preview=False).registrations]
    assert len(urns) == len(set(urns))
