"""What the rules about costs say, and what their parameters change."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from fargate_policies.models import prices
from fargate_policies.models.capacity import Part, Strategy, split
from hypothesis import given
from hypothesis import strategies as st

from tests.policies.cases.budgets import (
    BUDGET,
    EKS,
    EXTERNAL,
    MIXED,
    SERVICE,
    SPOT,
    pods,
    requests,
    scaled,
    scaler,
    scheduled,
    service,
    task,
    task_set,
)
from tests.policies.cases.costs import BOTH, NETWORK, SAFE, gateway, launch
from tests.policies.protocol import ADVISORY, Analyzer, StackResource, secret

SMALLEST = Decimal("9.010025")  # (0.25 x 0.04048 + 0.5 x 0.004445) x 730
ON_SPOT = Decimal("2.868763125")  # (0.25 x 0.01288871 + 0.5 x 0.00141527) x 730
GB_OF_DISK = Decimal("0.08103")  # 0.000111 x 730
Stack = list[StackResource]


def said(pack: Analyzer, stack: Stack, rule: str = "cost-budget") -> str:
    """Return the only violation of a rule."""
    [violation] = pack.analyze_stack(stack).violations(rule)
    return violation.message


@pytest.mark.parametrize(
    ("stack", "cost"),
    [
        ([task(), service("1")], SMALLEST),
        ([task(), service("1", desiredCount=3)], 3 * SMALLEST),
        ([task(), service("1", capacityProviderStrategies=SPOT)], ON_SPOT),
        # A base of one on demand; of the other four three on Spot.
        (
            [task(), service("1", capacityProviderStrategies=MIXED, desiredCount=5)],
            2 * SMALLEST + 3 * ON_SPOT,
        ),
        ([task(ephemeralStorage={"sizeInGib": 120}), service("1")], SMALLEST + 100 * GB_OF_DISK),
        # (0.25 x 0.03238 + 0.5 x 0.00356) x 730
        (
            [task(runtimePlatform={"cpuArchitecture": "ARM64"}), service("1")],
            Decimal("7.20875"),
        ),
        # (1 x 0.0696 + 2 x 0.0076) x 730
        (
            [task(cpu="1 vCPU", memory="2 GB"), service("1", region="sa-east-1")],
            Decimal("61.904"),
        ),
    ],
)
def test_a_violation_names_budget_and_cost(pack: Analyzer, stack: Stack, cost: Decimal) -> None:
    message = said(pack, stack)
    assert f"tags.{BUDGET}: the budget is 1.00 USD a month, and about {cost:.2f} is what" in message
    assert "prices of us-east-1" not in message
    assert "scaled" not in message


@pytest.mark.parametrize(
    ("workload", "cost"),
    [
        (pods("1"), SMALLEST),
        (pods("1", replicas=3), 3 * SMALLEST),
        # 0.5 vCPU and 768 MiB with what EKS adds, hence 1 GB: (0.5 x 0.04048 + 0.004445) x 730
        (pods("1", requests(), requests()), Decimal("18.02005")),
        # 100 GiB, a tenth more and 5: 95 beyond the free ones.
        (
            pods("1", requests({"cpu": "250m", "ephemeral-storage": "100Gi"})),
            SMALLEST + 95 * GB_OF_DISK,
        ),
    ],
)
def test_pods_are_estimated_by_the_size_that_fargate_gives_them(
    pack: Analyzer, workload: StackResource, cost: Decimal
) -> None:
    message = said(pack, [*EKS, workload])
    assert f"metadata.annotations.{BUDGET}: the budget is 1.00 USD a month" in message
    assert f"about {cost:.2f} is what" in message
    assert "prices of us-east-1" not in message


def test_both_ends_of_the_scaling_of_pods_are_named(pack: Analyzer) -> None:
    message = said(pack, [*EKS, pods("15", replicas=None), scaler(2, 10)])
    assert f"about {2 * SMALLEST:.2f} is what 2 pods cost" in message
    assert f"(scaled from {2 * SMALLEST:.2f} with 2 to {10 * SMALLEST:.2f} with 10)" in message


def test_both_ends_of_automatic_scaling_are_named(pack: Analyzer) -> None:
    message = said(pack, [task(), service("15"), scaled(2, 10), scheduled(0, 20)])
    cost, most = 2 * SMALLEST, 20 * SMALLEST
    assert f"about {cost:.2f} is what 2 tasks cost" in message
    assert f"(scaled from 0.00 with 0 to {most:.2f} with 20)" in message


def test_what_runs_is_counted_within_the_range(pack: Analyzer) -> None:
    many = [task(), service("1", desiredCount=9), scaled(1, 4)]
    assert f"about {4 * SMALLEST:.2f} is what 4 tasks cost" in said(pack, many)


def test_a_range_is_found_by_the_name_of_the_service(pack: Analyzer) -> None:
    arn = "arn:aws:ecs:us-east-1:111122223333:service/main/web"
    by_name = scaled(3, 4, resourceId="service/main/web")
    another = scaled(3, 4, resourceId="service/main/web-2")
    stack = [task(), service("1", arn=arn)]
    assert "3 tasks" in said(pack, [*stack, StackResource(by_name.type, "s", by_name.properties)])
    assert "1 task " in said(pack, [*stack, StackResource(another.type, "s", another.properties)])


@pytest.mark.parametrize(
    "properties",
    [
        {"region": "me-south-1"},
        {"region": None},
        {"region": "eu-west-1", "capacityProviderStrategies": SPOT},
    ],
)
def test_a_price_of_another_region_is_named_as_such(
    pack: Analyzer, properties: dict[str, Any]
) -> None:
    message = said(pack, [task(), service("1", **properties)])
    assert "by the prices of us-east-1, its region's aren't all known" in message


def test_a_price_that_no_task_has_needs_not_be_known(pack: Analyzer) -> None:
    on_demand = service("1", region="eu-west-1", capacityProviderStrategies=MIXED)
    assert "prices of us-east-1" not in said(pack, [task(), on_demand])


def test_each_task_set_has_its_share_of_the_tasks_rounded_up(pack: Analyzer) -> None:
    stack = [task(), replace(EXTERNAL, properties={**EXTERNAL.properties, "desiredCount": 3})]
    stack += [task_set("blue", 50), task_set("green", 50)]
    assert f"about {4 * SMALLEST:.2f} is what" in said(pack, stack)


def test_a_disk_outside_us_east_1_is_estimated(pack: Analyzer) -> None:
    stack = [task(ephemeralStorage={"sizeInGib": 21}), service("1", region="eu-west-1")]
    assert "by the prices of us-east-1" in said(pack, stack)


def test_the_region_is_that_of_the_provider_where_the_service_names_none(pack: Analyzer) -> None:
    def provider(name: str, region: str) -> StackResource:
        return StackResource("pulumi:providers:aws", name, {"region": region})

    stack = [task(), service("1", region=None), provider("default", "sa-east-1")]
    found = said(pack, stack)
    # (0.25 x 0.0696 + 0.5 x 0.0076) x 730
    assert f"about {Decimal('15.476'):.2f} is" in found
    assert "us-east-1" not in found
    assert "prices of us-east-1" in said(pack, [*stack, provider("other", "eu-west-1")])


def test_the_maximum_has_to_be_within_the_budget_where_that_is_demanded(
    configurable_pack: Analyzer,
) -> None:
    stack = [task(), service("50"), scaled(1, 6)]
    assert not configurable_pack.analyze_stack(stack).violations("cost-budget")

    configurable_pack.configure({"cost-budget": (ADVISORY, {"includeScaling": True})})

    assert f"to {6 * SMALLEST:.2f} with 6" in said(configurable_pack, stack)


def test_the_tag_of_a_budget_can_be_another(configurable_pack: Analyzer) -> None:
    configurable_pack.configure({"cost-budget": (ADVISORY, {"budgetTags": ["max-usd"]})})

    assert "tags.max-usd: the budget" in said(
        configurable_pack, [task(), service(tags={"max-usd": "5", BUDGET: "1"})]
    )


def test_a_malformed_budget_is_not_repeated(pack: Analyzer) -> None:
    message = said(pack, [task(), service("hunter2hunter2")])
    assert f"tags.{BUDGET}: must be an amount in USD a month, such as 50 or 49.90" in message
    assert "hunter2" not in message


@pytest.mark.parametrize(
    "stack",
    [
        [task(), service(secret("1"))],
        [task(), service(secret(1))],
        [task(), service(secret(0.5))],
        [task(), service("1", desiredCount=secret(3))],
        [task(), service("1", desiredCount=secret("3"))],
        [task(), service("1"), scaled(secret(2), 4)],
        [task(), service("1"), scaled(1, secret(4))],
        [*EKS, pods("1", replicas=secret(3))],
    ],
    ids=range(8),
)
def test_figures_that_are_secret_are_judged_and_not_told(pack: Analyzer, stack: Stack) -> None:
    message = said(pack, stack)
    assert f"{BUDGET}: it costs more. Make" in message
    assert "USD a month, and" not in message


def test_confidential_tags_are_judged_like_others(pack: Analyzer) -> None:
    hidden = secret({"spot": "safe", BUDGET: "1"})
    found = pack.analyze_stack(
        [task(), service(tags=hidden), launch(SERVICE, {"spot": secret("safe")})]
    )
    assert len(found.violations("cost-budget")) == 1
    assert len(found.violations("cost-spot-safe")) == 2
    gateways = [*NETWORK, gateway("a-1", "a", tags=secret({"stage": "test"})), gateway("b-1", "b")]
    assert pack.analyze_stack(gateways).violations("cost-nat-per-zone")
    hidden = secret({"stage": "prod"})
    gateways = [*NETWORK, gateway("a-1", "a", tags=hidden), gateway("b-1", "b")]
    assert not pack.analyze_stack(gateways).violations("cost-nat-per-zone")


def test_gateways_are_counted_and_priced(pack: Analyzer) -> None:
    assert "has 2 NAT gateways" in said(pack, BOTH, "cost-nat-per-zone")
    message = said(pack, [*BOTH, gateway("nat-c", "b")], "cost-nat-per-zone")
    assert "has 3 NAT gateways; one in a zone costs 32.85 USD a month" in message
    assert "while its zone is down, the others have no way out" in message


def test_gateways_are_judged_at_their_vpc(pack: Analyzer) -> None:
    [violation] = pack.analyze_stack(BOTH).violations("cost-nat-per-zone")
    assert violation.urn == NETWORK[0].urn


def test_production_may_have_other_names(configurable_pack: Analyzer) -> None:
    assert configurable_pack.analyze_stack(BOTH).violations("cost-nat-per-zone")

    given = {"productionStacks": ["dev"]}
    configurable_pack.configure({"cost-nat-per-zone": (ADVISORY, given)})

    assert not configurable_pack.analyze_stack(BOTH).violations("cost-nat-per-zone")


def test_what_declares_safety_can_be_another_tag(configurable_pack: Analyzer) -> None:
    configurable_pack.configure({"cost-spot-safe": (ADVISORY, {"spotSafeTags": ["tier=b*"]})})

    def found(tags: dict[str, str]) -> int:
        stack = [launch(SERVICE, tags)]
        return len(configurable_pack.analyze_stack(stack).violations("cost-spot-safe"))

    assert (found({"tier": "batch"}), found({"tier": "a"}), found(SAFE)) == (1, 0, 0)


weights = st.integers(0, 1000)
strategies = st.dictionaries(
    st.sampled_from(["FARGATE", "FARGATE_SPOT", "other"]), st.builds(Part, weights, weights)
)


@given(number=st.integers(0, 10_000), strategy=strategies)
def test_all_tasks_are_placed_and_none_without_a_weight(number: int, strategy: Strategy) -> None:
    shares = split(number, strategy)
    assert shares.keys() == {name for name, part in strategy.items() if part.weight}
    assert sum(shares.values()) == (number if shares else 0)
    assert all(share >= 0 for share in shares.values())


@given(number=st.integers(0, 10_000), weight=st.integers(1, 1000))
def test_equal_weights_get_equal_shares(number: int, weight: int) -> None:
    first, second = split(number, {"a": Part(0, weight), "b": Part(0, weight)}).values()
    assert first - second in (0, 1)


@pytest.mark.parametrize("rates", [prices.ON_DEMAND, prices.SPOT])
def test_the_region_that_others_are_estimated_by_has_all_prices(
    rates: dict[str, dict[str, prices.Rate]],
) -> None:
    assert all(prices.HOME in by_region for by_region in rates.values())
