"""Batches of events: what pipes deliver becomes tasks whose variables are the events' fields.

The definitions are those of an example, and run here as Step Functions would run them: their
JSONata on SQS messages in the form that EventBridge Pipes gives its targets (its user guide,
"Amazon Simple Queue Service as a source").
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import botocore.session  # type: ignore[import-untyped]  # publishes no types
import pytest
from botocore.validate import (  # type: ignore[import-untyped]  # publishes no types
    ParamValidator,
)

from components.jobs.event_arrays import OVERRIDES_LIMIT, environment_overrides, tasks_of_batch
from components.jobs.task_states import task_states
from components.settings import JobSettings
from components.settings.event import EventBatchSettings
from tests.unit.support import programs
from tests.unit.support.jsonata import template
from tests.unit.support.programs import platform
from tests.unit.support.sample_events import OBJECT_CREATED, ORDER_PLACED, Event, new_object

JOB = "import-files"
MACHINE = "aws:sfn/stateMachine:StateMachine"
HOSTILE = [
    'say "hello".csv',
    "it's.csv",
    "C:\\a\\",
    "line\nbreak\r\n\t",
    "{} {0} ${a} <OBJECT_KEY>",
    "{% $states.context.Execution.RoleArn %}",
    "$parse('{}')",
    "ünïcode ☃ 😀 \x00",
    "42",
    "",
    '"}],"Command":["sh","-c","exit"],"Environment":[{"Name":"X","Value":"y',
    '\\"}]}],"TaskRoleArn":"arn:aws:iam::111122223333:role/admin"}',
    '","another-key","',
]
"""Keys of objects that try to be something else."""


def message(event: Event, *, read: bool = False) -> dict[str, Any]:
    """Return the message of an event as a pipe delivers it; `read` if its text is JSON already."""
    text = json.dumps(event)
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return {
        "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
        "receiptHandle": "AQEB" + "x" * 408,
        "body": event if read else text,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1545082649183",
            "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": "1545082649185",
        },
        "messageAttributes": {},
        "md5OfBody": digest,
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:eu-west-1:111122223333:platform-test-{JOB}-events",
        "awsRegion": "eu-west-1",
    }


def definition() -> dict[str, Any]:
    machine = platform("event-batches", preview=False).one(MACHINE, f"{JOB}-state-machine")
    found: dict[str, Any] = json.loads(machine.inputs["definition"])
    return found


def large_order() -> dict[str, Any]:
    """Return the definition of a job with fields of a service's own event."""
    environment = {
        "ORDER_ID": "$.detail.order.id",
        "TAG": "$.detail.tags[1]",
        "TYPE": "$.detail-type",
    }
    batch = {"size": 10, "window": 60}
    event = {"pattern": {"source": ["shop.orders"]}, "environment": environment, "batch": batch}
    settings = programs.section(JobSettings, {"image": programs.IMAGE, "event": event})
    given = environment_overrides("job", "{% $states.input.environment %}")
    return dict(
        task_states(
            settings,
            partition="aws",
            run_task={"Overrides": given},
            list_tasks={},
            tasks=tasks_of_batch("job", environment),
        )
    )


def execution(found: dict[str, Any], messages: Sequence[Any]) -> tuple[list[dict[str, str]], str]:
    """Run an execution whose tasks succeed; return their variables, and the state it ends in."""
    states = found["States"]
    batch = states[found["StartAt"]]
    context = {"Execution": {"Input": list(messages)}}
    run = batch["ItemProcessor"]["States"][batch["ItemProcessor"]["StartAt"]]
    tasks, results = [], []
    for item in template(batch["Items"], {"input": list(messages), "context": context}):
        arguments = template(run["Arguments"], {"input": item, "context": context})
        fixed = {key: value for key, value in run["Arguments"].items() if key != "Overrides"}
        assert {key: value for key, value in arguments.items() if key != "Overrides"} == fixed
        tasks.append(arguments["Overrides"])
        results.append(template(run["Output"], {"input": item, "result": {}, "context": context}))
    output = template(batch["Output"], {"result": results, "context": context})
    choice = states[batch["Next"]]
    (rule,) = choice["Choices"]
    assert rule["Variable"] == "$.leftOut"
    some = output["leftOut"] > rule["NumericGreaterThan"]
    end = states[rule["Next"] if some else choice["Default"]]
    return [variables(task) for task in tasks], end["Type"]


