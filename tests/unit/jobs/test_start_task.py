"""The function that starts a job: what it does with a batch of messages, and with a request."""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from components.jobs.functions.launch import BusyError, NoRoomError, RefusedError
from components.jobs.functions.message import UnusableError
from components.jobs.functions.start_task import (
    Job,
    execution_input,
    is_batch,
    start_for_messages,
    start_for_request,
)
from tests.unit.support.functions import FUNCTION, unpack
from tests.unit.support.programs import platform


class Recorded:
    """What was started, with which variables and token."""

    def __init__(self, fails: Mapping[str, Exception] | None = None) -> None:
        self.fails = fails or {}
        self.started: list[tuple[Mapping[str, str], str]] = []

    def start(self, given: Mapping[str, str], token: str) -> str:
        if token in self.fails:
            raise self.fails[token]
        self.started.append((given, token))
        return f"arn of {token}"


def job(recorded: Recorded, **given: Any) -> Job:  # noqa: ANN401 - any of Job's
    return Job(recorded.start, {"ID": "$.id"}, ["ID"], **given)


def record(identifier: str, body: object, delivery: int = 1) -> dict[str, Any]:
    return {
        "messageId": identifier,
        "eventSource": "aws:sqs",
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {"ApproximateReceiveCount": str(delivery)},
    }


def failed(*identifiers: str) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": each} for each in identifiers]}


def test_each_message_starts_the_job_with_its_own_id_as_token() -> None:
    recorded = Recorded()
    records = [record("m-1", {"id": 1}), record("m-2", {"id": 2})]
    assert start_for_messages(job(recorded), records) == failed()
    assert recorded.started == [({"ID": "1"}, "m-1"), ({"ID": "2"}, "m-2")]


def test_a_message_that_fails_goes_back_and_the_others_do_not() -> None:
    fails = {"busy": BusyError("no room"), "denied": RefusedError("RunTask was refused")}
    recorded = Recorded(fails)
    records = [
        record("m-1", {"id": 1}),
        record("busy", {"id": 2}),
        record("m-3", {"id": 3}),
        record("empty", {}),
        record("text", "no JSON"),
        record("denied", {"id": 4}),
        record("m-7", {"id": 5}),
    ]
    answer = start_for_messages(job(recorded), records)
    assert answer == failed("busy", "empty", "text", "denied")
    assert [token for _, token in recorded.started] == ["m-1", "m-3", "m-7"]


def test_a_message_for_which_there_is_no_room_goes_back_at_once() -> None:
    recorded = Recorded({"m-1": NoRoomError("ECS started no task: RESOURCE:ENI")})
    records = [record("m-1", {"id": 1}), record("m-2", {"id": 2})]
    assert start_for_messages(job(recorded), records) == failed("m-1")
    assert [token for _, token in recorded.started] == ["m-2"]


@pytest.mark.parametrize(
    ("delivery", "full", "token"),
    [
        (2, ["m-1"], "m-1-2"),
        (3, ["m-1", "m-1-2"], "m-1-3"),
        (9, ["m-1", "m-1-8"], "m-1-9"),
    ],
)
def test_a_message_that_comes_again_has_another_token_than_that_for_which_there_was_no_room(
    delivery: int, full: list[str], token: str
) -> None:
    recorded = Recorded({each: NoRoomError("no room") for each in full})
    assert start_for_messages(job(recorded), [record("m-1", {"id": 1}, delivery)]) == failed()
    assert recorded.started == [({"ID": "1"}, token)]


@pytest.mark.parametrize(
    ("delivery", "full", "token"),
    [(2, [], "m-1"), (5, [], "m-1"), (3, ["m-1"], "m-1-2"), (6, ["m-1"], "m-1-5")],
)
def test_a_message_that_has_started_a_task_asks_for_that_one_when_it_comes_again(
    delivery: int, full: list[str], token: str
) -> None:
    recorded = Recorded({each: NoRoomError("no room") for each in full})
    start_for_messages(job(recorded), [record("m-1", {"id": 1}, delivery)])
    assert [started for _, started in recorded.started] == [token]


def test_a_token_without_an_answer_is_followed_by_no_other() -> None:
    recorded = Recorded({"m-1": BusyError("ECS could not be reached")})
    assert start_for_messages(job(recorded), [record("m-1", {"id": 1}, 2)]) == failed("m-1")
    assert not recorded.started


def test_a_message_that_the_filter_leaves_out_is_done() -> None:
    recorded = Recorded()

    def decide(message: Any) -> Mapping[str, str] | None:  # noqa: ANN401 - any JSON
        return {} if message["id"] > 1 else None

    records = [record("m-1", {"id": 1}), record("m-2", {"id": 2})]
    assert start_for_messages(job(recorded, decide=decide), records) == failed()
    assert [token for _, token in recorded.started] == ["m-2"]


