"""The worker of examples/apps/queue-worker: protected while it works, and no message is lost."""

import json
import runpy
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, cast

import boto3  # type: ignore[import-untyped]  # publishes no types
import pytest
from moto import mock_aws

from tests.unit.support.programs import EXAMPLES

PROGRAM = EXAMPLES / "apps" / "queue-worker" / "worker.py"


class Agent(HTTPServer):
    """The ECS agent, as far as a task protects itself."""

    asked: list[dict[str, object]]
    refuses = False

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api"


class Request(BaseHTTPRequestHandler):
    def do_PUT(self) -> None:
        agent = cast("Agent", self.server)
        assert self.path == "/api/task-protection/v1/state"
        body = self.rfile.read(int(self.headers["Content-Length"]))
        agent.asked.append(json.loads(body))
        answer = {"failure": {"Reason": "TASK_NOT_VALID"}} if agent.refuses else {"protection": {}}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def agent() -> Iterator[Agent]:
    with Agent(("127.0.0.1", 0), Request) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        made = boto3.resource("sqs").create_queue(
            QueueName="pictures", Attributes={"VisibilityTimeout": "120"}
        )
        made.send_message(MessageBody="picture")
        yield made


def work(agent: Agent, queue: Any, does: Callable[[str], None]) -> None:  # noqa: ANN401 - boto3's
    """Let the worker take messages until the first one is done."""
    made: list[Any] = []

    def once(body: str) -> None:
        made[0].stop()
        does(body)

    made.append(runpy.run_path(str(PROGRAM))["Worker"](queue.url, agent.uri, once))
    made[0].run()


def counts(queue: Any) -> tuple[int, int]:  # noqa: ANN401 - boto3's
    """Return how many messages wait and how many are worked on."""
    queue.reload()
    found = queue.attributes
    return (
        int(found["ApproximateNumberOfMessages"]),
        int(found["ApproximateNumberOfMessagesNotVisible"]),
    )


def test_it_is_protected_for_as_long_as_it_works(agent: Agent, queue: Any) -> None:  # noqa: ANN401 - boto3's
    while_working: list[dict[str, object]] = []
    work(agent, queue, lambda _: while_working.extend(agent.asked))
    assert while_working == [{"ProtectionEnabled": True, "ExpiresInMinutes": 5}]
    assert agent.asked == [*while_working, {"ProtectionEnabled": False}]
    assert counts(queue) == (0, 0)


def test_when_it_is_told_to_stop_it_finishes_and_takes_no_more(agent: Agent, queue: Any) -> None:  # noqa: ANN401 - boto3's
    queue.send_message(MessageBody="another")
    worked: list[str] = []
    work(agent, queue, worked.append)
    assert len(worked) == 1
    assert counts(queue) == (1, 0)


def test_a_message_that_fails_comes_again(agent: Agent, queue: Any) -> None:  # noqa: ANN401 - boto3's
    def fail(_: str) -> None:
        raise RuntimeError

    work(agent, queue, fail)
    assert counts(queue) == (0, 1)
    assert agent.asked[-1] == {"ProtectionEnabled": False}


def test_without_protection_the_message_goes_back_at_once_and_it_ends(
    agent: Agent,
    queue: Any,  # noqa: ANN401 - boto3's
) -> None:
    agent.refuses = True
    work(agent, queue, lambda _: pytest.fail("it worked without protection"))
    assert counts(queue) == (1, 0)
