"""EcsService: tasks that deploy safely, are private, and scale."""

from functools import partial

import pytest

from components import EcsService
from tests.unit.support import programs
from tests.unit.support.documents import containers
from tests.unit.support.engine import UNKNOWN, Recorder

SERVICE = "aws:ecs/service:Service"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
ROUTED = {"port": 8080, "route": {"path": "/*"}}


def web(**settings: object) -> None:
    network = programs.network()
    EcsService(
        "web",
        programs.service(**settings),
        cluster=programs.ecs(network),
        balancer=programs.balancer(network),
    )


def known(**settings: object) -> Recorder:
    return programs.run(partial(web, **settings), preview=False)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(partial(web, **ROUTED), preview=preview)


def test_a_deployment_that_fails_is_rolled_back(run: Recorder) -> None:
    service = run.one(SERVICE).inputs
    assert service["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert service["deploymentController"] == {"type": "ECS"}
    assert service["deploymentMinimumHealthyPercent"] == 100
    assert service["deploymentMaximumPercent"] == 200
    assert service["waitForSteadyState"]
    assert service["healthCheckGracePeriodSeconds"] == 60
    assert run.one(SERVICE).timeouts == ("30m", "30m", "30m")


def test_scaling_owns_the_number_of_tasks(run: Recorder) -> None:
    assert run.one(SERVICE).ignore_changes == ("desiredCount",)
    target = run.one("aws:appautoscaling/target:Target")
    assert target.inputs["resourceId"] == "service/platform-test-ecs/web"
    assert (target.inputs["minCapacity"], target.inputs["maxCapacity"]) == (1, 4)
    assert run.depends(target, run.one(SERVICE))
    policy = run.one("aws:appautoscaling/policy:Policy").inputs
    assert policy["policyType"] == "TargetTrackingScaling"
    tracking = policy["targetTrackingScalingPolicyConfiguration"]
    assert tracking["targetValue"] == 60
    assert tracking["predefinedMetricSpecification"] == {
        "predefinedMetricType": "ECSServiceAverageCPUUtilization"
    }
    assert (tracking["scaleOutCooldown"], tracking["scaleInCooldown"]) == (60, 300)


def test_scaling_is_as_the_settings_say() -> None:
    run = known(scaling={"min": 3, "max": 30, "cpu": 45})
    target = run.one("aws:appautoscaling/target:Target").inputs
    assert (target["minCapacity"], target["maxCapacity"]) == (3, 30)
    assert run.one(SERVICE).inputs["desiredCount"] == 3
    tracking = run.one("aws:appautoscaling/policy:Policy").inputs
    assert tracking["targetTrackingScalingPolicyConfiguration"]["targetValue"] == 45


def test_tasks_have_no_public_address_and_stand_in_private_subnets(run: Recorder) -> None:
    place = run.one(SERVICE).inputs["networkConfiguration"]
    assert place["assignPublicIp"] is False
    assert place["subnets"] in (UNKNOWN, [f"subnet-private-{zone}" for zone in (1, 2, 3)])
    assert len(place["securityGroups"]) == 1


def test_nobody_can_open_a_shell_in_a_task(run: Recorder) -> None:
    assert run.one(SERVICE).inputs["enableExecuteCommand"] is False


def test_tasks_run_on_fargate_in_a_network_of_their_own(run: Recorder) -> None:
    task = run.one(TASK).inputs
    assert task["requiresCompatibilities"] == ["FARGATE"]
    assert task["networkMode"] == "awsvpc"
    assert (task["cpu"], task["memory"]) == ("256", "512")
    assert task["runtimePlatform"] == {
        "operatingSystemFamily": "LINUX",
        "cpuArchitecture": "X86_64",
    }
    assert task["family"] == "platform-test-web"
    assert task["trackLatest"]


def test_task_and_execution_role_are_two_roles(run: Recorder) -> None:
    task = run.one(TASK).inputs
    prefix = "arn:aws:iam::111122223333:role/platform-test-eu-west-1-web"
    assert task["taskRoleArn"] == f"{prefix}-task"
    assert task["executionRoleArn"] == f"{prefix}-execution"


def test_size_architecture_and_capacity_are_as_the_settings_say() -> None:
    run = known(size={"cpu": 0.5, "memory": 2048}, architecture="arm64", capacity="spot")
    task = run.one(TASK).inputs
    assert (task["cpu"], task["memory"]) == ("512", "2048")
    assert task["runtimePlatform"]["cpuArchitecture"] == "ARM64"
    service = run.one(SERVICE).inputs
    assert service["capacityProviderStrategies"] == [
        {"capacityProvider": "FARGATE_SPOT", "weight": 1}
    ]


def test_another_capacity_provider_starts_new_tasks() -> None:
    on_demand, spot = (known(capacity=capacity) for capacity in ("on-demand", "spot"))
    first, second = (run.one(SERVICE).inputs for run in (on_demand, spot))
    assert first["forceNewDeployment"]
    assert first["triggers"] != second["triggers"]


@pytest.mark.parametrize(
    "before",
    ["ecs-capacity", "web-execution-policy", "web-rule", "web-logs", "web-task", "web-tg"],
)
def test_the_service_starts_after_and_is_deleted_before(run: Recorder, before: str) -> None:
    assert run.depends(run.one(SERVICE), run.named(before))


def test_the_service_itself_depends_on_its_capacity_providers_and_on_the_vpcs_routes(
    run: Recorder,
) -> None:
    direct = run.one(SERVICE).dependencies
    assert run.named("ecs-capacity").urn in direct
    assert sum("aws:ec2/route:Route::" in urn for urn in direct) == 3


def test_the_target_group_gets_the_containers_port(run: Recorder) -> None:
    (target,) = run.one(SERVICE).inputs["loadBalancers"]
    assert (target["containerName"], target["containerPort"]) == ("web", 8080)
    assert (
        run.one("aws:lb/targetGroup:TargetGroup").urn in run.one(SERVICE).sources["loadBalancers"]
    )


def test_logs_are_kept_for_the_days_of_the_settings() -> None:
    assert known(logRetentionDays=90).named("web-logs").inputs["retentionInDays"] == 90


def test_logs_go_to_a_group_of_its_own_that_forgets(run: Recorder) -> None:
    group = run.named("web-logs").inputs
    assert group["name"] == "/ecs/platform-test/web"
    assert group["retentionInDays"] == 14
    (container,) = containers(run, "web-task")
    assert container["logConfiguration"] == {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": "/ecs/platform-test/web",
            "awslogs-region": "eu-west-1",
            "awslogs-stream-prefix": "web",
            "max-buffer-size": "25m",
            "mode": "non-blocking",
        },
    }


def test_a_service_without_a_route_has_no_target_group_and_no_grace_period() -> None:
    run = known(port=8080)
    assert not run.of("aws:lb/targetGroup:TargetGroup")
    assert not run.of("aws:lb/listenerRule:ListenerRule")
    service = run.one(SERVICE).inputs
    assert service.get("loadBalancers", []) == []
    assert "healthCheckGracePeriodSeconds" not in service
    assert "serviceConnectConfiguration" not in service


def test_a_budget_is_a_tag_that_its_tasks_get_too() -> None:
    assert known().one(SERVICE).inputs["tags"] == {"service": "web"}
    service = known(monthlyBudget=50).one(SERVICE).inputs
    assert service["tags"] == {"service": "web", "monthly-budget-usd": "50"}
    assert service["propagateTags"] == "SERVICE"
