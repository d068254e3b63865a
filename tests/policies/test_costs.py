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
    ON_DEMAND,
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
EXTERNAL_OF_102 = replace(
    EXTERNAL, properties={**EXTERNAL.properties, "desiredCount": 102, "tags": {BUDGET: "1"}}
)
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


@pytest.mark.parametrize(
    ("stack", "cost"),
    [
        # Three tasks by equal weights: two of the provider that is named first.
        (
            [task(), service("1", desiredCount=3, capacityProviderStrategies=[*ON_DEMAND, *SPOT])],
            2 * SMALLEST + ON_SPOT,
        ),
        # (0.25 x 0.01030969 + 0.5 x 0.00113349) x 730
        (
            [
                task(runtimePlatform={"cpuArchitecture": "ARM64"}),
                service("1", capacityProviderStrategies=SPOT),
            ],
            Decimal("2.295242275"),
        ),
        ([task(), service("1", desiredCount=102)], 102 * SMALLEST),
        ([task(), EXTERNAL_OF_102, task_set("one", None)], 102 * SMALLEST),
        ([task(), EXTERNAL_OF_102, task_set("one", 0), task_set("two", 50)], 51 * SMALLEST),
        ([task(), EXTERNAL_OF_102, task_set("one", 0.5)], SMALLEST),
        # The service's own deployment, whatever is left of another's.
        ([task(), service("1"), task_set("one", 100)], SMALLEST),
        ([*EKS, pods("1", replicas=None)], SMALLEST),
        ([*EKS, pods("1", replicas=None), scaler(None, 2)], SMALLEST),
    ],
    ids=range(9),
)
def test_these_tasks_cost_that(pack: Analyzer, stack: Stack, cost: Decimal) -> None:
    assert f"and about {cost:.2f} is what" in said(pack, stack)


@pytest.mark.parametrize(
    ("stack", "says"),
    [
        ([task(), EXTERNAL_OF_102, task_set("one", -1)], "scale.value of one: must be a perc"),
        ([task(), EXTERNAL_OF_102, task_set("one", 101)], "scale.value of one: must be a perc"),
        ([task(cpu="1 GB"), service("1")], "cpu of definition: must be the size of a task"),
        ([task(memory="1 vCPU"), service("1")], "memory of definition: must be the size of"),
        (
            [task(), service("1", capacityProviderStrategies=[{**SPOT[0], "base": -1}])],
            "capacityProviderStrategies[0].base: must be a number of 0 or more",
        ),
        (
            [task(), service("1", capacityProviderStrategies=[{"weight": 1}])],
            "capacityProviderStrategies[0].capacityProvider: must be a name",
        ),
    ],
    ids=range(6),
)
def test_what_stands_in_the_way_of_an_estimate_is_said(
    pack: Analyzer, stack: Stack, says: str
) -> None:
    assert says in said(pack, stack)


def test_a_service_without_a_number_of_tasks_has_none(pack: Analyzer) -> None:
    nothing = pack.analyze_stack([task(), service("1", desiredCount=None)])
    assert not nothing.violations("cost-budget")


def test_a_price_of_another_region_is_named_although_the_last_one_is_the_regions(
    pack: Analyzer,
) -> None:
    both = [*SPOT, *ON_DEMAND]
    of_ireland = service("1", region="eu-west-1", desiredCount=2, capacityProviderStrategies=both)
    assert "by the prices of us-east-1" in said(pack, [task(), of_ireland])


def test_the_region_is_that_of_the_provider_where_the_cluster_names_none(pack: Analyzer) -> None:
    profile, cluster = EKS
    nowhere = replace(cluster, properties={})
    provider = StackResource("pulumi:providers:aws", "default", {"region": "sa-east-1"})
    # (0.25 x 0.0696 + 0.5 x 0.0076) x 730
    assert "about 15.48 is what" in said(pack, [profile, nowhere, provider, pods("1")])


SIZES = {
    "0.25": ["0.5", "1", "2"],
    "0.5": ["1", "2", "3", "4"],
    "1": ["2", "3", "4", "5", "6", "7", "8"],
    "2": ["4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16"],
    "4": [
        *("8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22"),
        *("23", "24", "25", "26", "27", "28", "29", "30"),
    ],
    "8": ["16", "20", "24", "28", "32", "36", "40", "44", "48", "52", "56", "60"],
    "16": ["32", "40", "48", "56", "64", "72", "80", "88", "96", "104", "112", "120"],
}
"""vCPU and GB, as the EKS user guide lists them under "Fargate Pod configuration"."""
NEXT = {
    "0.25": ("0.5", "3"),
    "0.5": ("1", "5"),
    "1": ("2", "9"),
    "2": ("4", "17"),
    "4": ("8", "32"),
    "8": ("16", "64"),
}
"""What a pod gets that asks for a little more than the most memory of its vCPU."""


