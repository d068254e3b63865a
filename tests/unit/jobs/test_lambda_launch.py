"""How a function starts a task or an execution: once, and again while AWS has no room."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3  # type: ignore[import-untyped]  # publishes no types
import pytest
from botocore.exceptions import (  # type: ignore[import-untyped]  # publishes no types
    ConnectTimeoutError,
    ReadTimeoutError,
)
from botocore.stub import Stubber  # type: ignore[import-untyped]  # publishes no types

from components.jobs.functions.launch import (
    CALL_SECONDS,
    CLIENT,
    TRIES,
    BusyError,
    NoRoomError,
    RefusedError,
    patiently,
    run_task,
    start_execution,
)
from components.settings.lambda_trigger import FUNCTION_TIMEOUT

REQUEST = {"cluster": "main", "taskDefinition": "review:7"}
TASK = "arn:aws:ecs:eu-west-1:111122223333:task/main/0123"
MACHINE = "arn:aws:states:eu-west-1:111122223333:stateMachine:review"


def client(service: str) -> Any:  # noqa: ANN401 - boto3 publishes no types
    return boto3.client(
        service,
        region_name="eu-west-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",  # noqa: S106 - stubbed
        config=CLIENT,
    )


@pytest.fixture
def ecs() -> Iterator[Stubber]:
    with Stubber(client("ecs")) as stub:
        yield stub
        stub.assert_no_pending_responses()


@pytest.fixture
def sfn() -> Iterator[Stubber]:
    with Stubber(client("stepfunctions")) as stub:
        yield stub
        stub.assert_no_pending_responses()


def test_a_task_is_started_once_for_each_token(ecs: Stubber) -> None:
    answer = {"tasks": [{"taskArn": TASK}], "failures": []}
    ecs.add_response("run_task", answer, {**REQUEST, "clientToken": "message-1"})
    assert run_task(ecs.client, REQUEST, "message-1") == TASK


def test_a_token_of_an_older_deployment_s_task_starts_no_second_one(ecs: Stubber) -> None:
    ecs.add_client_error("run_task", "ConflictException", modeled_fields={"resourceIds": [TASK]})
    assert run_task(ecs.client, REQUEST, "message-1") == TASK


def test_no_capacity_is_an_answer_for_good_that_is_not_asked_for_again(ecs: Stubber) -> None:
    reason = "Capacity is unavailable at this time."
    ecs.add_response("run_task", {"tasks": [], "failures": [{"reason": reason}]})
    with pytest.raises(NoRoomError, match=reason):
        patiently(lambda: run_task(ecs.client, REQUEST, "message-1"), lambda: 1_000)


def test_a_token_for_which_an_older_deployment_found_no_room_has_started_nothing(
    ecs: Stubber,
) -> None:
    ecs.add_client_error("run_task", "ConflictException")
    with pytest.raises(NoRoomError):
        run_task(ecs.client, REQUEST, "message-1")


@pytest.mark.parametrize("code", ["ThrottlingException", "ServerException"])
def test_throttling_is_worth_another_try(code: str, ecs: Stubber, sfn: Stubber) -> None:
    ecs.add_client_error("run_task", code, "the text of AWS")
    with pytest.raises(BusyError, match=rf"^RunTask was refused: {code}$"):
        run_task(ecs.client, REQUEST, "message-1")
    sfn.add_client_error("start_execution", code)
    with pytest.raises(BusyError, match=rf"^StartExecution was refused: {code}$"):
        start_execution(sfn.client, MACHINE, "message-1", "{}")


@pytest.mark.parametrize("error", [ConnectTimeoutError, ReadTimeoutError])
def test_an_answer_that_does_not_come_is_worth_another_try(error: Callable[..., Exception]) -> None:
    class Silent:
        def run_task(self, **_: object) -> object:
            raise error(endpoint_url="https://ecs")

        def start_execution(self, **_: object) -> object:
            raise error(endpoint_url="https://states")

    with pytest.raises(BusyError, match="ECS could not be reached"):
        run_task(Silent(), REQUEST, "message-1")
    with pytest.raises(BusyError, match="Step Functions could not be reached"):
        start_execution(Silent(), MACHINE, "message-1", "{}")


@pytest.mark.parametrize("code", ["AccessDeniedException", "InvalidParameterException"])
def test_what_another_try_meets_too_is_an_error_at_once(code: str, ecs: Stubber) -> None:
    ecs.add_client_error("run_task", code, "The task definition is inactive.")
    said = rf"^RunTask was refused: {code}: The task definition is inactive\.$"
    with pytest.raises(RefusedError, match=said):
        run_task(ecs.client, REQUEST, "message-1")


def test_an_execution_has_the_message_s_id_and_is_never_a_second_one(sfn: Stubber) -> None:
    arn = f"{MACHINE.replace('stateMachine', 'execution')}:message-1"
    sfn.add_response(
        "start_execution",
        {"executionArn": arn, "startDate": 0},
        {"stateMachineArn": MACHINE, "name": "message-1", "input": '{"A": "1"}'},
    )
    assert start_execution(sfn.client, MACHINE, "message-1", '{"A": "1"}') == arn
    sfn.add_client_error("start_execution", "ExecutionAlreadyExists")
    assert start_execution(sfn.client, MACHINE, "message-1", '{"A": "1"}') == "message-1"


class Clock:
    """Time that passes by sleeping, and by calls."""

    def __init__(self, left: float, failures: int, seconds_a_call: float = 0.1) -> None:
        self.left, self.failures, self.calls = left, failures, 0
        self.seconds_a_call = seconds_a_call
        self.slept: list[float] = []

    def call(self) -> str:
        self.calls += 1
        self.left -= self.seconds_a_call
        if self.calls <= self.failures:
            raise BusyError("no room")
        return "started"

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.left -= seconds

    def run(self) -> str:
        return patiently(self.call, lambda: self.left, self.sleep)


def test_it_tries_again_with_growing_pauses_of_random_length() -> None:
    runs = [Clock(1_000, TRIES - 1) for _ in range(200)]
    assert {clock.run() for clock in runs} == {"started"}
    for position in range(TRIES - 1):
        pauses = [clock.slept[position] for clock in runs]
        assert max(pauses) <= min(2**position, 8)
        assert max(pauses) > min(2**position, 8) * 0.75
        assert min(pauses) < min(2**position, 8) * 0.25


def test_it_gives_up_after_some_tries() -> None:
    clock = Clock(1_000, failures=TRIES)
    with pytest.raises(BusyError):
        clock.run()
    assert clock.calls == TRIES


def test_it_begins_no_try_that_the_function_s_time_would_not_let_it_end() -> None:
    for _ in range(200):
        clock = Clock(FUNCTION_TIMEOUT, failures=TRIES, seconds_a_call=CALL_SECONDS)
        with pytest.raises(BusyError):
            clock.run()
        assert clock.left >= 0
        assert clock.calls > 1


def test_without_time_it_begins_nothing() -> None:
    clock = Clock(CALL_SECONDS - 1, failures=0)
    with pytest.raises(BusyError, match="no time left"):
        clock.run()
    assert clock.calls == 0
