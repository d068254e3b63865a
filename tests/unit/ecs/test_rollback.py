"""A deployment that ECS rolled back fails the update, and each one after it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import boto3  # type: ignore[import-untyped]  # publishes no types
import pulumi
import pytest
from moto import mock_aws

from components import EcsService
from tests.unit.support import programs
from tests.unit.support.cloud import CLOUD, computed, lookup, service_of
from tests.unit.support.engine import Recorder, Registration, deploy

BEFORE, NOW = "task-definition/shop-web:6", "task-definition/shop-web:7"


def deploy_web(
    service: Mapping[str, Any], *, intended: str = NOW, preview: bool = False
) -> Recorder:
    """Deploy a service of which ECS then says `service`."""

    def answer(function: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        if function != "aws:ecs/getService:getService":
            return lookup(function, arguments)
        assert arguments["serviceName"] == "web"
        return service

    def outputs(recorder: Recorder, resource: Registration) -> Mapping[str, Any]:
        known = computed(recorder, resource)
        is_task = resource.type == "aws:ecs/taskDefinition:TaskDefinition"
        return {**known, "arn": intended} if is_task else known

    def program() -> None:
        cluster = programs.ecs(programs.network())
        EcsService("web", programs.service(), cluster=cluster)

    return deploy(program, replace(CLOUD, lookup=answer, computed=outputs), preview=preview)


@pytest.mark.parametrize("count", [{}, {"desired": 0, "running": 0}, {"running": 0, "pending": 1}])
def test_a_service_that_runs_what_it_was_told_is_fine(count: Mapping[str, int]) -> None:
    deploy_web(service_of(NOW, **count))


def test_a_service_that_runs_the_version_before_fails_the_update() -> None:
    with pytest.raises(pulumi.RunError, match=r"services\.web: the deployment .* was rolled back"):
        deploy_web(service_of(BEFORE))


def test_the_primary_deployment_counts() -> None:
    with pytest.raises(pulumi.RunError, match="rolled back"):
        deploy_web({**service_of(BEFORE), "taskDefinition": NOW})


def test_a_first_version_whose_tasks_all_failed_fails_each_update() -> None:
    """ECS has nothing to go back to then: the task definition stays, without tasks."""
    with pytest.raises(pulumi.RunError, match=r"services\.web: none of the 2 tasks of shop-web:7"):
        deploy_web(service_of(NOW, desired=2, running=0))


def test_a_preview_goes_on_from_an_update_that_was_interrupted_before_the_services_turn() -> None:
    # The task definition is there already, and the service still runs the one before.
    deploy_web(service_of(BEFORE), preview=True)


def test_the_message_says_which_version_runs_and_what_to_do() -> None:
    with pytest.raises(pulumi.RunError) as raised:
        deploy_web(service_of(BEFORE))
    said = str(raised.value)
    assert "shop-web:7 was rolled back; ECS runs shop-web:6" in said
    assert "pulumi refresh" in said


@mock_aws
def test_what_ecs_says_of_a_service_is_understood() -> None:
    """By moto, whose services know no deployment but their first: one for each state."""
    ecs = boto3.client("ecs", region_name="eu-west-1")
    ecs.create_cluster(clusterName="shop")
    container = {"name": "web", "image": "web:1", "memory": 128}
    first, second = (
        ecs.register_task_definition(family="web", containerDefinitions=[container])[
            "taskDefinition"
        ]["taskDefinitionArn"]
        for _ in range(2)
    )

    def said(name: str, runs: str) -> Mapping[str, Any]:
        ecs.create_service(cluster="shop", serviceName=name, taskDefinition=runs, desiredCount=1)
        (found,) = ecs.describe_services(cluster="shop", services=[name])["services"]
        keys = ("status", "taskDefinition", "desiredCount", "runningCount", "pendingCount")
        deployments = [{key: each[key] for key in keys} for each in found["deployments"]]
        return {"taskDefinition": found["taskDefinition"], "deployments": deployments}

    deploy_web(said("deployed", second), intended=second)
    with pytest.raises(pulumi.RunError, match="web:2 was rolled back; ECS runs web:1"):
        deploy_web(said("rolled-back", first), intended=second)
