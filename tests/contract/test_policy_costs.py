"""What the policy pack estimates is what the cost report says: same prices, same arithmetic."""

import json
from decimal import Decimal
from typing import Any

import pytest
from check.configuration import configured
from check.engine_output import read
from check.evaluation import evaluate
from fargate_policies.cost import cost_budget
from fargate_policies.models import pod_cost
from fargate_policies.models import prices as of_pack
from hypothesis import given
from hypothesis import strategies as st

from components.budget import BUDGET
from reports.cost import prices as of_reports
from reports.cost import sizes
from reports.cost.report import cost_report
from reports.engine_output import read_stack
from tests.unit.reports.builders import DATA, resource, urn

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SERVICE = "aws:ecs/service:Service"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
TARGET = "aws:appautoscaling/target:Target"
PROFILE = "aws:eks/fargateProfile:FargateProfile"
SCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
ACTION = "aws:appautoscaling/scheduledAction:ScheduledAction"
DIMENSION = {"scalableDimension": "ecs:service:DesiredCount", "resourceId": "service/main/web"}
NOTHING = {BUDGET: "0"}


def by_region(rates: Any) -> dict[str, dict[str, tuple[Decimal, Decimal]]]:  # noqa: ANN401 - either's
    return {
        architecture: {region: (rate.vcpu, rate.gb) for region, rate in regions.items()}
        for architecture, regions in rates.items()
    }


def test_the_pack_has_the_reports_prices() -> None:
    assert by_region(of_pack.ON_DEMAND) == by_region(of_reports.ON_DEMAND)
    assert by_region(of_pack.SPOT) == by_region(of_reports.SPOT)
    assert of_reports.EXTRA_STORAGE.amount == of_pack.EXTRA_STORAGE
    assert of_reports.NAT_GATEWAY.amount == of_pack.NAT_GATEWAY
    assert (of_pack.HOURS, of_pack.FREE_STORAGE_GB, of_pack.HOME) == (
        of_reports.HOURS,
        of_reports.FREE_STORAGE_GB,
        of_reports.HOME,
    )


def test_a_budget_of_the_platform_is_one_for_the_pack() -> None:
    assert BUDGET in cost_budget.RULE.defaults["budgetTags"]


def test_the_pack_has_the_reports_sizes_of_pods() -> None:
    offered = {
        vcpu: memory
        for vcpu, memory in sizes.MEMORY_BY_CPU.items()
        if vcpu <= sizes.POD_LARGEST_VCPU
    }
    assert offered == pod_cost.MEMORY_BY_CPU


RULES = [cost_budget.RULE]


def estimates(export: dict[str, Any]) -> dict[str, str]:
    """Return what the pack says that each service costs, if none may cost anything."""
    for state in export["deployment"]["resources"]:
        # The engine shows the pack all outputs; the files that tests keep have inputs only once.
        state["outputs"] = {**state.get("inputs", {}), **state.get("outputs", {})}
        if state["type"] == SERVICE:
            state["outputs"]["tags"] = NOTHING
        if state["type"] == DEPLOYMENT:
            metadata = state["outputs"]["metadata"]
            state["outputs"]["metadata"] = {**metadata, "annotations": NOTHING}
    found = evaluate(RULES, read(json.dumps(export)), configured(RULES))
    return {finding.urn.rpartition("::")[2]: finding.message for finding in found}


def test_the_pack_says_of_the_dev_stack_what_the_report_says() -> None:
    text = (DATA / "dev-export.json").read_text(encoding="utf-8")
    lines = {line.name: line for line in cost_report(read_stack(text)).lines}

    found = estimates(json.loads(text))

    assert set(found) == {"api-service", "web-service", "reports-deployment"}
    for name, message in found.items():
        line = lines[name]
        assert f"about {line.monthly:.2f} is what" in message
        assert f"(scaled from {line.low:.2f} with" in message
        assert f"to {line.high:.2f} with" in message


numbers = st.integers(0, 20)
providers: st.SearchStrategy[dict[str, int]] = st.builds(
    dict, base=numbers, weight=st.integers(1, 9)
)
capacities = st.one_of(
    st.builds(lambda one: [{"capacityProvider": "FARGATE", **one}], providers),
    st.builds(lambda one: [{"capacityProvider": "FARGATE_SPOT", **one}], providers),
    st.builds(
        lambda one, other: [
            {"capacityProvider": "FARGATE", **one},
            {"capacityProvider": "FARGATE_SPOT", **other, "base": 0},
        ],
        providers,
        providers,
    ),
)
actions = st.fixed_dictionaries(
    {
        "minCapacity": st.one_of(st.none(), numbers),
        "maxCapacity": st.one_of(st.none(), numbers),
        "schedule": st.sampled_from(["cron(0 8 * * ? *)", "at(2027-01-01T00:00:00)"]),
    }
)


