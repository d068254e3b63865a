"""Task sizes, against Fargate's whole table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.sizes import MEMORY_BY_CPU, size_problem

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
