"""What users of other tools for ECS on Fargate suffer from, one test for each, by its threads.

Tests of the parts go deeper; these hold the whole page, deployed from stack files, to each point.
Point 14 is in test_pain_points_of_jobs.py.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.settings import Settings, SettingsError
from tests.unit.support.cloud import CLOUD, service_of
from tests.unit.support.documents import containers
from tests.unit.support.engine import UNKNOWN, Recorder, Registration
from tests.unit.support.programs import EVERY_STACK, page, platform, read_stack

SERVICE = "aws:ecs/service:Service"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
RULE = "aws:lb/listenerRule:ListenerRule"
BALANCER = {"allowedCidrs": ["203.0.113.0/24"]}


@pytest.fixture(params=EVERY_STACK)
def stack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def run(stack: str) -> Recorder:
    return platform(stack, preview=False)


def named(run: Recorder, stack: str) -> Iterator[tuple[Registration, dict[str, Any]]]:
    """Yield each ECS service, workers too, with its settings as the stack file gives them."""
    stated = read_stack(stack)
    given = {**stated.get("services", {}), **stated.get("jobs", {})}
    for service in run.of(SERVICE):
        yield service, given[service.inputs["name"]]


def own_container(run: Recorder, service: Registration) -> list[dict[str, Any]]:
    """Return a service's own container, among its sidecars."""
    name = service.inputs["name"]
    return [one for one in containers(run, f"{name}-task") if one["name"] == name]


def shifting_minutes(deployment: Mapping[str, Any]) -> int:
    """Return how long a deployment shifts requests and then waits."""
    canary = deployment.get("canaryConfiguration", {})
    linear = deployment.get("linearConfiguration", {"stepPercent": 100})
    steps = math.ceil(100 / float(linear["stepPercent"])) - 1
    return (
        int(deployment.get("bakeTimeInMinutes", 0))
        + int(canary.get("canaryBakeTimeInMinutes", 0))
        + steps * int(linear.get("stepBakeTimeInMinutes", 0))
    )


