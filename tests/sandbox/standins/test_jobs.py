"""What jobs are made of: schedules, targets, revisions of job definitions, compute environments."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.standins.wire import UNKNOWN, has_unknown
from tests.sandbox.standins.cases import batch, event_rules, lambda_functions, scheduler
from tests.sandbox.standins.conftest import AbortedError

if TYPE_CHECKING:
    from sandbox.standins.record import Record
    from tests.sandbox.standins.conftest import Client

TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"


def urn(type_: str, name: str = "it") -> str:
    return f"urn:pulumi:dev::platform::{type_}::{name}"


def replaced(aws: Client, type_: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return list(aws.diff(urn(type_), old, new).replaces)


@pytest.mark.parametrize("inputs", scheduler.ACCEPTED)
def test_every_form_of_schedule_that_aws_accepts_is_accepted(
    inputs: dict[str, Any], aws: Client
) -> None:
    assert aws.check(urn(scheduler.SCHEDULE), inputs)[1] == []


def test_what_a_preview_cannot_know_is_not_judged(aws: Client) -> None:
    task = {**scheduler.TASK, "taskDefinitionArn": UNKNOWN, "networkConfiguration": UNKNOWN}
    target = {"arn": UNKNOWN, "roleArn": UNKNOWN, "ecsParameters": task, "input": UNKNOWN}
    schedule = {**scheduler.NIGHTLY, "scheduleExpression": UNKNOWN, "target": target}
    assert aws.check(urn(scheduler.SCHEDULE), schedule)[1] == []
    job = {**batch.REPORTS, "containerProperties": f'{{"image":"{UNKNOWN}"'}
    assert aws.check(urn(batch.JOB), job)[1] == []
    resources = {**batch.RESOURCES, "subnets": UNKNOWN, "securityGroupIds": UNKNOWN}
    environment = {**batch.MANAGED, "computeResources": resources}
    assert aws.check(urn(batch.ENVIRONMENT), environment)[1] == []


def test_a_rule_on_the_default_bus_is_named_without_it(aws: Client) -> None:
    given = {"name": "failed", "eventPattern": '{"source":["aws.ecs"]}'}
    id_, state, _ = aws.deploy(urn(event_rules.RULE), **given)
    assert id_ == "failed"
    assert state["arn"].endswith(":rule/failed")


def test_a_rule_takes_five_targets_and_no_sixth(aws: Client) -> None:
    def target(number: int, rule: str = "orders") -> dict[str, Any]:
        return {**event_rules.RUN, "rule": rule, "targetId": f"t{number}"}

    for number in range(5):
        aws.deploy(urn(event_rules.TARGET, f"t{number}"), **target(number))
    with pytest.raises(AbortedError, match=r"LimitExceededException.*has 5 already"):
        aws.deploy(urn(event_rules.TARGET, "t5"), **target(5))
    aws.deploy(urn(event_rules.TARGET, "other"), **target(5, rule="returns"))


def test_a_target_without_an_id_gets_one_at_its_creation(aws: Client) -> None:
    given = {"rule": "failed", "arn": "arn:aws:sns:us-east-1:123456789012:alarms"}
    inputs, _ = aws.check(urn(event_rules.TARGET), given)
    assert aws.create(urn(event_rules.TARGET), inputs, preview=True)[1]["targetId"] == UNKNOWN
    ids = [aws.create(urn(event_rules.TARGET, name), inputs) for name in ("a", "b")]
    made_up = [state["targetId"] for _, state in ids]
    assert [id_ for id_, _ in ids] == [f"failed-{target}" for target in made_up]
    assert made_up[0] != made_up[1]
    assert re.fullmatch(r"terraform-\d{8}[0-9a-f]{18}", made_up[0])


def test_another_form_of_a_job_is_another_revision_in_place(aws: Client, record: Record) -> None:
    type_ = urn(batch.JOB)
    id_, state, inputs = aws.deploy(type_, **batch.REPORTS)
    longer = {**inputs, "timeout": {"attemptDurationSeconds": 7200}}
    assert list(aws.diff(type_, inputs, longer).replaces) == []
    preview = aws.update(type_, id_, state, longer, preview=True)
    assert (preview["arn"], preview["revision"]) == (UNKNOWN, UNKNOWN)
    assert preview["arnPrefix"] == state["arnPrefix"]
    second = aws.update(type_, id_, state, longer)
    assert second["revision"] == 2
    assert second["arn"] == f"{state['arnPrefix']}:2"
    aws.delete(type_, id_, second)
    assert record.entries() == []


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        (batch.JOB, batch.REPORTS),
        (
            TASK_DEFINITION,
            {
                "family": "web",
                "cpu": "256",
                "memory": "512",
                "networkMode": "awsvpc",
                "requiresCompatibilities": ["FARGATE"],
                "containerDefinitions": json.dumps([{"name": "web", "image": "nginx"}]),
            },
        ),
    ],
)
def test_other_tags_make_no_revision(
    type_: str, given: dict[str, Any], aws: Client, record: Record
) -> None:
    id_, state, inputs = aws.deploy(urn(type_), **given)
    tagged = {**inputs, "tags": {"team": "shop"}}
    assert not has_unknown(aws.update(urn(type_), id_, state, tagged, preview=True))
    updated = aws.update(urn(type_), id_, state, tagged)
    assert (updated["arn"], updated["revision"]) == (state["arn"], 1)
    aws.delete(urn(type_), id_, updated)
    assert record.entries() == []


@pytest.mark.parametrize(
    ("resources", "change", "expected"),
    [
        (batch.RESOURCES, {"maxVcpus": 32}, []),
        (batch.RESOURCES, {"type": "FARGATE"}, []),
        (batch.RESOURCES, {"subnets": ["subnet-2"]}, []),
        (batch.RESOURCES, {"securityGroupIds": ["sg-2"]}, []),
        ({**batch.RESOURCES, "type": "EC2"}, {"subnets": ["subnet-2"]}, ["computeResources"]),
        (
            {**batch.RESOURCES, "type": "EC2", "allocationStrategy": "BEST_FIT_PROGRESSIVE"},
            {"subnets": ["subnet-2"]},
            [],
        ),
        (
            {**batch.RESOURCES, "type": "EC2"},
            {"instanceTypes": ["m7g.large"]},
            ["computeResources"],
        ),
        ({**batch.RESOURCES, "type": "EC2"}, {"placementGroup": "a"}, ["computeResources"]),
    ],
)
def test_a_compute_environment_on_fargate_moves_to_other_subnets_in_place(
    resources: dict[str, Any], change: dict[str, Any], expected: list[str], aws: Client
) -> None:
    old = {**batch.MANAGED, "computeResources": resources}
    new = {**batch.MANAGED, "computeResources": {**resources, **change}}
    assert replaced(aws, batch.ENVIRONMENT, old, new) == expected


REPLACED = [
    (batch.JOB, batch.REPORTS, {"retryStrategy": {"attempts": 3}}, ["retryStrategy"]),
    (batch.JOB, batch.REPORTS, {"timeout": {"attemptDurationSeconds": 60}}, []),
    (batch.QUEUE, batch.URGENT, {"priority": 1}, []),
    (scheduler.SCHEDULE, scheduler.NIGHTLY, {"groupName": "other"}, ["groupName"]),
    (scheduler.SCHEDULE, scheduler.NIGHTLY, {"scheduleExpression": "rate(1 hours)"}, []),
    (event_rules.RULE, event_rules.ORDERS, {"eventBusName": "other"}, ["eventBusName"]),
    (event_rules.RULE, event_rules.ORDERS, {"eventPattern": "{}"}, []),
    (event_rules.TARGET, event_rules.RUN, {"targetId": "other"}, ["targetId"]),
    (event_rules.TARGET, event_rules.RUN, {"arn": "arn:other"}, []),
    (
        lambda_functions.FUNCTION,
        lambda_functions.START,
        {"packageType": "Image"},
        ["packageType"],
    ),
    (
        lambda_functions.FUNCTION,
        lambda_functions.START,
        {"durableConfig": {"executionTimeout": 60}},
        ["durableConfig"],
    ),
    (lambda_functions.FUNCTION, lambda_functions.START, {"runtime": "python3.14"}, []),
    (
        lambda_functions.PERMISSION,
        lambda_functions.ALLOW,
        {"principal": "s3.amazonaws.com"},
        ["principal"],
    ),
    (lambda_functions.MAPPING, lambda_functions.READ, {"batchSize": 5}, []),
    (
        lambda_functions.INVOCATION,
        lambda_functions.RUN,
        {"triggers": {"taskDefinition": "report:2"}},
        ["triggers"],
    ),
    (lambda_functions.INVOCATION, lambda_functions.RUN, {"input": '{"a":1}'}, ["input"]),
    (
        lambda_functions.INVOCATION,
        {**lambda_functions.RUN, "lifecycleScope": "CRUD"},
        {"input": '{"a":1}'},
        [],
    ),
]


@pytest.mark.parametrize(("type_", "old", "change", "expected"), REPLACED)
def test_a_part_of_a_job_is_replaced_for_what_the_provider_says_and_nothing_else(
    type_: str, old: dict[str, Any], change: dict[str, Any], expected: list[str], aws: Client
) -> None:
    assert replaced(aws, type_, old, {**old, **change}) == expected


def test_a_queue_invokes_a_function_once(aws: Client) -> None:
    aws.deploy(urn(lambda_functions.MAPPING, "a"), **lambda_functions.READ)
    with pytest.raises(AbortedError, match="ResourceConflictException"):
        aws.deploy(urn(lambda_functions.MAPPING, "b"), **lambda_functions.READ)


def test_a_permission_is_named_after_its_resource(aws: Client) -> None:
    given = {k: v for k, v in lambda_functions.ALLOW.items() if k != "statementId"}
    assert re.fullmatch(
        "it-[0-9a-f]{7}", aws.check(urn(lambda_functions.PERMISSION), given)[0]["statementId"]
    )
