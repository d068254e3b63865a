from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.cost.sizes import Size, pod_size, quantity, round_up, task_size

# AWS's table, written out a second time: vCPU -> (smallest GB, largest GB, step).
RANGES = {
    "0.5": (1, 4, 1), "1": (2, 8, 1), "2": (4, 16, 1), "4": (8, 30, 1), "8": (16, 60, 4),
    "16": (32, 120, 8),
}  # fmt: skip
SIZES = [(Decimal("0.25"), Decimal(gb)) for gb in ("0.5", "1", "2")] + [
    (Decimal(vcpu), Decimal(gb))
    for vcpu, (low, high, step) in RANGES.items()
    for gb in range(low, high + 1, step)
]
amounts = st.decimals(min_value=0, max_value=16, places=3)
memory = st.decimals(min_value=0, max_value=120, places=3)


def pod(cpu: str | None, memory: str | None, **more: object) -> dict[str, Any]:
    requests = {key: value for key, value in (("cpu", cpu), ("memory", memory)) if value}
    return {"containers": [{"resources": {"requests": requests}}], **more}


@given(vcpu=amounts, gb=memory)
def test_rounding_gives_the_smallest_size_that_fits(vcpu: Decimal, gb: Decimal) -> None:
    fitting = [size for size in SIZES if size[0] >= vcpu and size[1] >= gb]
    found = round_up(vcpu, gb)
    assert found is not None
    assert (found.vcpu, found.gb) == min(fitting)


@given(vcpu=amounts, gb=memory)
def test_a_size_that_fargate_has_is_not_changed_by_rounding(vcpu: Decimal, gb: Decimal) -> None:
    found = round_up(vcpu, gb)
    assert found is not None
    assert round_up(found.vcpu, found.gb) == found


@pytest.mark.parametrize(("vcpu", "gb"), [("16.001", "1"), ("1", "120.001")])
def test_what_is_larger_than_every_size_has_none(vcpu: str, gb: str) -> None:
    assert round_up(Decimal(vcpu), Decimal(gb)) is None


@pytest.mark.parametrize(
    ("cpu", "request_memory", "expected"),
    [
        ("1", "8Gi", Size(Decimal(2), Decimal(9))),  # the user guide's own example
        (None, None, Size(Decimal("0.25"), Decimal("0.5"))),
        ("250m", "256Mi", Size(Decimal("0.25"), Decimal("0.5"))),
        ("250m", "257Mi", Size(Decimal("0.25"), Decimal(1))),
        ("251m", "256M", Size(Decimal("0.5"), Decimal(1))),
    ],
)
def test_eks_adds_256_mib_and_rounds_up(
    cpu: str | None, request_memory: str | None, expected: Size
) -> None:
    assert pod_size(pod(cpu, request_memory)) == expected


def test_the_largest_init_container_counts_where_it_is_larger_than_the_containers() -> None:
    first = {"resources": {"requests": {"cpu": "2", "memory": "1Gi"}}}
    assert pod_size(pod("250m", "256Mi", initContainers=[first, first])) == Size(
        Decimal(2), Decimal(4)
    )


def test_an_init_container_that_keeps_running_counts_with_the_containers() -> None:
    sidecar = {"restartPolicy": "Always", "resources": {"requests": {"cpu": "250m"}}}
    assert pod_size(pod("250m", "256Mi", initContainers=[sidecar])) == Size(
        Decimal("0.5"), Decimal(1)
    )


def test_a_limit_stands_for_a_request_that_is_missing() -> None:
    spec = {"containers": [{"resources": {"limits": {"cpu": "1", "memory": "2Gi"}}}]}
    assert pod_size(spec) == Size(Decimal(1), Decimal(3))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("250m", "0.25"), ("1.5", "1.5"), ("128Mi", "134217728"), ("1G", "1e9"), ("2e3", "2000"),
     (2, "2")],
)  # fmt: skip
def test_quantities_are_read_as_kubernetes_reads_them(text: object, expected: str) -> None:
    assert quantity(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["", "1 Gi", "Mi", "-1", "1KB", "lots"])
def test_what_is_no_quantity_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="250m or 256Mi"):
        quantity(text)


@pytest.mark.parametrize(
    ("cpu", "task_memory"), [("256", "512"), ("0.25 vCPU", "0.5 GB"), (".25 vcpu", "0.5GB")]
)
def test_ecs_sizes_are_read_in_units_and_in_words(cpu: str, task_memory: str) -> None:
    assert task_size(cpu, task_memory) == Size(Decimal("0.25"), Decimal("0.5"))


@pytest.mark.parametrize(("cpu", "task_memory"), [("a lot", "512"), ("256", "1 vCPU"), (None, 1)])
def test_what_is_no_ecs_size_is_refused(cpu: object, task_memory: object) -> None:
    with pytest.raises(ValueError, match="it is written like"):
        task_size(cpu, task_memory)
