"""EventBus: published to over TLS only."""

import json

import pulumi
import pytest

from components import EventBus
from components.settings import EventBusSettings
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.engine import Recorder

BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/platform-test-shop"


def shop() -> None:
    bus = EventBus("shop", EventBusSettings(), environment=ENVIRONMENT)
    pulumi.export("arn", bus.arn)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(shop, preview=preview)


def test_its_arn_is_known_in_the_first_preview(run: Recorder) -> None:
    assert run.exports["arn"] == BUS


def test_events_without_tls_are_refused(run: Recorder) -> None:
    policy = run.named("shop-tls-only")
    assert policy.inputs["eventBusName"] == "platform-test-shop"
    assert json.loads(policy.inputs["policy"])["Statement"] == [
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "events:PutEvents",
            "Resource": BUS,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]
    assert run.depends(policy, run.named("shop-bus"))