definitions: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    st.sampled_from(
        [
            {"cpu": "256", "memory": "512"},
            {"cpu": "1024", "memory": "8192"},
            {"cpu": "2 vCPU", "memory": "4 GB"},
            {"cpu": 4096, "memory": 30720},
        ]
    ),
    requiresCompatibilities=st.just(["FARGATE"]),
    runtimePlatform=st.sampled_from([None, {}, {"cpuArchitecture": "ARM64"}]),
    ephemeralStorage=st.sampled_from([None, {"sizeInGib": 20}, {"sizeInGib": 200}]),
)


@given(
    definition=definitions,
    desired=st.integers(1, 20),
    scaling=st.one_of(st.none(), st.tuples(numbers, numbers, st.lists(actions, max_size=2))),
    strategy=capacities,
)
def test_the_pack_says_of_any_service_what_the_report_says(
    definition: dict[str, Any],
    desired: int,
    scaling: tuple[int, int, list[dict[str, Any]]] | None,
    strategy: list[dict[str, Any]],
) -> None:
    service = {
        "name": "web",
        "cluster": "arn:cluster/main",
        "taskDefinition": "arn:task:1",
        "desiredCount": desired,
        "capacityProviderStrategies": strategy,
    }
    states = [
        resource("pulumi:providers:aws", "default", {"region": "us-east-1"}),
        resource(TASK, "t", definition, outputs={"arn": "arn:task:1"}),
        resource(SERVICE, "web", service, outputs={"arn": "arn:service/main/web"}),
    ]
    if scaling:
        low, high = sorted(scaling[:2])
        limits = {"minCapacity": low, "maxCapacity": high, **DIMENSION}
        states.append(
            resource(TARGET, "s", limits, id="x", sources={"resourceId": [urn(SERVICE, "web")]})
        )
        for index, action in enumerate(scaling[2]):
            changed = {key: action[key] for key in ("minCapacity", "maxCapacity")}
            inputs = {**DIMENSION, "schedule": action["schedule"], "scalableTargetAction": changed}
            sources = {"resourceId": [urn(TARGET, "s")]}
            states.append(resource(ACTION, f"a{index}", inputs, sources=sources))
    export = {"version": 3, "deployment": {"resources": states}}
    report = cost_report(read_stack(json.dumps(export)))

    found = estimates(export)

    assert report.gaps == ()
    if not report.monthly:
        assert found == {}
        return
    assert f"about {report.monthly:.2f} is what" in found["web"]
    if report.high != report.low:
        assert f"scaled from {report.low:.2f} with" in found["web"]


requests = st.fixed_dictionaries(
    {},
    optional={
        "cpu": st.sampled_from(["100m", "250m", "1", "1.5", 2, "2e0"]),
        "memory": st.sampled_from(["256Mi", "1Gi", "1G", "3072Mi", "536870912"]),
        "ephemeral-storage": st.sampled_from(["1Gi", "13Gi", "14Gi", "100Gi"]),
    },
)
containers = st.lists(
    st.builds(
        lambda kind, asked, policy: {"resources": {kind: asked}, **policy},
        st.sampled_from(["requests", "limits"]),
        requests,
        st.sampled_from([{}, {"restartPolicy": "Always"}]),
    ),
    max_size=3,
)


@given(
    running=containers,
    initial=containers,
    replicas=st.one_of(st.none(), st.integers(1, 9)),
    scaling=st.one_of(st.none(), st.tuples(st.integers(1, 9), st.integers(1, 9))),
)
def test_the_pack_says_of_any_deployment_what_the_report_says(
    running: list[Any],
    initial: list[Any],
    replicas: int | None,
    scaling: tuple[int, int] | None,
) -> None:
    metadata = {"name": "api", "namespace": "apps"}
    pod = {"spec": {"containers": running, "initContainers": initial}}
    states = [
        resource("pulumi:providers:aws", "default", {"region": "us-east-1"}),
        resource(PROFILE, "profile", {"selectors": [{"namespace": "apps"}]}),
        resource(
            DEPLOYMENT,
            "api",
            {"metadata": metadata, "spec": {"replicas": replicas, "template": pod}},
        ),
    ]
    if scaling:
        low, high = sorted(scaling)
        target = {"kind": "Deployment", "name": "api"}
        spec = {"scaleTargetRef": target, "minReplicas": low, "maxReplicas": high}
        states.append(resource(SCALER, "s", {"metadata": metadata, "spec": spec}))
    export = {"version": 3, "deployment": {"resources": states}}
    report = cost_report(read_stack(json.dumps(export)))

    [message] = estimates(export).values()

    assert report.gaps == ()
    assert f"about {report.monthly:.2f} is what" in message
    if report.high != report.low:
        assert f"scaled from {report.low:.2f} with" in message
        assert f"to {report.high:.2f} with" in message


@pytest.mark.parametrize("region", sorted(of_reports.ON_DEMAND[of_reports.X86]))
def test_a_region_of_the_report_is_the_packs(region: str) -> None:
    price = of_pack.task_price(
        Decimal(1), Decimal(2), storage=20, architecture="X86_64", spot=False, region=region
    )
    assert price.of_region
