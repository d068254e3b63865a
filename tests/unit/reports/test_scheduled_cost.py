"""What services cost that a schedule starts and stops, and that mix on demand and Spot."""

from decimal import Decimal
from typing import Any

import pytest

from reports.cost.report import as_text, cost_report
from reports.stack import Stack
from tests.unit.reports.builders import exported, previewed, resource

SMALLEST = Decimal("9.010025")  # (0.25 x 0.04048 + 0.5 x 0.004445) x 730
ON_SPOT = Decimal("2.868763125")  # (0.25 x 0.01288871 + 0.5 x 0.00141527) x 730
NOTHING = Decimal(0)
ACTION = "aws:appautoscaling/scheduledAction:ScheduledAction"
SCALED = {"resourceId": "service/main/web", "scalableDimension": "ecs:service:DesiredCount"}
MIX = [
    {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
    {"capacityProvider": "FARGATE_SPOT", "weight": 3},
]


def action(name: str, low: int | None, high: int | None, **scaled: object) -> dict[str, Any]:
    limits = {"minCapacity": low, "maxCapacity": high}
    given = {key: value for key, value in limits.items() if value is not None}
    return resource(ACTION, name, {**SCALED, "scalableTargetAction": given, **scaled})


def resources(low: int, high: int, *actions: dict[str, Any], **inputs: object) -> list[Any]:
    task = {"family": "web", "cpu": "256", "memory": "512", "requiresCompatibilities": ["FARGATE"]}
    service = {
        "name": "web",
        "cluster": "arn:cluster/main",
        "taskDefinition": "arn:task:1",
        "desiredCount": low,
        "capacityProviderStrategies": [{"capacityProvider": "FARGATE", "weight": 1}],
        **inputs,
    }
    target = {**SCALED, "minCapacity": low, "maxCapacity": high}
    return [
        resource("aws:ecs/taskDefinition:TaskDefinition", "t", task, outputs={"arn": "arn:task:1"}),
        resource("aws:ecs/service:Service", "web", service),
        resource("aws:appautoscaling/target:Target", "scaling", target),
        *actions,
    ]


def amounts(stack: Stack) -> tuple[Decimal, Decimal, Decimal]:
    report = cost_report(stack)
    assert report.gaps == ()
    return report.monthly, report.low, report.high


NIGHT_AND_DAY = (action("night", 0, 0), action("day", 2, 6))


@pytest.mark.parametrize("read", [exported, previewed])
def test_a_night_without_a_task_is_in_the_range_and_not_subtracted_from_the_month(
    read: Any,  # noqa: ANN401 - a reader of stacks
) -> None:
    stack = read(*resources(1, 4, *NIGHT_AND_DAY))
    assert amounts(stack) == (2 * SMALLEST, NOTHING, 6 * SMALLEST)


def test_a_service_that_only_a_schedule_wakes_is_not_free() -> None:
    monthly, low, _ = amounts(exported(*resources(0, 4, action("day", 2, None))))
    assert (monthly, low) == (2 * SMALLEST, NOTHING)


def test_what_a_schedule_does_once_is_in_the_range_only() -> None:
    sale = action("sale", 8, 40, schedule="at(2031-11-28T05:00:00)")
    assert amounts(exported(*resources(1, 4, sale))) == (SMALLEST, SMALLEST, 40 * SMALLEST)


def test_the_report_says_that_the_schedules_hours_are_not_counted() -> None:
    assert "task (most that its schedule keeps, all month)" in as_text(
        cost_report(exported(*resources(1, 4, *NIGHT_AND_DAY)))
    )
    assert "schedule" not in as_text(cost_report(exported(*resources(1, 4))))


@pytest.mark.parametrize(
    "other",
    [
        {"resourceId": "service/main/api"},
        {"resourceId": "service/other/web"},
        {"scalableDimension": "ecs:other:Count"},
    ],
)
def test_another_services_schedule_is_not_taken(other: dict[str, str]) -> None:
    stack = exported(*resources(1, 4, action("day", 9, 20, **other)))
    assert amounts(stack) == (SMALLEST, SMALLEST, 4 * SMALLEST)


def test_a_mix_is_priced_by_its_base_and_weights_at_each_end_of_the_range() -> None:
    stack = exported(*resources(1, 4, *NIGHT_AND_DAY, capacityProviderStrategies=MIX))
    # 2: the base, and one that goes to the larger weight; 6: the base, 1 and 4 of the other five.
    assert amounts(stack) == (SMALLEST + ON_SPOT, NOTHING, 2 * SMALLEST + 4 * ON_SPOT)


def test_scaling_by_schedule_costs_nothing_itself() -> None:
    (line,) = cost_report(exported(*resources(1, 4, *NIGHT_AND_DAY))).lines
    assert line.name == "web"
