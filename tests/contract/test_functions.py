"""Functions that start jobs, run as they are packed, against moto's ECS and Step Functions."""

import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]  # publishes no types
import botocore.session  # type: ignore[import-untyped]  # publishes no types
import pytest
from botocore.validate import (  # type: ignore[import-untyped]  # publishes no types
    ParamValidator,
)
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_api import state_manager

from components.jobs.functions import run_once, start_task
from tests.contract.test_task_definitions import request
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.engine import Recorder
from tests.unit.support.functions import FUNCTION, Context, unpack
from tests.unit.support.payload import payload
from tests.unit.support.programs import EVERY_STACK, platform

Call = Callable[[Any, Context], Any]
STACK = "jobs-from-lambda"


@pytest.fixture(scope="module")
def run() -> Recorder:
    return platform(STACK, preview=False)


@pytest.fixture
def deploy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Call]]:
    """Deploy what a job's function needs into moto, and return the function."""

    def deployed(job: str, stack: str = STACK, purpose: str = "start") -> Call:
        run = platform(stack, preview=False)
        ecs = boto3.client("ecs")
        cluster = run.one("aws:ecs/cluster:Cluster").inputs["name"]
        ecs.create_cluster(clusterName=cluster, capacityProviders=["FARGATE", "FARGATE_SPOT"])
        definition = run.one("aws:ecs/taskDefinition:TaskDefinition", f"{job}-task")
        asked = request(definition)
        for container in asked["containerDefinitions"]:
            # moto's RunTask adds up the containers' memory, which Fargate doesn't need.
            container["memory"] = 128
        arn = ecs.register_task_definition(**asked)["taskDefinition"]["taskDefinitionArn"]
        function = run.one(FUNCTION, f"{job}-{purpose}-function")
        variables = dict(function.inputs["environment"]["variables"])
        if "RUN_TASK" in variables:
            variables["RUN_TASK"] = known(
                variables["RUN_TASK"], {f"arn:computed:{job}-task": arn, **network(job)}
            )
        for machine in run.of("aws:sfn/stateMachine:StateMachine"):
            boto3.client("stepfunctions").create_state_machine(
                **{key: machine.inputs[key] for key in ("name", "type", "definition", "roleArn")}
            )
        for name, value in variables.items():
            monkeypatch.setenv(name, value.replace(ENVIRONMENT.account, DEFAULT_ACCOUNT_ID))
        monkeypatch.setenv("LAMBDA_TASK_ROOT", str(unpack(function, tmp_path)))
        monkeypatch.syspath_prepend(tmp_path)
        sys.modules.pop("decide", None)
        start_task._job.cache_clear()
        module, _, handler = function.inputs["handler"].rpartition(".")
        found: Call = getattr(importlib.import_module(module), handler)
        return found

    yield deployed
    start_task._job.cache_clear()
    sys.modules.pop("decide", None)


def known(text: str, ids: dict[str, str]) -> str:
    """Return a text with moto's ids in place of those that programs under test get."""
    for computed, created in ids.items():
        assert f'"{computed}"' in text
        text = text.replace(f'"{computed}"', f'"{created}"')
    return text


def network(job: str) -> dict[str, str]:
    """Create the subnets and the group that a job's tasks are in, and return their ids."""
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnets = {
        f"subnet-private-{zone}": ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{zone}.0/24")
        for zone in (1, 2)
    }
    group = ec2.create_security_group(VpcId=vpc, GroupName=job, Description=job)
    ids = {name: subnet["Subnet"]["SubnetId"] for name, subnet in subnets.items()}
    return {**ids, f"{job}-group-id": group["GroupId"]}


def tasks(run: Recorder) -> list[dict[str, Any]]:
    """Return the tasks that run in moto."""
    ecs = boto3.client("ecs")
    cluster = run.one("aws:ecs/cluster:Cluster").inputs["name"]
    arns = [
        arn
        for status in ("RUNNING", "STOPPED")
        for arn in ecs.list_tasks(cluster=cluster, desiredStatus=status)["taskArns"]
    ]
    found: list[dict[str, Any]] = (
        ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"] if arns else []
    )
    return found


def messages(*bodies: object) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"00000000-0000-4000-8000-{position:012}",
                "eventSource": "aws:sqs",
                "attributes": {"ApproximateReceiveCount": "1"},
                "body": json.dumps(body),
            }
            for position, body in enumerate(bodies)
        ]
    }


def test_each_message_starts_a_task_with_the_variables_that_it_gives(
    run: Recorder, deploy: Callable[..., Call]
) -> None:
    handle = deploy("refund")
    answer = handle(messages({"order": {"id": 17}}, {"order": {}}), Context())
    assert answer == {
        "batchItemFailures": [{"itemIdentifier": "00000000-0000-4000-8000-000000000001"}]
    }
    (task,) = tasks(run)
    assert task["taskDefinitionArn"].endswith(":task-definition/platform-test-refund:1")
    assert task["overrides"]["containerOverrides"] == [
        {"name": "refund", "environment": [{"name": "ORDER_ID", "value": "17"}]}
    ]


def test_a_request_starts_a_task(run: Recorder, deploy: Callable[..., Call]) -> None:
    answer = deploy("export")({"customer": 17}, Context())
    (task,) = tasks(run)
    assert answer == {"statusCode": 202, "started": task["taskArn"]}
    assert deploy("export")({}, Context())["statusCode"] == 400


