"""Deployments: how requests move to new tasks, and what takes them back."""

from typing import Any

import pytest

from components import EcsService
from components.ecs.deployment import longest_deployment
from components.settings.deployment import DeploymentSettings
from tests.unit.support import programs
from tests.unit.support.documents import statements, trust
from tests.unit.support.engine import Recorder, Registration

SERVICE = "aws:ecs/service:Service"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def web(deployment: dict[str, Any], *, preview: bool = False) -> Recorder:
    def program() -> None:
        network = programs.network()
        EcsService(
            "web",
            programs.service(port=8080, route={"path": "/*"}, deployment=deployment),
            cluster=programs.ecs(network),
            balancer=programs.balancer(network),
        )

    return programs.run(program, preview=preview)


def service(deployment: dict[str, Any]) -> dict[str, Any]:
    return dict(web(deployment).one(SERVICE).inputs)


def test_a_rolling_deployment_needs_one_target_group_and_no_role() -> None:
    run = web({})
    assert len(run.of("aws:lb/targetGroup:TargetGroup")) == 1
    assert "web-infrastructure-role" not in {role.name for role in run.of("aws:iam/role:Role")}
    found = run.one(SERVICE).inputs
    assert found["deploymentConfiguration"] == {"strategy": "ROLLING"}
    assert "alarms" not in found
    assert "advancedConfiguration" not in found["loadBalancers"][0]


def test_a_rolling_deployment_has_the_room_that_the_settings_give() -> None:
    found = service({"minimumHealthyPercent": 50, "maximumPercent": 150})
    assert found["deploymentMinimumHealthyPercent"] == 50
    assert found["deploymentMaximumPercent"] == 150
    assert found["availabilityZoneRebalancing"] == "ENABLED"


def test_tasks_are_not_rebalanced_where_there_is_no_room_to_start_one_first() -> None:
    found = service({"minimumHealthyPercent": 50, "maximumPercent": 100})
    assert found["availabilityZoneRebalancing"] == "DISABLED"


@pytest.mark.parametrize(
    ("given", "made"),
    [
        (
            {"strategy": "blue-green"},
            {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": "3"},
        ),
        (
            {"strategy": "canary", "bakeMinutes": 0},
            {
                "strategy": "CANARY",
                "bakeTimeInMinutes": "0",
                "canaryConfiguration": {"canaryPercent": 5, "canaryBakeTimeInMinutes": "10"},
            },
        ),
        (
            {"strategy": "linear", "stepPercent": 33.3, "stepMinutes": 1},
            {
                "strategy": "LINEAR",
                "bakeTimeInMinutes": "3",
                "linearConfiguration": {"stepPercent": 33.3, "stepBakeTimeInMinutes": "1"},
            },
        ),
    ],
)
def test_steps_and_bake_time_are_those_of_the_settings(
    given: dict[str, Any], made: dict[str, Any]
) -> None:
    assert service(given)["deploymentConfiguration"] == made


def test_a_canary_shifts_requests_between_two_target_groups_of_one_rule() -> None:
    run = web({"strategy": "canary"})
    (target,) = run.one(SERVICE).inputs["loadBalancers"]
    assert target["targetGroupArn"] == "arn:computed:web-tg"
    assert target["advancedConfiguration"] == {
        "alternateTargetGroupArn": "arn:computed:web-alt",
        "productionListenerRule": "arn:computed:web-rule",
        "roleArn": "arn:aws:iam::111122223333:role/platform-test-eu-west-1-web-infrastructure",
    }
    assert run.one("aws:lb/listenerRule:ListenerRule").ignore_changes == ("actions",)


def test_ecs_may_change_this_services_rule_and_target_groups_only(*, preview: bool) -> None:
    run = web({"strategy": "canary"}, preview=preview)
    assert trust(run, "web-infrastructure-role")["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "ecs.amazonaws.com"},
        }
    ]
    describing, *changing = statements(run, "web-infrastructure-policy")
    assert all(":Describe" in action for action in describing["Action"])
    own = {
        "StringEquals": {
            "aws:ResourceTag/stack": "platform-test",
            "aws:ResourceTag/service": "web",
        }
    }
    assert [statement["Condition"] for statement in changing] == [own, own]
    tagged = [
        *run.of("aws:lb/targetGroup:TargetGroup"),
        *run.of("aws:lb/listenerRule:ListenerRule"),
    ]
    assert [found.inputs["tags"] for found in tagged] == [
        {"stack": "platform-test", "service": "web"}
    ] * 3
    assert run.depends(run.one(SERVICE), run.named("web-infrastructure-policy"))


def test_failed_requests_of_either_target_group_take_a_canary_back() -> None:
    run = web({"strategy": "canary", "alarms": ["team-latency"]})
    names = ["platform-test-web-errors", "platform-test-web-errors-alternate"]
    assert run.one(SERVICE).inputs["alarms"] == {
        "alarmNames": ["team-latency", *names],
        "enable": True,
        "rollback": True,
    }
    alarms = run.of(ALARM)
    assert [alarm.inputs["name"] for alarm in alarms] == names
    for alarm, group in zip(alarms, ("web-tg", "web-alt"), strict=True):
        assert alarm.inputs["threshold"] == 1
        assert alarm.inputs["treatMissingData"] == "notBreaching"
        rate, *counts = alarm.inputs["metricQueries"]
        assert rate["returnData"]
        assert not any(count["returnData"] for count in counts)
        assert {count["id"] for count in counts} == {"requests", "errors", "refused"}
        for count in counts:
            assert count["metric"]["dimensions"] == {
                "LoadBalancer": "app/public-alb",
                "TargetGroup": f"targetgroup/{group}",
            }


def test_a_rolling_deployment_is_watched_on_request() -> None:
    run = web({"errorPercent": 2.5})
    assert run.one(ALARM).inputs["threshold"] == 2.5
    assert run.one(SERVICE).inputs["alarms"]["alarmNames"] == ["platform-test-web-errors"]


@pytest.mark.parametrize(
    ("given", "minutes"),
    [
        ({}, 30),
        ({"strategy": "blue-green", "bakeMinutes": 60}, 90),
        ({"strategy": "canary"}, 43),
        ({"strategy": "linear"}, 30 + 3 + 9 * 6),
        ({"strategy": "linear", "stepPercent": 3.0, "stepMinutes": 60}, 30 + 3 + 33 * 60),
    ],
)
def test_an_update_waits_for_all_steps_and_the_bake_time(
    given: dict[str, Any], minutes: int
) -> None:
    settings = programs.section(DeploymentSettings, given)
    assert longest_deployment(settings, grace=60) == f"{minutes}m"
    assert web(given).one(SERVICE).timeouts == (f"{minutes}m",) * 3


def test_a_task_has_the_time_to_start_that_the_settings_give() -> None:
    def deployed(check: dict[str, Any]) -> Registration:
        def program() -> None:
            network = programs.network()
            route = {"path": "/*", "healthCheck": check}
            EcsService(
                "web",
                programs.service(port=8080, route=route),
                cluster=programs.ecs(network),
                balancer=programs.balancer(network),
            )

        return programs.run(program, preview=False).one(SERVICE)

    assert deployed({}).inputs["healthCheckGracePeriodSeconds"] == 60
    slow = deployed({"gracePeriod": 600})
    assert slow.inputs["healthCheckGracePeriodSeconds"] == 600
    # Three tasks may fail one after another before the circuit breaker ends the deployment.
    assert slow.timeouts == ("57m",) * 3
