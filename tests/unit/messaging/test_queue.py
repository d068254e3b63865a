"""Queue: an encrypted queue, reached over TLS only, with a dead-letter queue of its own."""

import json

import pulumi
import pytest

from components import Queue
from components.grants import GrantableKey
from components.settings import QueueSettings
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.engine import Recorder

QUEUE = "arn:aws:sqs:eu-west-1:111122223333:platform-test-orders"
DEAD_LETTERS = "arn:aws:sqs:eu-west-1:111122223333:platform-test-orders-dead-letters"


def orders() -> None:
    queue = Queue("orders", QueueSettings(), environment=ENVIRONMENT)
    pulumi.export("arn", queue.arn)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(orders, preview=preview)


def test_its_arn_is_known_in_the_first_preview(run: Recorder) -> None:
    assert run.exports["arn"] == QUEUE


def test_a_message_that_fails_five_times_is_kept_for_two_weeks_in_the_dead_letter_queue(
    run: Recorder,
) -> None:
    queue, dead_letters = run.named("orders-queue").inputs, run.named("orders-dead-letters").inputs
    assert json.loads(queue["redrivePolicy"]) == {
        "deadLetterTargetArn": DEAD_LETTERS,
        "maxReceiveCount": 5,
    }
    assert dead_letters["messageRetentionSeconds"] == 14 * 24 * 60 * 60
    assert queue["messageRetentionSeconds"] == 4 * 24 * 60 * 60
    assert queue["visibilityTimeoutSeconds"] == 60


def test_both_queues_are_encrypted(run: Recorder) -> None:
    assert all(queue.inputs["sqsManagedSseEnabled"] for queue in run.of("aws:sqs/queue:Queue"))


def test_requests_without_tls_are_refused_by_both_queues(run: Recorder) -> None:
    for name, arn in (("orders-queue", QUEUE), ("orders-dead-letters", DEAD_LETTERS)):
        policy = json.loads(run.named(f"{name}-tls-only").inputs["policy"])
        assert policy["Statement"] == [
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sqs:*",
                "Resource": arn,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ]


def test_no_other_queue_may_use_the_dead_letter_queue(run: Recorder) -> None:
    allow = run.one("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy")
    assert json.loads(allow.inputs["redriveAllowPolicy"]) == {
        "redrivePermission": "byQueue",
        "sourceQueueArns": [QUEUE],
    }
    assert run.depends(allow, run.named("orders-dead-letters"))


def test_the_queue_comes_after_its_dead_letter_queue(run: Recorder) -> None:
    assert run.depends(run.named("orders-queue"), run.named("orders-dead-letters"))


def test_a_key_of_ones_own_encrypts_both_queues(*, preview: bool) -> None:
    key = GrantableKey("arn:aws:kms:eu-west-1:111122223333:key/*", "alias/documents")
    run = programs.run(
        lambda: Queue("orders", QueueSettings(), environment=ENVIRONMENT, key=key), preview=preview
    )
    for queue in run.of("aws:sqs/queue:Queue"):
        assert queue.inputs["kmsMasterKeyId"] == "alias/documents"
        assert "sqsManagedSseEnabled" not in queue.inputs