def test_the_filter_chooses_and_the_state_machine_gets_its_variables(
    run: Recorder, deploy: Callable[..., Call]
) -> None:
    handle = deploy("review")
    small = {"id": "A-1", "items": [{"price": 10, "quantity": 3}]}
    large = {"id": "A-2", "items": [{"price": 400.5, "quantity": 3}]}
    again = messages(small, large)
    assert handle(again, Context()) == {"batchItemFailures": []}
    assert handle(again, Context()) == {"batchItemFailures": []}
    sfn = boto3.client("stepfunctions")
    (machine,) = sfn.list_state_machines()["stateMachines"]
    (execution,) = sfn.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
    assert execution["name"] == "00000000-0000-4000-8000-000000000001"
    given = json.loads(sfn.describe_execution(executionArn=execution["executionArn"])["input"])
    assert given == {"ORDER_ID": "A-2", "TOTAL": "1201.50"}
    definition = json.loads(
        run.one("aws:sfn/stateMachine:StateMachine", "review-state-machine").inputs["definition"]
    )
    template = definition["States"]["Run"]["Parameters"]["Overrides"]
    assert payload(template, {"Execution": {"Input": given}}) == {
        "ContainerOverrides": [
            {
                "Name": "review",
                "Environment": [
                    {"Name": "ORDER_ID", "Value": "A-2"},
                    {"Name": "TOTAL", "Value": "1201.50"},
                ],
            }
        ]
    }
    assert not tasks(run)


def test_what_the_filter_does_not_set_is_what_the_job_s_environment_says(
    deploy: Callable[..., Call], tmp_path: Path
) -> None:
    handle = deploy("review")
    (tmp_path / "decide.py").write_text("def decide(message):\n    return {}\n")
    handle(messages({"id": "A-3"}), Context())
    sfn = boto3.client("stepfunctions")
    (machine,) = sfn.list_state_machines()["stateMachines"]
    (execution,) = sfn.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
    given = json.loads(sfn.describe_execution(executionArn=execution["executionArn"])["input"])
    assert given == {"ORDER_ID": "A-3", "TOTAL": "unknown"}


@pytest.fixture
def endless() -> Iterator[None]:
    """Let moto's tasks run until somebody stops them; otherwise they end well at each look."""
    state_manager.set_transition("ecs::task", {"progression": "manual", "times": 1_000})
    yield
    state_manager.unset_transition("ecs::task")


def test_a_task_at_deployment_that_ends_well_lets_the_deployment_go_on(
    deploy: Callable[..., Call],
) -> None:
    answer = deploy("migrate", "migration", "run")({}, Context())
    (task,) = tasks(platform("migration", preview=False))
    assert answer == {"task": task["taskArn"]}
    assert task["startedBy"].startswith("platform-test-migrate-")
    assert task["taskDefinitionArn"].endswith(":task-definition/platform-test-migrate:1")


def test_a_task_at_deployment_runs_once_however_often_it_is_called_for_and_once_more_if_asked(
    deploy: Callable[..., Call],
) -> None:
    handle = deploy("migrate", "migration", "run")
    first = handle({}, Context())
    assert handle({}, Context(request="another")) == first
    again = {"again": "after the restore"}
    second = handle(again, Context(request="a third"))
    assert second != first
    assert handle(again, Context(request="a fourth")) == second
    assert len(tasks(platform("migration", preview=False))) == 2


@pytest.mark.usefixtures("endless")
def test_a_task_at_deployment_that_runs_already_is_waited_for_and_stopped_in_time(
    deploy: Callable[..., Call], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = deploy("migrate", "migration", "run")
    job = json.loads((tmp_path / "job.json").read_text())
    (tmp_path / "job.json").write_text(json.dumps({**job, "timeout": 0.5}))
    request = json.loads(os.environ["RUN_TASK"])
    ecs = boto3.client("ecs")
    own = run_once.Run(request, again="", **job).started_by
    (before,) = ecs.run_task(**{**request, "startedBy": own})["tasks"]
    monkeypatch.setattr(run_once, "POLL", 0.2)
    with pytest.raises(run_once.RunFailedError, match=r"had not ended after 0\.5 seconds"):
        handle({}, Context())
    found = {
        status: ecs.list_tasks(cluster=request["cluster"], desiredStatus=status)["taskArns"]
        for status in ("RUNNING", "STOPPED")
    }
    assert found == {"RUNNING": [], "STOPPED": [before["taskArn"]]}


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_every_request_that_a_function_makes_has_parameters_of_run_task(stack: str) -> None:
    ecs = botocore.session.get_session().get_service_model("ecs")
    shape = ecs.operation_model("RunTask").input_shape
    for function in platform(stack, preview=False).of(FUNCTION):
        variables = function.inputs["environment"]["variables"]
        if "RUN_TASK" in variables:
            asked = {**json.loads(variables["RUN_TASK"]), "clientToken": "t"}
            report = ParamValidator().validate(asked, shape)
            assert not report.has_errors(), report.generate_report()
        assert sum(len(f"{key}{value}") for key, value in variables.items()) < 4096


def test_every_runtime_is_one_that_lambda_has() -> None:
    model = botocore.session.get_session().get_service_model("lambda")
    functions = platform(STACK, preview=False).of(FUNCTION)
    assert functions
    assert {each.inputs["runtime"] for each in functions} <= set(model.shape_for("Runtime").enum)