def test_a_pod_gets_the_smallest_size_that_holds_what_it_asks_for(pack: Analyzer) -> None:
    sizes = [(vcpu, gb) for vcpu, amounts in SIZES.items() for gb in amounts]
    costs = {}
    workloads = []
    for vcpu, gb in sizes:
        # What EKS adds to the memory has to fit too.
        asked = {"cpu": vcpu, "memory": f"{int((Decimal(gb) - Decimal('0.25')) * 1024)}Mi"}
        name = f"pod-{vcpu}-{gb}"
        workloads.append(replace(pods("0.01", requests(asked)), name=name))
        costs[name] = (Decimal(vcpu) * Decimal("0.04048") + Decimal(gb) * Decimal("0.004445")) * 730
        least = replace(pods("0.01", requests({"cpu": vcpu})), name=f"least-{vcpu}")
        costs[least.name] = min(costs[name], costs.get(least.name, costs[name]))
        workloads += [least] if least not in workloads else []

    for vcpu, (greater, gb) in NEXT.items():
        above = {"cpu": vcpu, "memory": f"{SIZES[vcpu][-1]}Gi"}
        workloads.append(replace(pods("0.01", requests(above)), name=f"above-{vcpu}"))
        costs[f"above-{vcpu}"] = costs[f"pod-{greater}-{gb}"]

    found = pack.analyze_stack([*EKS, *workloads]).violations("cost-budget")

    said_of = {each.urn.rpartition("::")[2]: each.message for each in found}
    assert said_of.keys() == costs.keys()
    wrong = [name for name, cost in costs.items() if f"about {cost:.2f} is" not in said_of[name]]
    assert wrong == []
    too_much = pods("0.01", requests({"cpu": "16", "memory": "119.8Gi"}))
    assert "fits no size of EKS on Fargate" in said(pack, [*EKS, too_much])


@pytest.mark.parametrize(
    ("quantity", "extra"),
    [
        # In GiB, a tenth more and 5, rounded up, without the 20 that are free.
        *((hundred, 95) for hundred in ("100Gi", "102400Mi", "104857600Ki", "107374182400")),
        *((hundred, 95) for hundred in ("107374182400000m", "1.073741824e11", "1073741824E+2")),
        *((tenth, 98) for tenth in ("0.1Ti", ".1Ti")),
        *((decimal, 88) for decimal in ("100G", "100000M", "100000000k", "0.1T", "100e9")),
        ("13Gi", 0),
        ("15Gi", 2),
    ],
)
def test_quantities_are_read_as_kubernetes_reads_them(
    pack: Analyzer, quantity: str, extra: int
) -> None:
    asked = {"cpu": "250m", "ephemeral-storage": quantity}
    cost = SMALLEST + extra * GB_OF_DISK
    assert f"about {cost:.2f} is what" in said(pack, [*EKS, pods("1", requests(asked))])


@pytest.mark.parametrize(
    ("container", "vcpu"),
    [
        ({"resources": {"requests": {"cpu": "250.1m"}}}, "0.5"),
        ({"resources": {"requests": {"cpu": "2.5e-1"}}}, "0.25"),
        ({"resources": {"limits": {"cpu": "500m"}}}, "0.5"),
        ({"resources": {"requests": {"cpu": "250m"}, "limits": {"cpu": "8"}}}, "0.25"),
    ],
    ids=range(4),
)
def test_the_cpu_of_a_pod_is_what_its_containers_request(
    pack: Analyzer, container: dict[str, Any], vcpu: str
) -> None:
    bare = {"name": "beside"}  # asks for nothing
    gb = SIZES[vcpu][0]
    cost = (Decimal(vcpu) * Decimal("0.04048") + Decimal(gb) * Decimal("0.004445")) * 730
    assert f"about {cost:.2f} is what" in said(pack, [*EKS, pods("1", container, bare)])


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
        [task(), service("1", desiredCount=3), scaled(secret(2), 4)],
        [task(), service("1", desiredCount=secret(3)), scaled(2, 4)],
        [*EKS, pods("1", replicas=secret(3))],
    ],
    ids=range(10),
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
