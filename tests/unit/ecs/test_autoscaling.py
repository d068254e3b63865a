"""Automatic scaling of services on ECS."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from components import EcsService
from tests.unit.support import programs
from tests.unit.support.cloud import CLOUD, computed
from tests.unit.support.engine import UNKNOWN, Recorder, Registration, deploy

SERVICE = "aws:ecs/service:Service"
TARGET = "aws:appautoscaling/target:Target"
POLICY = "aws:appautoscaling/policy:Policy"
ACTION = "aws:appautoscaling/scheduledAction:ScheduledAction"
ROUTED = {"port": 8080, "route": {"path": "/*"}}
BALANCER = "app/public/50dc6c495c0c9188"
GROUP = "targetgroup/web/73e2d6bc24d8a067"
ALL = {
    "min": 2,
    "max": 9,
    "cpu": 70,
    "memory": 80,
    "requests": 500,
    "metric": {"namespace": "Shop", "name": "Backlog", "dimensions": {"b": "2", "a": "1"},
               "statistic": "Sum", "target": 12.5},
    "schedule": {
        "night": {"cron": "0 20 ? * MON-FRI *", "timezone": "Europe/Berlin", "min": 0, "max": 0},
        "day": {"cron": "30 6 ? * MON-FRI *", "timezone": "Europe/Berlin", "min": 3},
        "sale": {"at": "2031-11-28T05:00:00", "max": 40},
    },
    "cooldown": {"in": 600, "out": 30},
}  # fmt: skip


def web(**settings: object) -> None:
    network = programs.network()
    EcsService(
        "web",
        programs.service(**settings),
        cluster=programs.ecs(network),
        balancer=programs.balancer(network),
    )


def with_arns(recorder: Recorder, resource: Registration) -> Mapping[str, Any]:
    """Return computed outputs, with ARNs as Elastic Load Balancing makes them."""
    arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:"
    match resource.type:
        case "aws:lb/listener:Listener":
            return {"arn": f"{arn}listener/{BALANCER}/0467ef3c8400ae65"}
        case "aws:lb/targetGroup:TargetGroup":
            return {"arn": f"{arn}{GROUP}", "arnSuffix": GROUP}
    return computed(recorder, resource)


def deployed(*, preview: bool = False, **settings: object) -> Recorder:
    cloud = replace(CLOUD, computed=with_arns)
    return deploy(partial(web, **settings), cloud, preview=preview)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return deployed(preview=preview, **ROUTED, scaling=ALL)


def tracking(run: Recorder, name: str) -> Mapping[str, Any]:
    policy = run.one(POLICY, f"web-scaling-{name}")
    assert policy.inputs["policyType"] == "TargetTrackingScaling"
    assert policy.inputs["name"] == f"web-{name}"
    found: Mapping[str, Any] = policy.inputs["targetTrackingScalingPolicyConfiguration"]
    return found


def test_by_default_the_cpu_alone_is_held() -> None:
    found = deployed()
    assert [policy.name for policy in found.of(POLICY)] == ["web-scaling-cpu"]
    assert not found.of(ACTION)
    assert tracking(found, "cpu") == {
        "targetValue": 60,
        "predefinedMetricSpecification": {
            "predefinedMetricType": "ECSServiceAverageCPUUtilization"
        },
        "scaleOutCooldown": 60,
        "scaleInCooldown": 300,
    }


def test_cpu_and_memory_are_held_in_percent(run: Recorder) -> None:
    for name, target, metric in (
        ("cpu", 70, "ECSServiceAverageCPUUtilization"),
        ("memory", 80, "ECSServiceAverageMemoryUtilization"),
    ):
        found = tracking(run, name)
        assert found["targetValue"] == target
        assert found["predefinedMetricSpecification"] == {"predefinedMetricType": metric}


def test_requests_are_counted_at_the_services_own_target_group(
    run: Recorder, *, preview: bool
) -> None:
    found = tracking(run, "requests")
    assert found["targetValue"] == 500
    specification = found["predefinedMetricSpecification"]
    assert specification["predefinedMetricType"] == "ALBRequestCountPerTarget"
    label = UNKNOWN if preview else f"{BALANCER}/{GROUP}"
    assert specification["resourceLabel"] == label


def test_requests_are_counted_once_the_target_group_is_behind_the_load_balancer(
    run: Recorder,
) -> None:
    policy = run.one(POLICY, "web-scaling-requests")
    assert run.depends(policy, run.named("web-rule"))
    assert run.depends(policy, run.one(SERVICE))


def test_a_metric_of_ones_own_is_held_with_its_dimensions_in_order(run: Recorder) -> None:
    found = tracking(run, "metric")
    assert found["targetValue"] == 12.5
    assert found["customizedMetricSpecification"] == {
        "namespace": "Shop",
        "metricName": "Backlog",
        "dimensions": [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}],
        "statistic": "Sum",
    }


@pytest.mark.parametrize("name", ["cpu", "memory", "requests", "metric"])
def test_pauses_are_those_of_the_settings(run: Recorder, name: str) -> None:
    found = tracking(run, name)
    assert (found["scaleInCooldown"], found["scaleOutCooldown"]) == (600, 30)


def test_a_target_of_null_is_not_held() -> None:
    found = deployed(scaling={"cpu": None, "memory": 50})
    assert [policy.name for policy in found.of(POLICY)] == ["web-scaling-memory"]


def test_the_schedule_sets_both_limits_at_its_times(run: Recorder) -> None:
    actions = {action.name: action.inputs for action in run.of(ACTION)}
    assert {
        name: (
            one["schedule"],
            one["timezone"],
            one["scalableTargetAction"]["minCapacity"],
            one["scalableTargetAction"]["maxCapacity"],
        )
        for name, one in actions.items()
    } == {
        "web-schedule-night": ("cron(0 20 ? * MON-FRI *)", "Europe/Berlin", 0, 0),
        # What an entry leaves out is that of scaling, said anew: the entry before changed it.
        "web-schedule-day": ("cron(30 6 ? * MON-FRI *)", "Europe/Berlin", 3, 9),
        "web-schedule-sale": ("at(2031-11-28T05:00:00)", "UTC", 2, 40),
    }
    for name, one in actions.items():
        assert one["name"] == name.replace("-schedule", "")
        assert one["resourceId"] == "service/platform-test-ecs/web"


def test_an_update_does_not_undo_what_the_schedule_last_set(run: Recorder) -> None:
    assert run.one(TARGET).ignore_changes == ("minCapacity", "maxCapacity")
    assert deployed(scaling={"min": 2}).one(TARGET).ignore_changes == ()


def test_a_targets_policies_and_actions_are_made_one_after_another(run: Recorder) -> None:
    chain = [*run.of(TARGET), *run.of(POLICY), *run.of(ACTION)]
    assert len(chain) == 8
    for before, after in pairwise(chain):
        assert before.urn in after.dependencies


def test_desired_count_is_ignored_exactly_when_automatic_scaling_is_on() -> None:
    """Pain point 3: an update resets the number of tasks that scaling chose."""
    scaled = deployed(scaling={"min": 3}).one(SERVICE)
    assert (scaled.inputs["desiredCount"], scaled.ignore_changes) == (3, ("desiredCount",))
    fixed = deployed(scaling={"count": 5}).one(SERVICE)
    assert (fixed.inputs["desiredCount"], fixed.ignore_changes) == (5, ())


@pytest.mark.parametrize("count", [0, 3])
def test_nothing_scales_a_fixed_number_of_tasks(count: int) -> None:
    found = deployed(scaling={"count": count})
    assert not [*found.of(TARGET), *found.of(POLICY), *found.of(ACTION)]
    assert found.one(SERVICE).inputs["desiredCount"] == count


def test_a_service_that_only_a_schedule_wakes_begins_without_a_task() -> None:
    day = {"day": {"cron": "0 6 * * ? *", "min": 1}}
    found = deployed(scaling={"min": 0, "schedule": day})
    assert found.one(SERVICE).inputs["desiredCount"] == 0
    assert found.one(TARGET).inputs["minCapacity"] == 0
