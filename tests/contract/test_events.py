"""Event patterns match the events that AWS documents, and tasks get of them what they ask for."""

import json
from typing import Any

import boto3  # type: ignore[import-untyped]  # publishes no types
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID

from components.jobs.task_states import overrides
from components.settings import EventSettings, ObjectsSettings
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.engine import Recorder, Registration
from tests.unit.support.events import matches
from tests.unit.support.payload import PathError, payload
from tests.unit.support.programs import platform, section
from tests.unit.support.sample_events import (
    OBJECT_CREATED,
    ORDER_PLACED,
    TASK_STOPPED,
    Event,
    new_object,
)

RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"


def variables(run: Recorder, job: str, event: Event) -> dict[str, str]:
    """Return what a job's own container gets of an event that EventBridge hands on as it is."""
    given = run.one(TARGET, f"{job}-target").inputs
    assert not {"input", "inputPath", "inputTransformer"} & set(given)
    machine = run.one(STATE_MACHINE, f"{job}-state-machine")
    assert given["arn"].endswith(f":stateMachine:{machine.inputs['name']}")
    template = json.loads(machine.inputs["definition"])["States"]["Run"]["Parameters"]
    fixed = {key: value for key, value in template.items() if key != "Overrides"}
    parameters = payload(template, {"Execution": {"Input": event}})
    assert {key: value for key, value in parameters.items() if key != "Overrides"} == fixed
    return environment(parameters["Overrides"], job)


def environment(found: Any, container: str) -> dict[str, str]:  # noqa: ANN401 - any JSON
    """Return the variables of a task's overrides, which have nothing besides."""
    assert set(found) == {"ContainerOverrides"}
    (own,) = found["ContainerOverrides"]
    assert set(own) == {"Name", "Environment"}
    assert own["Name"] == container
    assert all(set(pair) == {"Name", "Value"} for pair in own["Environment"])
    assert all(isinstance(pair["Value"], str) for pair in own["Environment"])
    return {pair["Name"]: pair["Value"] for pair in own["Environment"]}


@pytest.fixture(scope="module")
def run() -> Recorder:
    return platform("jobs", preview=False)


def pattern(run: Recorder, job: str) -> str:
    return str(run.one(RULE, f"{job}-rule").inputs["eventPattern"])


def bucket(run: Recorder) -> str:
    return str(run.one("aws:s3/bucket:Bucket", "uploads-bucket").inputs["bucket"])


@pytest.mark.parametrize(
    ("key", "starts"),
    [
        ("incoming/orders.csv", True),
        ("incoming/2026/orders.csv", True),
        ("incoming/.csv", True),
        ("incoming/orders.json", False),
        ("done/incoming/orders.csv", False),
        ("incoming.csv", False),
    ],
)
def test_an_object_starts_the_job_by_both_ends_of_its_key(
    run: Recorder, key: str, *, starts: bool
) -> None:
    event = new_object(bucket(run), key=key)
    assert matches(pattern(run, "read-upload"), event) is starts


def test_an_object_in_another_bucket_and_another_event_of_the_bucket_start_nothing(
    run: Recorder,
) -> None:
    event = new_object(bucket(run), key="incoming/a.csv")
    assert not matches(
        pattern(run, "read-upload"), new_object("amzn-s3-demo-bucket1", key="incoming/a.csv")
    )
    assert not matches(pattern(run, "read-upload"), {**event, "detail-type": "Object Deleted"})
    assert not matches(pattern(run, "read-upload"), {**event, "source": "shop.orders"})


@pytest.mark.parametrize(
    ("given", "key", "starts"),
    [
        ({}, "anything", True),
        ({"prefix": "in/"}, "in/a", True),
        ({"prefix": "in/"}, "out/in/a", False),
        ({"suffix": ".csv"}, "a.csv", True),
        ({"suffix": ".csv"}, "a.csv.gz", False),
        ({"prefix": "in*/", "suffix": ".csv"}, "in*/a.csv", True),
        ({"prefix": "in*/", "suffix": ".csv"}, "inside/a.csv", False),
    ],
)
def test_prefix_and_suffix_mean_themselves(
    given: dict[str, str], key: str, *, starts: bool
) -> None:
    objects = section(ObjectsSettings, {"bucket": "uploads", **given})
    found = json.dumps(objects.pattern_of("uploads-1"))
    assert matches(found, new_object("uploads-1", key=key)) is starts