def variables(overrides: Any) -> dict[str, str]:  # noqa: ANN401 - any JSON
    """Return the variables of a task's overrides, which have nothing besides and fit into ECS's."""
    assert set(overrides) == {"ContainerOverrides"}
    (own,) = overrides["ContainerOverrides"]
    assert set(own) == {"Name", "Environment"}
    assert own["Name"] in (JOB, "job")
    assert all(set(pair) == {"Name", "Value"} for pair in own["Environment"])
    assert all(isinstance(pair["Value"], str) for pair in own["Environment"])
    # Escaped or not, in ECS's own spelling.
    assert len(json.dumps(overrides)) <= OVERRIDES_LIMIT
    return {pair["Name"]: pair["Value"] for pair in own["Environment"]}


def read(task: dict[str, str]) -> dict[str, Any]:
    return {name: json.loads(value) for name, value in task.items()}


@pytest.mark.parametrize("as_json", [False, True])
def test_many_objects_are_one_task_whose_variables_are_arrays_in_one_order(
    *, as_json: bool
) -> None:
    events = [new_object("b", key=f"incoming/{at}.csv", size=at) for at in range(20)]
    tasks, end = execution(definition(), [message(event, read=as_json) for event in events])
    (task,) = tasks
    assert read(task) == {
        "OBJECT_BUCKET": ["b"] * 20,
        "OBJECT_KEY": [f"incoming/{at}.csv" for at in range(20)],
        "OBJECT_SIZE": list(range(20)),
    }
    assert end == "Succeed"


def test_one_object_is_an_array_too() -> None:
    (task,), _ = execution(definition(), [message(OBJECT_CREATED)])
    assert read(task) == {
        "OBJECT_BUCKET": ["amzn-s3-demo-bucket1"],
        "OBJECT_KEY": ["example-key"],
        "OBJECT_SIZE": [5],
    }


def test_a_service_s_events_reach_the_container() -> None:
    second = {**ORDER_PLACED, "detail": {"order": {"id": "o-2"}, "tags": ["c", "d"]}}
    (task,), end = execution(large_order(), [message(ORDER_PLACED), message(second)])
    assert read(task) == {
        "ORDER_ID": ["o-1", "o-2"],
        "TAG": ["b", "d"],
        "TYPE": ["Order placed", "Order placed"],
    }
    assert end == "Succeed"


@pytest.mark.parametrize("as_json", [False, True])
def test_keys_arrive_unchanged_and_change_nothing_else(*, as_json: bool) -> None:
    messages = [message(new_object("b", key=key), read=as_json) for key in HOSTILE]
    (task,), end = execution(definition(), messages)
    assert read(task)["OBJECT_KEY"] == HOSTILE
    assert set(task) == {"OBJECT_BUCKET", "OBJECT_KEY", "OBJECT_SIZE"}
    assert end == "Succeed"


@pytest.mark.parametrize("key", ["a" * 1_024, '"' * 1_024, "\x01" * 1_024, "☃" * 341, "é" * 512])
def test_a_batch_that_is_too_long_for_ecs_is_several_tasks_that_lose_nothing(key: str) -> None:
    """Whatever the longest keys are of, variables() holds each task to ECS's limit."""
    events = [new_object("b" * 63, key=key, size=at) for at in range(100)]
    tasks, end = execution(definition(), [message(event) for event in events])
    assert len(tasks) > 1
    sizes = [read(task)["OBJECT_SIZE"] for task in tasks]
    assert [size for task in sizes for size in task] == list(range(100))
    assert [read(task)["OBJECT_KEY"] for task in tasks] == [[key] * len(task) for task in sizes]
    assert end == "Succeed"


