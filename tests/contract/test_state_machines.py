"""Every state machine of every stack file is sound Amazon States Language, as far as is known.

Whether Step Functions takes a definition is known to Step Functions alone: here are the rules of
the language (https://states-language.net) that these definitions touch, and the names of AWS's own
API models.
"""

import json
from collections.abc import Iterator
from typing import Any

import boto3  # type: ignore[import-untyped]  # publishes no types
import botocore.session  # type: ignore[import-untyped]  # publishes no types
import pytest
from botocore.validate import (  # type: ignore[import-untyped]  # publishes no types
    ParamValidator,
)
from moto.core.models import DEFAULT_ACCOUNT_ID

from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.engine import Registration
from tests.unit.support.programs import EVERY_STACK, platform

FIELDS = {
    "Task": {"Resource", "Parameters", "ResultSelector", "Retry", "TimeoutSeconds", "Next", "End"},
    "Choice": {"Choices", "Default"},
    "Succeed": set(),
    "Fail": {"Error", "Cause"},
}
"""Fields that a state of each type has here, besides Type and Comment."""
IN_JSONATA = {
    "Task": {"Resource", "Arguments", "Output", "Retry", "TimeoutSeconds", "Next", "End"},
    "Map": {"Items", "ItemProcessor", "MaxConcurrency", "Output", "Next", "End"},
}
"""Those of a state whose query language is JSONata, besides that and the two."""

RUN_TASK = {
    "CapacityProviderStrategy",
    "Cluster",
    "EnableExecuteCommand",
    "Group",
    "LaunchType",
    "NetworkConfiguration",
    "Overrides",
    "PlacementConstraints",
    "PlacementStrategy",
    "PlatformVersion",
    "PropagateTags",
    "TaskDefinition",
}
"""Parameters of RunTask that the optimized integration takes: those that its guide lists, and the
two of later, which aws-cdk's EcsRunTask gives it."""