def test_a_new_object_reaches_the_container(run: Recorder) -> None:
    assert variables(run, "read-upload", OBJECT_CREATED) == {
        "OBJECT_BUCKET": "amzn-s3-demo-bucket1",
        "OBJECT_KEY": "example-key",
        "OBJECT_SIZE": "5",
    }


def test_an_object_in_a_bucket_without_versions_reaches_it_too(run: Recorder) -> None:
    event = new_object("b")
    del event["detail"]["object"]["version-id"]
    assert variables(run, "read-upload", event)["OBJECT_BUCKET"] == "b"


@pytest.mark.parametrize(
    "key",
    [
        'say "hello".csv',
        "it's.csv",
        "C:\\a\\",
        "line\nbreak\r\n\t",
        "{} {0} ${a} <OBJECT_KEY>",
        "$$.Execution.Input.detail.bucket.name",
        "States.Format('{}', $.a)",
        "ünïcode ☃ \x00",
        "42",
        '"}],"Command":["sh","-c","exit"],"Environment":[{"Name":"X","Value":"y',
        '\\"}]}],"TaskRoleArn":"arn:aws:iam::111122223333:role/admin"}',
    ],
)
def test_a_key_arrives_unchanged_and_changes_nothing_else(run: Recorder, key: str) -> None:
    plain = variables(run, "read-upload", new_object("b", key="plain"))
    found = variables(run, "read-upload", new_object("b", key=key))
    assert found == {**plain, "OBJECT_KEY": key}


@pytest.mark.parametrize(
    ("total", "starts"), [(120.5, True), (100, False), (100.01, True), ("120", False)]
)
def test_a_service_s_event_starts_the_job_by_its_fields(
    run: Recorder, total: object, *, starts: bool
) -> None:
    event = {**ORDER_PLACED, "detail": {**ORDER_PLACED["detail"], "total": total}}
    assert matches(pattern(run, "large-order"), event) is starts
    assert not matches(pattern(run, "large-order"), OBJECT_CREATED)


def test_an_event_s_fields_reach_the_container(run: Recorder) -> None:
    assert variables(run, "large-order", ORDER_PLACED) == {"ORDER_ID": "o-1", "TOTAL": "120.5"}


def test_a_field_that_an_event_lacks_fails_the_execution(run: Recorder) -> None:
    with pytest.raises(PathError):
        variables(run, "large-order", {**ORDER_PLACED, "detail": {"total": 120.5}})


@pytest.mark.parametrize(
    ("path", "event", "text"),
    [
        ("$.detail.order.gift", ORDER_PLACED, "true"),
        ("$.detail.total", ORDER_PLACED, "120.5"),
        ("$.detail.tags[1]", ORDER_PLACED, "b"),
        ("$.detail-type", ORDER_PLACED, "Order placed"),
        ("$.resources[0]", OBJECT_CREATED, "arn:aws:s3:::amzn-s3-demo-bucket1"),
        ("$.detail.object.version-id", OBJECT_CREATED, "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e"),
        ("$.detail.containers[0].exitCode", TASK_STOPPED, "1"),
    ],
)
def test_a_path_leads_to_one_field_whose_text_a_variable_holds(
    path: str, event: Event, text: str
) -> None:
    settings = {"pattern": {"source": ["shop.orders"]}, "environment": {"V": path}}
    template = overrides("job", section(EventSettings, settings).variables)
    assert environment(payload(template, {"Execution": {"Input": event}}), "job") == {"V": text}


@pytest.mark.parametrize(
    ("detail", "starts"),
    [
        ({"lastStatus": ["STOPPED"], "stopCode": ["EssentialContainerExited"]}, True),
        ({"lastStatus": ["STOPPED"], "group": [{"prefix": "family:"}]}, True),
        ({"$or": [{"stopCode": ["TaskFailedToStart"]}, {"group": [{"prefix": "f"}]}]}, True),
        ({"version": [{"numeric": [">=", 4, "<", 5]}]}, True),
        ({"stoppedReason": [{"anything-but": {"prefix": "Essential"}}]}, False),
        ({"lastStatus": ["RUNNING"]}, False),
        ({"stoppedAt": [{"exists": True}]}, False),
    ],
)
def test_a_task_s_end_starts_the_jobs_that_ask_for_it(
    detail: dict[str, object], *, starts: bool
) -> None:
    wanted = {"source": ["aws.ecs"], "detail-type": ["ECS Task State Change"], "detail": detail}
    settings = section(EventSettings, {"pattern": wanted})
    assert matches(settings.pattern_json, TASK_STOPPED) is starts