def test_1_a_rolled_back_deployment_is_not_a_success() -> None:
    # pulumi/pulumi-awsx#1848, pulumi/pulumi-aws#4487, hashicorp/terraform-provider-aws#19519

    def answer(function: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        if function == "aws:ecs/getService:getService":
            return service_of("task-definition/before:1")
        return CLOUD.lookup(function, arguments)

    with pytest.raises(pulumi.RunError, match="was rolled back"):
        page(read_stack("dev"), preview=False, answers=replace(CLOUD, lookup=answer))


def test_2_a_deployment_does_not_hang(run: Recorder, stack: str) -> None:
    # aws/containers-roadmap#328, #1573, aws/aws-cdk#30728
    for service, given in named(run, stack):
        assert service.inputs["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}

        check = given.get("healthCheck")
        (container,) = own_container(run, service)
        assert ("healthCheck" in container) is bool(check)
        grace = service.inputs.get("healthCheckGracePeriodSeconds", 0)
        assert (grace >= 60) is bool(service.inputs.get("loadBalancers"))
        if check and grace:
            assert grace >= container["healthCheck"]["startPeriod"]

        # A circuit breaker looks at three tasks, and they start one after another.
        least = 3 * grace / 60 + shifting_minutes(service.inputs["deploymentConfiguration"])
        assert all(float(timeout.removesuffix("m")) > least for timeout in service.timeouts)

        asked = given.get("deployment", {})
        shifts = asked.get("strategy", "rolling") != "rolling"
        opted_in = shifts or "errorPercent" in asked or "alarms" in asked
        assert ("alarms" in service.inputs) is opted_in
        if opted_in:
            alarms = service.inputs["alarms"]
            assert (alarms["enable"], alarms["rollback"]) == (True, True)
            assert alarms["alarmNames"]
            assert set(asked.get("alarms", ())) <= set(alarms["alarmNames"])


def test_2_a_load_balancer_does_not_stop_a_task_that_may_still_start() -> None:
    # aws/aws-cdk#30728
    check = {"command": ["/check"], "startPeriod": 90}
    slow = {"image": "nginx:1", "port": 8080, "route": {"path": "/*"}, "healthCheck": check}
    with pytest.raises(SettingsError, match="gracePeriod: is 60 seconds"):
        Settings.parse({"loadBalancer": BALANCER, "services": {"slow": slow}})


def test_3_desired_count_is_left_to_automatic_scaling_and_to_it_alone(
    run: Recorder, stack: str
) -> None:
    # pulumi/pulumi-awsx#504, #689, pulumi/pulumi-aws#6264
    for service, given in named(run, stack):
        fixed = "count" in given.get("scaling", {})
        assert service.ignore_changes == (() if fixed else ("desiredCount",))


def test_4_a_task_definition_does_not_churn(run: Recorder) -> None:
    # pulumi/pulumi-awsx#617, pulumi/pulumi-aws#4576, #1738, #1982
    for definition in run.of(TASK):
        text = definition.inputs["containerDefinitions"]
        found = json.loads(text)
        assert text == json.dumps(found, sort_keys=True)
        assert [one["name"] for one in found] == sorted(one["name"] for one in found)
        assert definition.inputs["trackLatest"] is True
        assert definition.inputs["family"]
        for container in found:
            variables = [entry["name"] for entry in container["environment"]]
            assert variables == sorted(variables)
            assert all("hostPort" in port for port in container["portMappings"])
            assert {"mountPoints", "systemControls", "volumesFrom"} <= set(container)


def test_5_a_target_group_can_be_replaced(run: Recorder) -> None:
    # pulumi/pulumi-aws#4220, #4226
    for group in run.of(TARGET_GROUP):
        assert "name" not in group.inputs
        assert len(group.name) + len("-1234567") <= 32
    for service in run.of(SERVICE):
        rules = [rule for rule in run.of(RULE) if rule.parent == service.parent]
        assert all(run.depends(service, rule) for rule in rules)


def test_6_weights_are_ecss_own_where_it_shifts_requests_and_nowhere_else(run: Recorder) -> None:
    # terraform-aws-modules/terraform-aws-alb#409
    for rule in run.of(RULE):
        groups = [group for group in run.of(TARGET_GROUP) if group.parent == rule.parent]
        assert rule.ignore_changes == (("actions",) if len(groups) > 1 else ())


def test_7_a_capacity_provider_goes_after_the_services_that_use_it(run: Recorder) -> None:
    # aws/aws-cdk#15366, hashicorp/terraform-provider-aws#11409
    for service in run.of(SERVICE):
        attached = run.one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders")
        assert attached.urn in service.dependencies
        routes = {route.urn for route in run.of("aws:ec2/route:Route")}
        assert routes <= service.dependencies


def test_the_stack_files_have_each_kind_of_opted_in_rollback() -> None:
    """What the tests above say of each stack is said of something."""
    stated = [read_stack(stack) for stack in EVERY_STACK]
    services = [one for found in stated for one in found.get("services", {}).values()]
    assert any("healthCheck" in service and "route" in service for service in services)
    rolled_back = [service["deployment"] for service in services if "deployment" in service]
    assert any("alarms" in deployment for deployment in rolled_back)


def test_15_no_resource_hides_inside_an_apply(stack: str) -> None:
    # pulumi/pulumi-awsx#1144, #1204, #1372, pulumi/pulumi-eks#598
    known, first = (platform(stack, preview=preview) for preview in (False, True))
    assert {r.urn for r in known.registrations} == {r.urn for r in first.registrations}


@pytest.mark.parametrize(
    ("count", "service", "limit"),
    [
        (101, {}, "a load balancer holds 100 rules"),
        (51, {"deployment": {"strategy": "canary"}}, "a load balancer holds 100, a quota"),
        (61, {}, "a group holds 60"),
        (2, {"scaling": {"max": 251}}, "1004 targets .* a load balancer holds 1000"),
        (1, {"scaling": {"max": 501}, "deployment": {"strategy": "canary"}}, "1002 targets"),
    ],
)
def test_the_capacity_of_a_shared_load_balancer_is_checked_before_aws_does(
    count: int, service: dict[str, Any], limit: str
) -> None:
    # aws/aws-cdk#15894: rules, target groups and targets of all services of one load balancer
    services = {
        f"s{number}": {
            "image": "nginx:1", "port": 8080, "route": {"path": f"/{number}"}, **service,
        }
        for number in range(count)
    }  # fmt: skip
    with pytest.raises(SettingsError, match=limit):
        Settings.parse({"loadBalancer": BALANCER, "services": services})


def test_an_image_in_a_private_registry_can_be_pulled(run: Recorder) -> None:
    # aws/amazon-ecs-agent#2235
    policies = {
        policy.name: policy.inputs["policy"] for policy in run.of("aws:iam/rolePolicy:RolePolicy")
    }
    for definition in run.of(TASK):
        name = definition.name.removesuffix("-task")
        for container in containers(run, definition.name):
            if ".dkr.ecr." in container["image"]:
                repository = re.split("[:@]", container["image"].partition("/")[2])[0]
                assert f"repository/{repository}" in policies[f"{name}-execution-policy"]


def test_a_new_version_of_a_secret_starts_new_tasks(run: Recorder, stack: str) -> None:
    # aws/containers-roadmap#495
    for service, given in named(run, stack):
        versions = {key for key in service.inputs["triggers"] if key.startswith("secret ")}
        assert versions == {f"secret {variable}" for variable in given.get("secrets", {})}


def test_an_image_that_is_built_here_starts_fast(run: Recorder) -> None:
    # aws/containers-roadmap#696
    for image in run.of("docker-build:index:Image"):
        (export,) = image.inputs["exports"]
        assert export["registry"]["compression"] == "zstd"
        assert UNKNOWN not in json.dumps(image.inputs["tags"])
