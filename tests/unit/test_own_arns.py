"""What exists already by its ARN isn't this stack's own, which jobs would share unawares."""

import functools
from typing import Any

import pulumi
import pytest

from components import Workloads
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.engine import Recorder

PLACE = f"{ENVIRONMENT.region}:{ENVIRONMENT.account}"
STACK: dict[str, Any] = {
    "queues": {"orders": {}},
    "buckets": {"uploads": {}},
    "jobs": {
        "import": {
            "image": programs.IMAGE,
            "objects": {"bucket": "uploads", "batch": {"size": 10, "window": 60}},
        },
        "count": {"image": programs.IMAGE, "objects": {"bucket": "uploads"}},
    },
}


def build(**given: Any) -> Recorder:  # noqa: ANN401 - a stack file's parts
    settings = programs.settings(**{key: {**STACK[key], **given.get(key, {})} for key in STACK})

    def program() -> None:
        ecs = programs.ecs(programs.network())
        Workloads("workloads", settings, environment=ENVIRONMENT, ecs=ecs, eks=None, behind=None)

    return programs.run(program, preview=False)


@functools.cache
def arn(resource: str) -> str:
    """Return the ARN of something that the stack creates, by its resource's name."""
    inputs = build().named(resource).inputs
    if "bucket" in inputs:
        return f"arn:aws:s3:::{inputs['bucket']}"
    return f"arn:aws:sqs:{PLACE}:{inputs['name']}"


@pytest.mark.parametrize(
    ("section", "resource", "says"),
    [
        ("queues", "orders-queue", "queues.orders creates this queue: use orders in its place"),
        (
            "queues",
            "import-events",
            "events for jobs.import wait there: no other gets them",
        ),
        (
            "buckets",
            "uploads-bucket",
            "buckets.uploads creates this bucket: use uploads in its place",
        ),
    ],
)
def test_what_the_stack_creates_is_not_declared_again_by_its_arn(
    section: str, resource: str, says: str
) -> None:
    with pytest.raises(pulumi.RunError) as raised:
        build(**{section: {"again": {"arn": arn(resource)}}})
    assert str(raised.value) == f"{section}.again.arn: {says}, and remove again"


@pytest.mark.parametrize(
    "theirs",
    [
        "arn:aws:sqs:eu-west-1:444455556666:platform-test-orders",
        "arn:aws:sqs:us-east-1:111122223333:platform-test-orders",
        "arn:aws:sqs:eu-west-1:111122223333:platform-test-orders-dead-letters",
        "arn:aws:sqs:eu-west-1:111122223333:platform-test-count-events",
        "arn:aws:sqs:eu-west-1:111122223333:orders",
    ],
)
def test_other_queues_are_declared_by_their_arn_and_dead_letters_too(theirs: str) -> None:
    build(queues={"again": {"arn": theirs}})