def test_tasks_are_filled_before_another_one_is_taken() -> None:
    events = [new_object("b", key="a" * 500, size=at) for at in range(45)]
    tasks, _ = execution(definition(), [message(event) for event in events])
    assert [len(read(task)["OBJECT_SIZE"]) for task in tasks] == [15, 15, 15]


def test_the_tasks_of_a_batch_run_one_after_another() -> None:
    batch = definition()["States"]["Batch"]
    assert batch["MaxConcurrency"] == 1
    run = batch["ItemProcessor"]["States"]["Run"]
    assert not {"Catch"} & {*run, *batch}, "the first that fails ends the execution"


@pytest.mark.parametrize(
    "order",
    [
        {"total": 1},
        {"order": {"id": None}, "tags": ["a", "b"]},
        {"order": {"id": ["o-1"]}, "tags": ["a", "b"]},
        {"order": [{"id": "o-1"}], "tags": ["a", "b"]},
        {"order": {"id": "o-1"}, "tags": ["a"]},
        {"order": {"id": "o-1"}, "tags": "ab"},
        {"order": {"id": 10**15}, "tags": ["a", "b"]},
        {"order": {"id": "x" * 9_000}, "tags": ["a", "b"]},
    ],
)
def test_an_event_without_a_field_fails_the_execution_when_the_others_are_done(
    order: dict[str, Any],
) -> None:
    bad = message({**ORDER_PLACED, "detail": order})
    tasks, end = execution(large_order(), [message(ORDER_PLACED), bad, message(ORDER_PLACED)])
    assert [read(task)["ORDER_ID"] for task in tasks] == [["o-1", "o-1"]]
    assert end == "Fail"
    assert execution(large_order(), [bad]) == ([], "Fail")


def test_what_an_execution_is_started_with_fits_with_as_many_events_as_a_batch_may_have() -> None:
    """Step Functions takes 262144 bytes; the setting's docstring promises 1,500 for each event."""
    largest = EventBatchSettings(size=100, window=300).size
    event = {**ORDER_PLACED, "detail": {f"field-{at}": "x" * 24 for at in range(31)}}
    assert 1_450 <= len(json.dumps(event)) <= 1_500
    assert len(json.dumps([message(event)] * largest)) <= 262_144
    key = new_object("b" * 63, key="x" * 512)
    assert len(json.dumps([message(key)] * largest)) <= 262_144


def test_a_queue_is_filled_by_its_job_s_rule_on_whichever_bus() -> None:
    run = platform("event-batches", preview=False)
    place = "arn:aws:events:eu-west-1:111122223333:rule"
    sources = {
        f"{job}-{queue}": [
            statement["Condition"]["ArnEquals"]["aws:SourceArn"]
            for statement in json.loads(run.named(f"{job}-{queue}-policy").inputs["policy"])[
                "Statement"
            ]
            if statement["Effect"] == "Allow"
        ]
        for job in (JOB, "refresh-stock")
        for queue in ("events", "undelivered")
    }
    on_default, on_shop = (
        [f"{place}/platform-test-{JOB}"],
        [f"{place}/platform-test-shop/platform-test-refresh-stock"],
    )
    assert sources == {
        f"{JOB}-events": on_default,
        f"{JOB}-undelivered": on_default,
        "refresh-stock-events": on_shop,
        "refresh-stock-undelivered": on_shop,
    }


def test_every_pipe_is_one_that_aws_s_model_takes() -> None:
    create = botocore.session.get_session().get_service_model("pipes").operation_model("CreatePipe")
    pipes = platform("event-batches", preview=False).of("aws:pipes/pipe:Pipe")
    assert len(pipes) == 2
    for pipe in pipes:
        report = ParamValidator().validate(capitals(pipe.inputs), create.input_shape)
        assert not report.has_errors(), report.generate_report()


def capitals(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return inputs as the API of pipes names them: with a capital letter."""
    if not isinstance(value, Mapping):
        return value
    return {key[0].upper() + key[1:]: capitals(inner) for key, inner in value.items()}
