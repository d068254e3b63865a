"""Every task definition of every stack file is one that ECS's API accepts."""

import json
from typing import Any

import boto3  # type: ignore[import-untyped]  # publishes no types
import pytest
from botocore.exceptions import (  # type: ignore[import-untyped]  # publishes no types
    ParamValidationError,
)

from tests.unit.support.engine import Registration
from tests.unit.support.programs import EVERY_STACK, platform

NOT_THE_APIS = {"trackLatest"}
"""Inputs that are Pulumi's own."""


def request(task_definition: Registration) -> dict[str, Any]:
    """Return RegisterTaskDefinition's parameters: Pulumi's inputs are named like them."""
    inputs = {k: v for k, v in task_definition.inputs.items() if k not in NOT_THE_APIS}
    if "ephemeralStorage" in inputs:
        inputs["ephemeralStorage"] = {"sizeInGiB": inputs["ephemeralStorage"]["sizeInGib"]}
    return {**inputs, "containerDefinitions": json.loads(inputs["containerDefinitions"])}


def task_definitions(stack: str) -> list[Registration]:
    return platform(stack, preview=False).of("aws:ecs/taskDefinition:TaskDefinition")


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_every_task_definition_is_accepted_and_comes_back_as_it_was_written(stack: str) -> None:
    ecs = boto3.client("ecs")
    for found in task_definitions(stack):
        asked = request(found)
        registered = ecs.register_task_definition(**asked)["taskDefinition"]
        kept = {container["name"]: container for container in registered["containerDefinitions"]}
        assert len(kept) == len(asked["containerDefinitions"])
        for container in asked["containerDefinitions"]:
            assert {key: kept[container["name"]][key] for key in container} == container
        assert registered["family"] == asked["family"]


def test_the_dev_stack_has_task_definitions_to_judge() -> None:
    assert sorted(found.name for found in task_definitions("dev")) == ["api-task", "web-task"]


def test_a_container_with_an_unknown_key_is_refused() -> None:
    asked = request(task_definitions("dev")[0])
    asked["containerDefinitions"][0]["readOnlyRootFilesystem"] = True
    with pytest.raises(ParamValidationError, match="readOnlyRootFilesystem"):
        boto3.client("ecs").register_task_definition(**asked)