@pytest.mark.parametrize("stack", ["jobs", "event-batches"])
def test_every_rule_and_target_is_accepted(stack: str) -> None:
    run = platform(stack, preview=False)
    events = boto3.client("events")
    for bus in run.of("aws:cloudwatch/eventBus:EventBus"):
        events.create_event_bus(Name=bus.inputs["name"])
    jobs = run.of("fargate:jobs:EventTask")
    assert jobs
    for rule in [run.one(RULE, f"{job.name}-rule") for job in jobs]:
        given = rule.inputs
        made = events.put_rule(
            Name=given["name"],
            EventBusName=given["eventBusName"],
            EventPattern=given["eventPattern"],
            State=given["state"],
            Description=given["description"],
        )
        (target,) = [found for found in run.of(TARGET) if rule.urn in found.sources["rule"]]
        answer = events.put_targets(
            Rule=target.inputs["rule"],
            EventBusName=target.inputs["eventBusName"],
            Targets=[as_api(target.inputs)],
        )
        assert answer["FailedEntryCount"] == 0
        made_here = made["RuleArn"].replace(DEFAULT_ACCOUNT_ID, ENVIRONMENT.account)
        to_queue = ":sqs:" in target.inputs["arn"]
        assert trusted_sources(run, target) == ([] if to_queue else [made_here])
        assert admitted_sources(run, target) == [made_here]


def as_api(given: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Return a target as the provider sends it to EventBridge."""
    retries, ecs = given["retryPolicy"], given.get("ecsTarget")
    return {
        "Id": given["targetId"],
        "Arn": given["arn"],
        **({"RoleArn": given["roleArn"]} if "roleArn" in given else {}),
        **({"EcsParameters": ecs_parameters(ecs)} if ecs else {}),
        "RetryPolicy": {
            "MaximumRetryAttempts": retries["maximumRetryAttempts"],
            "MaximumEventAgeInSeconds": retries["maximumEventAgeInSeconds"],
        },
        "DeadLetterConfig": {"Arn": given["deadLetterConfig"]["arn"]},
    }


def ecs_parameters(ecs: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    network = ecs["networkConfiguration"]
    return {
        "TaskDefinitionArn": ecs["taskDefinitionArn"],
        "TaskCount": ecs["taskCount"],
        "CapacityProviderStrategy": ecs["capacityProviderStrategies"],
        "NetworkConfiguration": {
            "awsvpcConfiguration": {
                "Subnets": network["subnets"],
                "SecurityGroups": network["securityGroups"],
                "AssignPublicIp": "ENABLED" if network["assignPublicIp"] else "DISABLED",
            }
        },
        "EnableECSManagedTags": ecs["enableEcsManagedTags"],
        "EnableExecuteCommand": ecs["enableExecuteCommand"],
        "PropagateTags": ecs["propagateTags"],
    }


def trusted_sources(run: Recorder, target: Registration) -> list[str]:
    """Return for whom EventBridge may take a target's role; a queue admits it without one."""
    if "roleArn" not in target.inputs:
        return []
    (role,) = [
        found
        for found in run.of("aws:iam/role:Role")
        if target.inputs["roleArn"].endswith(f"/{found.inputs['name']}")
    ]
    (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    return [statement["Condition"]["ArnLike"]["aws:SourceArn"]]


def admitted_sources(run: Recorder, target: Registration) -> list[str]:
    """Return for whom EventBridge may send to a target's dead-letter queue."""
    job = target.name.removesuffix("-target")
    policy = run.one("aws:sqs/queuePolicy:QueuePolicy", f"{job}-undelivered-policy")
    return [
        statement["Condition"]["ArnEquals"]["aws:SourceArn"]
        for statement in json.loads(policy.inputs["policy"])["Statement"]
        if statement["Effect"] == "Allow"
    ]