def problems(definition: dict[str, Any]) -> Iterator[str]:
    """Yield what Step Functions would reject."""
    states = definition["States"]
    if definition["StartAt"] not in states:
        yield f"StartAt: no state {definition['StartAt']}"
    nexts = {name: list(_nexts(state)) for name, state in states.items()}
    for name, state in states.items():
        yield from (f"{name}: {found}" for found in _state_problems(state))
        yield from (
            f"{name}: no state {following}" for following in nexts[name] if following not in states
        )
    reached, waiting = set[str](), [definition["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += nexts.get(name, [])
    yield from (f"{name}: is never reached" for name in sorted(set(states) - reached))


def _nexts(state: dict[str, Any]) -> Iterator[str]:
    yield from (state[key] for key in ("Next", "Default") if key in state)
    yield from (choice["Next"] for choice in state.get("Choices", []))


def _state_problems(state: dict[str, Any]) -> Iterator[str]:
    fields = IN_JSONATA if state.get("QueryLanguage") == "JSONata" else FIELDS
    unknown = set(state) - fields[state["Type"]] - {"Type", "Comment", "QueryLanguage"}
    if unknown:
        yield f"unknown field {unknown.pop()}"
    if state["Type"] not in ("Task", "Map"):
        return
    if ("Next" in state) == (state.get("End") is True):
        yield "needs one of Next and End"
    if state["Type"] == "Map":
        yield from problems(state["ItemProcessor"])
    yield from _run_problems(state)


def _run_problems(state: dict[str, Any]) -> Iterator[str]:
    for retrier in state.get("Retry", []):
        if not retrier["ErrorEquals"] or not 0 <= retrier["MaxAttempts"] <= 99_999_999:
            yield "a retrier needs errors, and attempts from 0 to 99999999"
        if retrier["IntervalSeconds"] < 1 or retrier["BackoffRate"] < 1:
            yield "a pause is a second at least, and never gets shorter"
        if retrier.get("MaxDelaySeconds", 31_622_400) <= retrier["IntervalSeconds"]:
            yield "MaxDelaySeconds must be more than IntervalSeconds"
    if not 1 <= state.get("TimeoutSeconds", 1) <= 99_999_999:
        yield "TimeoutSeconds must be 1 to 99999999"


def state_machines(stack: str) -> list[Registration]:
    return platform(stack, preview=False).of("aws:sfn/stateMachine:StateMachine")


def tasks(stack: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the action and the parameters of each call of a stack's state machines."""
    for machine in state_machines(stack):
        for state in states(json.loads(machine.inputs["definition"])):
            if state["Type"] == "Task":
                parameters = state["Arguments" if "Arguments" in state else "Parameters"]
                yield state["Resource"].split(":states:::")[1], parameters


def states(definition: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the states of a definition, and those that Map states run."""
    for state in definition["States"].values():
        yield state
        if state["Type"] == "Map":
            yield from states(state["ItemProcessor"])


def camel(value: object) -> Any:  # noqa: ANN401 - any JSON
    """Return parameters as ECS's API names them: with a small first letter.

    What a path or States.Format becomes when the state runs is a text, as the expression is; what
    JSONata's becomes has a test of its own (test_event_batches.py).
    """
    if isinstance(value, str) and value.startswith("{%"):
        return []
    if isinstance(value, dict):
        return {
            key[0].lower() + key[1:].removesuffix(".$"): camel(inner)
            for key, inner in value.items()
        }
    return [camel(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_every_definition_keeps_the_rules_of_the_language(stack: str) -> None:
    for machine in state_machines(stack):
        assert list(problems(json.loads(machine.inputs["definition"]))) == []


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_every_call_has_parameters_of_its_action_and_integration(stack: str) -> None:
    session = botocore.session.get_session()
    actions = {
        "ecs:runTask.sync": ("ecs", "RunTask"),
        "aws-sdk:ecs:listTasks": ("ecs", "ListTasks"),
        "aws-sdk:batch:submitJob": ("batch", "SubmitJob"),
    }
    for integration, parameters in tasks(stack):
        service, action = actions[integration]
        shape = session.get_service_model(service).operation_model(action).input_shape
        report = ParamValidator().validate(camel(parameters), shape)
        assert not report.has_errors(), report.generate_report()
        assert integration != "ecs:runTask.sync" or set(parameters) <= RUN_TASK


@pytest.mark.parametrize("stack", EVERY_STACK)
def test_every_state_machine_is_created_and_is_the_one_that_its_role_trusts(stack: str) -> None:
    client = boto3.client("stepfunctions")
    for machine in state_machines(stack):
        created = client.create_state_machine(
            **{key: machine.inputs[key] for key in ("name", "type", "definition", "roleArn")}
        )
        arn = created["stateMachineArn"].replace(
            f":{DEFAULT_ACCOUNT_ID}:", f":{ENVIRONMENT.account}:"
        )
        (role,) = [
            found
            for found in platform(stack, preview=False).of("aws:iam/role:Role")
            if machine.inputs["roleArn"].endswith(f"/{found.inputs['name']}")
        ]
        (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        assert statement["Condition"]["ArnLike"] == {"aws:SourceArn": arn}


def test_an_example_has_state_machines_to_judge() -> None:
    assert {name for name, _ in tasks("jobs")} == {"ecs:runTask.sync", "aws-sdk:ecs:listTasks"}
    assert {name for name, _ in tasks("batch")} == {"aws-sdk:batch:submitJob"}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"Type": "Task", "Next": "Nowhere"}, "A: no state Nowhere"),
        ({"Type": "Task"}, "A: needs one of Next and End"),
        ({"Type": "Task", "End": True, "Catches": []}, "A: unknown field Catches"),
        (
            {"Type": "Task", "End": True, "TimeoutSeconds": 0},
            "A: TimeoutSeconds must be 1 to 99999999",
        ),
    ],
)
def test_a_definition_against_the_rules_is_refused(state: dict[str, Any], said: str) -> None:
    end = {"Type": "Succeed"}
    assert list(problems({"StartAt": "A", "States": {"A": state}})) == [said]
    assert list(problems({"StartAt": "A", "States": {"A": end, "B": end}})) == [
        "B: is never reached"
    ]
