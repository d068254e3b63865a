"""Task sizes, against Fargate's whole table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.eks.pod import resources
from components.settings import SizeSettings
from components.sizes import EKS_LARGEST_CPU, MEMORY_BY_CPU, size_problem, smallest_size
from tests.unit.support.programs import section, service

GB = 1024
TABLE: dict[float, list[int]] = {
    0.25: [512, 1 * GB, 2 * GB],
    0.5: [1 * GB, 2 * GB, 3 * GB, 4 * GB],
    1: [n * GB for n in range(2, 9)],
    2: [n * GB for n in range(4, 17)],
    4: [n * GB for n in range(8, 31)],
    8: [n * GB for n in range(16, 61, 4)],
    16: [n * GB for n in range(32, 121, 8)],
    32: [61_440, 122_880, 249_856],
}
"""Amazon ECS developer guide, "Fargate task CPU and memory", written down a second time."""


@pytest.mark.parametrize("vcpu", TABLE)
def test_every_size_of_the_table_is_valid(vcpu: float) -> None:
    assert [size_problem(vcpu, memory) for memory in TABLE[vcpu]] == [None] * len(TABLE[vcpu])
    assert len(MEMORY_BY_CPU) == len(TABLE)


@given(st.sampled_from(sorted(TABLE)), st.integers(0, 260_000))
def test_every_other_memory_is_told_with_those_that_go_with_the_cpu(
    vcpu: float, memory: int
) -> None:
    problem = size_problem(vcpu, memory)
    if memory in TABLE[vcpu]:
        assert problem is None
    else:
        assert problem
        assert f"{vcpu:g} vCPU and {memory} MiB" in problem
        assert str(TABLE[vcpu][0]) in problem
        assert str(TABLE[vcpu][-1]) in problem


@given(st.floats() | st.integers(-10, 100))
def test_every_other_cpu_is_told_with_those_that_there_are(vcpu: float) -> None:
    problem = size_problem(vcpu, 512)
    if vcpu not in TABLE:
        assert problem
        assert problem.endswith("cpu can be 0.25, 0.5, 1, 2, 4, 8, 16, 32")


@pytest.mark.parametrize("vcpu", [0.2501, 0.25 + 1e-9, 0.9999999, 32.00001])
def test_a_cpu_is_not_rounded(vcpu: float) -> None:
    assert size_problem(vcpu, 61_440)


SIZES = [(round(vcpu * 1024), memory) for vcpu, sizes in TABLE.items() for memory in sizes]
PRICES = {
    "us-east-1": (0.04048, 0.004445),
    "sa-east-1": (0.0696, 0.0076),
    "arm": (0.03238, 0.00356),
}
"""USD an hour for a vCPU and a GB, read from AWS's price list in October 2026."""

needs = st.tuples(st.floats(0.01, 32), st.integers(1, 249_856))


def price(size: tuple[int, int], region: str) -> float:
    vcpu, gb = PRICES[region]
    return size[0] / 1024 * vcpu + size[1] / 1024 * gb


@given(needs, st.sampled_from([0, 256]), st.sampled_from([EKS_LARGEST_CPU, 32768]))
def test_the_chosen_size_exists_holds_what_is_needed_and_is_the_smallest(
    need: tuple[float, int], overhead: int, largest: int
) -> None:
    holding = [
        (cpu, memory)
        for cpu, memory in SIZES
        if cpu <= largest and cpu >= need[0] * 1024 and memory >= need[1] + overhead
    ]
    chosen = smallest_size(*need, overhead=overhead, largest_cpu=largest)
    if not holding:
        assert chosen is None
        return
    assert chosen in holding
    assert chosen == min(holding)


@given(needs, st.sampled_from(sorted(PRICES)))
def test_the_chosen_size_is_the_cheapest_that_holds_what_is_needed(
    need: tuple[float, int], region: str
) -> None:
    holding = [size for size in SIZES if size[0] >= need[0] * 1024 and size[1] >= need[1]]
    chosen = smallest_size(*need)
    assert chosen
    assert price(chosen, region) == min(price(size, region) for size in holding)


@given(st.sampled_from(SIZES))
def test_a_size_that_exists_is_chosen_for_itself(size: tuple[int, int]) -> None:
    assert smallest_size(size[0] / 1024, size[1]) == size


@given(st.floats(0.01, 16), st.integers(1, 122_880 - 256))
def test_on_eks_the_container_gets_what_it_needs_and_the_pod_lands_on_the_chosen_size(
    cpu: float, memory: int
) -> None:
    web = service(runtime="eks", size={"atLeast": {"cpu": cpu, "memory": memory}})
    requests = resources(web).requests
    assert isinstance(requests, dict)
    milli, mebi = (int(requests[key].rstrip("mMi")) for key in ("cpu", "memory"))
    assert milli >= cpu * 1000
    assert mebi >= memory
    landed = smallest_size(milli / 1000, mebi, overhead=256, largest_cpu=EKS_LARGEST_CPU)
    assert landed == (web.size.cpu * 1024, web.size.memory)


def test_what_is_needed_becomes_the_size_that_everything_else_reads() -> None:
    needed = {"atLeast": {"cpu": 0.3, "memory": 3000}}
    on_ecs, on_eks = service(size=needed), service(runtime="eks", size=needed)
    assert (on_ecs.size.cpu, on_ecs.size.memory) == (0.5, 3072)
    assert (on_eks.size.cpu, on_eks.size.memory) == (0.5, 4096)


def test_what_is_not_said_is_the_default_of_cpu_and_memory() -> None:
    assert section(SizeSettings, {"atLeast": {}}).for_runtime("ecs").memory == 512
    assert service(size={"atLeast": {"memory": 600}}).size.memory == 1024
    assert service(size={"atLeast": {"cpu": 0.4}}).size.memory == 1024
