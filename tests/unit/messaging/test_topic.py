"""Topic: encrypted, published to over TLS only."""

import json

import pulumi
import pytest

from components import Topic
from components.grants import GrantableKey
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.engine import Recorder

TOPIC = "arn:aws:sns:eu-west-1:111122223333:platform-test-news"


def news() -> None:
    topic = Topic("news", environment=ENVIRONMENT)
    pulumi.export("arn", topic.arn)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(news, preview=preview)


def test_its_arn_is_known_in_the_first_preview(run: Recorder) -> None:
    assert run.exports["arn"] == TOPIC


def test_it_is_encrypted_and_its_messages_are_signed_with_sha_256(run: Recorder) -> None:
    topic = run.named("news-topic").inputs
    assert topic["kmsMasterKeyId"] == "alias/aws/sns"
    assert topic["signatureVersion"] == 2


def test_messages_without_tls_are_refused(run: Recorder) -> None:
    policy = run.named("news-tls-only")
    assert json.loads(policy.inputs["policy"])["Statement"] == [
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": TOPIC,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]
    assert run.depends(policy, run.named("news-topic"))


def test_a_key_of_ones_own_takes_the_place_of_awss(*, preview: bool) -> None:
    key = GrantableKey("arn:aws:kms:eu-west-1:111122223333:key/*", "alias/documents")
    run = programs.run(lambda: Topic("news", environment=ENVIRONMENT, key=key), preview=preview)
    assert run.named("news-topic").inputs["kmsMasterKeyId"] == "alias/documents"
