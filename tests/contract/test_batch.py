"""What every stack file has of AWS Batch is what its API accepts."""

import json
from collections.abc import Iterator
from typing import Any

import boto3  # type: ignore[import-untyped]  # publishes no types
import botocore.session  # type: ignore[import-untyped]  # publishes no types
import pytest
from botocore.exceptions import (  # type: ignore[import-untyped]  # publishes no types
    ParamValidationError,
)
from botocore.validate import (  # type: ignore[import-untyped]  # publishes no types
    ParamValidator,
)

from tests.unit.support.engine import Recorder, Registration
from tests.unit.support.programs import EVERY_STACK, platform

JOB = "aws:batch/jobDefinition:JobDefinition"
UNIVERSAL = "arn:aws:scheduler:::aws-sdk:batch:submitJob"


def request(job: Registration) -> dict[str, Any]:
    """Return RegisterJobDefinition's parameters: Pulumi's inputs are named like them."""
    given = {key: value for key, value in job.inputs.items() if key != "deregisterOnNewRevision"}
    retries = dict(given.pop("retryStrategy"))
    if "evaluateOnExits" in retries:
        retries["evaluateOnExit"] = retries.pop("evaluateOnExits")
    return {
        **{key: value for key, value in given.items() if key != "name"},
        "jobDefinitionName": given["name"],
        "containerProperties": json.loads(given["containerProperties"]),
        "retryStrategy": retries,
    }


def jobs(stack: str) -> list[Registration]:
    return platform(stack, preview=False).of(JOB)


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_every_job_definition_is_accepted_and_comes_back_as_it_was_written(stack: str) -> None:
    batch = boto3.client("batch")
    for found in jobs(stack):
        asked = request(found)
        arn = batch.register_job_definition(**asked)["jobDefinitionArn"]
        assert arn.endswith(f":job-definition/{asked['jobDefinitionName']}:1")
        (kept,) = batch.describe_job_definitions(jobDefinitions=[arn])["jobDefinitions"]
        container = asked["containerProperties"]
        assert {key: kept["containerProperties"][key] for key in container} == container
        assert kept["retryStrategy"] == asked["retryStrategy"]
        assert kept["platformCapabilities"] == ["FARGATE"]


def test_an_example_has_jobs_to_judge() -> None:
    assert len(jobs("batch")) == 5


def test_a_container_with_an_unknown_key_is_refused() -> None:
    asked = request(jobs("batch")[0])
    asked["containerProperties"]["readOnlyRootFilesystem"] = True
    with pytest.raises(ParamValidationError, match="readOnlyRootFilesystem"):
        boto3.client("batch").register_job_definition(**asked)


def scheduled(run: Recorder) -> Iterator[dict[str, Any]]:
    """Yield what each schedule submits, in the names of Batch's API."""
    for schedule in run.of("aws:scheduler/schedule:Schedule"):
        target = schedule.inputs["target"]
        if target["arn"] == UNIVERSAL:
            yield camel(json.loads(target["input"]))


def camel(value: dict[str, Any]) -> dict[str, Any]:
    return {
        key[0].lower() + key[1:]: camel(inner) if isinstance(inner, dict) else inner
        for key, inner in value.items()
    }


def test_every_schedule_submits_with_parameters_that_the_api_has() -> None:
    model = botocore.session.get_session().get_service_model("batch")
    found = list(scheduled(platform("batch", preview=False)))
    for submission in found:
        shape = model.operation_model("SubmitJob").input_shape
        assert set(submission) <= set(shape.members)
        report = ParamValidator().validate(submission, shape)
        assert not report.has_errors(), report.generate_report()
    assert {submission["jobName"] for submission in found} == {"invoices", "render"}


@pytest.mark.parametrize(
    ("type_", "operation", "renames"),
    [
        (
            "aws:batch/computeEnvironment:ComputeEnvironment",
            "CreateComputeEnvironment",
            {"maxVcpus": "maxvCpus"},
        ),
        (
            "aws:batch/jobQueue:JobQueue",
            "CreateJobQueue",
            {
                "name": "jobQueueName",
                "computeEnvironmentOrders": "computeEnvironmentOrder",
            },
        ),
        (
            "aws:batch/schedulingPolicy:SchedulingPolicy",
            "CreateSchedulingPolicy",
            {"fairSharePolicy": "fairsharePolicy", "shareDistributions": "shareDistribution"},
        ),
    ],
)
def test_environments_queues_and_policies_have_the_api_s_members(
    type_: str, operation: str, renames: dict[str, str]
) -> None:
    model = botocore.session.get_session().get_service_model("batch")
    shape = model.operation_model(operation).input_shape
    found = platform("batch", preview=False).of(type_)
    assert found
    for resource in found:
        asked = renamed(resource.inputs, renames)
        # Pulumi names a compute environment by itself.
        named = {"computeEnvironmentName": "a"} if "Environment" in operation else {}
        report = ParamValidator().validate({**named, **asked}, shape)
        assert not report.has_errors(), report.generate_report()
        assert set(asked) <= set(shape.members)


def renamed(value: Any, names: dict[str, str]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {names.get(key, key): renamed(inner, names) for key, inner in value.items()}
    return [renamed(inner, names) for inner in value] if isinstance(value, list) else value
