"""A deployment that ECS rolled back fails the update, and each one after it."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import boto3  # type: ignore[import-untyped]  # publishes no types
import pulumi
import pytest
from moto import mock_aws

from components import EcsService
from components.rollback import checked
from tests.unit.support import programs
from tests.unit.support.cloud import CLOUD, lookup
from tests.unit.support.engine import Recorder, deploy

BEFORE, NOW = "arn:computed:before", "arn:computed:web-task"


def deploy_web(*, running: str, primary: str, preview: bool = False) -> Recorder:
    def answer(function: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        if function != "aws:ecs/getService:getService":
            return lookup(function, arguments)
        deployments = [{"status": "ACTIVE", "taskDefinition": NOW}]
        if primary:
            deployments.append({"status": "PRIMARY", "taskDefinition": primary})
        return {"taskDefinition": running, "deployments": deployments}

    def program() -> None:
        cluster = programs.ecs(programs.network())
        EcsService("web", programs.service(), cluster=cluster)

    return deploy(program, replace(CLOUD, lookup=answer), preview=preview)


def test_a_service_that_runs_what_it_was_told_is_fine() -> None:
    deploy_web(running=NOW, primary=NOW)


@pytest.mark.parametrize("primary", [BEFORE, ""])
def test_a_service_that_runs_the_version_before_fails_the_update(primary: str) -> None:
    with pytest.raises(pulumi.RunError, match=r"services\.web: the deployment .* was rolled back"):
        deploy_web(running=BEFORE, primary=primary)


def test_the_primary_deployment_counts() -> None:
    with pytest.raises(pulumi.RunError, match="rolled back"):
        deploy_web(running=NOW, primary=BEFORE)


def test_a_preview_goes_on_from_an_update_that_was_interrupted_before_the_services_turn() -> None:
    # The task definition is there already, and the service still runs the one before.
    deploy_web(running=BEFORE, primary=BEFORE, preview=True)


def test_the_message_says_which_version_runs_and_what_to_do() -> None:
    arn = "arn:aws:ecs:eu-west-1:111122223333:task-definition/shop-web:"
    with pytest.raises(pulumi.RunError) as raised:
        checked("web", running=arn + "6", intended=arn + "7")
    said = str(raised.value)
    assert "shop-web:7 was rolled back; ECS runs shop-web:6" in said
    assert "pulumi refresh" in said


@mock_aws
def test_what_ecs_says_of_a_service_that_went_back_is_found() -> None:
    ecs = boto3.client("ecs", region_name="eu-west-1")
    ecs.create_cluster(clusterName="shop")
    container = {"name": "web", "image": "web:1", "memory": 128}
    first, second = (
        ecs.register_task_definition(family="web", containerDefinitions=[container])[
            "taskDefinition"
        ]["taskDefinitionArn"]
        for _ in range(2)
    )
    ecs.create_service(cluster="shop", serviceName="web", taskDefinition=first, desiredCount=1)
    told = partial(ecs.update_service, cluster="shop", service="web")
    told(taskDefinition=second)
    told(taskDefinition=first)  # what the circuit breaker does

    (found,) = ecs.describe_services(cluster="shop", services=["web"])["services"]
    (primary,) = [d for d in found["deployments"] if d["status"] == "PRIMARY"]
    with pytest.raises(pulumi.RunError, match="web:2 was rolled back; ECS runs web:1"):
        checked("web", running=primary["taskDefinition"], intended=second)