def test_an_error_of_the_filter_fails_its_message_and_tells_where_but_no_value(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def decide(message: Any) -> Mapping[str, str]:  # noqa: ANN401 - any JSON
        raise ValueError(f"what is {message['id']}")

    records = [record("m-1", {"id": "s3cret"})]
    assert start_for_messages(job(Recorded(), decide=decide), records) == failed("m-1")
    assert "ValueError" in caplog.text
    assert "in decide" in caplog.text
    assert "s3cret" not in caplog.text


def test_logs_hold_no_values_of_messages(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    start_for_messages(job(Recorded()), [record("m-1", {"id": "s3cret"})])
    assert "m-1: started arn of m-1" in caplog.text
    assert "s3cret" not in caplog.text


def test_a_request_is_told_what_was_started() -> None:
    recorded = Recorded()
    answer = start_for_request(job(recorded), {"id": 7}, "request-1")
    assert answer == {"statusCode": 202, "started": "arn of request-1"}
    assert recorded.started == [({"ID": "7"}, "request-1")]


@pytest.mark.parametrize("kind", [BusyError, NoRoomError])
def test_a_request_is_told_to_come_again_where_there_is_no_room(kind: type[Exception]) -> None:
    recorded = Recorded({"request-1": kind("ECS started no task: RESOURCE:ENI")})
    assert start_for_request(job(recorded), {"id": 7}, "request-1") == {
        "statusCode": 503,
        "message": "ECS started no task: RESOURCE:ENI; ask again later",
    }


def test_a_request_that_says_too_little_is_told_what_is_missing() -> None:
    assert start_for_request(job(Recorded()), {}, "request-1") == {
        "statusCode": 400,
        "message": "$.id: the message has no such field",
    }


def test_a_request_that_the_filter_leaves_out_starts_nothing() -> None:
    recorded = Recorded()
    answer = start_for_request(job(recorded, decide=lambda _: None), {"id": 7}, "request-1")
    assert answer["statusCode"] == 200
    assert not recorded.started


def test_a_start_that_aws_refuses_fails_the_call_and_says_why() -> None:
    recorded = Recorded({"request-1": RefusedError("RunTask was refused: AccessDeniedException")})
    with pytest.raises(RefusedError, match="AccessDeniedException"):
        start_for_request(job(recorded), {"id": 7}, "request-1")


def test_an_error_of_the_filter_fails_the_call_without_the_request_s_values(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def decide(message: Any) -> Mapping[str, str]:  # noqa: ANN401 - any JSON
        raise ValueError(f"what is {message['id']}")

    with pytest.raises(RuntimeError, match=r"^nothing was started: ValueError$") as raised:
        start_for_request(job(Recorded(), decide=decide), {"id": "s3cret"}, "request-1")
    assert raised.value.__suppress_context__
    assert "in decide" in caplog.text
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize(
    ("event", "batch"),
    [
        ({"Records": [record("m-1", {})]}, True),
        ({"Records": [record("m-1", {}), {"eventSource": "aws:s3"}]}, False),
        ({"Records": []}, False),
        ({"Records": "none"}, False),
        ({"Records": ["none"]}, False),
        ({"id": 1}, False),
        ([1], False),
        ("text", False),
    ],
)
def test_a_batch_is_told_from_a_request(event: object, batch: bool) -> None:  # noqa: FBT001 - a parameter
    assert is_batch(event) is batch


def test_a_state_machine_gets_each_variable_by_its_name_within_ecs_limit() -> None:
    assert json.loads(execution_input("review", {"B": '"', "A": "1"})) == {"A": "1", "B": '"'}
    with pytest.raises(UnusableError, match="ECS takes 8192"):
        execution_input("review", {"A": "x" * 8192})


@pytest.mark.parametrize("name", ["review", "refund", "export"])
def test_its_package_holds_all_that_it_imports(name: str, tmp_path: Path) -> None:
    run = platform("jobs-from-lambda", preview=False)
    given = run.one(FUNCTION, f"{name}-start-function")
    unpack(given, tmp_path)
    module, _, handler = given.inputs["handler"].rpartition(".")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        f"import {module} as found\n"
        f"assert found.__file__.startswith({str(tmp_path)!r}), found.__file__\n"
        f"assert callable(found.{handler})\n"
        "assert not [name for name in sys.modules if name.startswith('pulumi')]\n"
    )
    subprocess.run([sys.executable, "-I", "-c", program], check=True, cwd=tmp_path)
