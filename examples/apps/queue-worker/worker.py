"""Works on a queue's messages, and protects its task from scale-in while it does."""  # noqa: INP001 - a program in an image, no package

import json
import os
import signal
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

import boto3

LONGEST_MINUTES = 5
"""After so long the protection ends by itself: longer than any message takes, 2880 at most."""


class Worker:
    """Takes one message at a time, until ECS asks it to stop."""

    def __init__(self, queue_url: str, agent_uri: str, work: Callable[[str], None]) -> None:
        self._queue_url = queue_url
        self._protection = f"{agent_uri}/task-protection/v1/state"
        self._work = work
        self._sqs = boto3.client("sqs")
        self._stopping = False

    def stop(self, *_: object) -> None:
        """Take no further message; the one at work has stopTimeout left."""
        self._stopping = True

    def run(self) -> None:
        """Work until it is stopped."""
        while not self._stopping:
            received = self._sqs.receive_message(
                QueueUrl=self._queue_url, MaxNumberOfMessages=1, WaitTimeSeconds=10
            )
            for message in received.get("Messages", []):
                self._take(message)

    def _take(self, message: Mapping[str, Any]) -> None:
        which = {"QueueUrl": self._queue_url, "ReceiptHandle": message["ReceiptHandle"]}
        if self._stopping or not self._protect(on=True):
            # It is another task's at once. Without protection this one takes no more either.
            self._sqs.change_message_visibility(**which, VisibilityTimeout=0)
            self._stopping = True
            return
        try:
            self._work(message["Body"])
            self._sqs.delete_message(**which)
        except Exception as error:  # noqa: BLE001 - whatever fails is tried again after a while
            print(f"failed, and comes again: {type(error).__name__}")
        finally:
            self._protect(on=False)

    def _protect(self, *, on: bool) -> bool:
        """Say whether ECS has agreed; it doesn't for a task that it is about to stop."""
        wanted: dict[str, bool | int] = {"ProtectionEnabled": on}
        if on:
            wanted["ExpiresInMinutes"] = LONGEST_MINUTES
        request = urllib.request.Request(  # noqa: S310 - the agent's own address
            self._protection,
            data=json.dumps(wanted).encode(),
            headers={"Content-Type": "application/json"},
            method="PUT",
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - likewise
                return "protection" in json.load(answer)
        except OSError:
            return False


def resize(body: str) -> None:
    """Do the work, in a way that doing it twice does no harm."""
    print(f"worked on {len(body)} characters")


if __name__ == "__main__":
    worker = Worker(os.environ["PICTURES_QUEUE_URL"], os.environ["ECS_AGENT_URI"], resize)
    signal.signal(signal.SIGTERM, worker.stop)
    worker.run()
