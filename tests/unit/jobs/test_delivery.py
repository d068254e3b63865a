"""How hard AWS tries to start a job, and where what it gives up goes: of each kind of start."""

from typing import Any

import pytest

from components import Workloads
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT

TARGET = "aws:cloudwatch/eventTarget:EventTarget"
SCHEDULE = "aws:scheduler/schedule:Schedule"
UNDELIVERED = "arn:aws:sqs:eu-west-1:111122223333:platform-test-report-undelivered"
TRIGGERS: dict[str, Any] = {
    "schedule": {"rate": "1 hour"},
    "event": {"pattern": {"source": ["shop.orders"]}},
    "objects": {"bucket": "uploads"},
}
HOWS: dict[str, dict[str, Any]] = {
    "directly": {"delivery": {"direct": True}},
    "by a state machine": {},
    "in Batch": {"batch": {"queue": "bulk"}},
}
STARTS = [
    (trigger, how)
    for trigger in TRIGGERS
    for how in HOWS
    # Objects have variables, which a direct start can't give.
    if (trigger, how) != ("objects", "directly")
]
BATCH: dict[str, Any] = {
    "environments": {"spot": {"capacity": "spot", "maxVcpus": 4}},
    "queues": {"bulk": {"priority": 1, "environments": ["spot"]}},
}
LESS = {"attempts": 7, "maxAge": 3600}


def start(trigger: str, *, preview: bool, **given: object) -> dict[str, Any]:
    """Return what starts a job with this trigger: its schedule's target, or its rule's."""
    settings = programs.settings(
        jobs={"report": {"image": programs.IMAGE, trigger: TRIGGERS[trigger], **given}},
        buckets={"uploads": {}},
        **({"batch": BATCH} if "batch" in given else {}),
    )

    def program() -> None:
        ecs = programs.ecs(programs.network())
        Workloads("workloads", settings, environment=ENVIRONMENT, ecs=ecs, eks=None, behind=None)

    run = programs.run(program, preview=preview)
    if trigger == "schedule":
        found: dict[str, Any] = run.one(SCHEDULE, "report-schedule").inputs["target"]
        return found
    return dict(run.one(TARGET, "report-target").inputs)


@pytest.mark.parametrize(("trigger", "how"), STARTS)
def test_a_start_is_tried_as_delivery_says_and_then_kept(
    trigger: str, how: str, *, preview: bool
) -> None:
    delivery = {**LESS, **HOWS[how].get("delivery", {})}
    given = start(trigger, preview=preview, **{**HOWS[how], "delivery": delivery})
    assert given["retryPolicy"] == {"maximumRetryAttempts": 7, "maximumEventAgeInSeconds": 3600}
    assert given["deadLetterConfig"] == {"arn": UNDELIVERED}


@pytest.mark.parametrize(("trigger", "how"), STARTS)
def test_it_is_tried_for_a_day_unless_delivery_says_less(trigger: str, how: str) -> None:
    given = start(trigger, preview=False, **HOWS[how])
    assert given["retryPolicy"] == {
        "maximumRetryAttempts": 185,
        "maximumEventAgeInSeconds": 86_400,
    }
