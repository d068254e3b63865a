"""EventBridge: event buses and their policies."""

from __future__ import annotations

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import Kind, operation

KINDS = {
    "aws:cloudwatch/eventBus:EventBus": Kind(
        id=lambda f: f.text("name"),
        outputs=lambda f: {"arn": f.place.arn("events", f"event-bus/{f.text('name')}")},
        replaces=("eventSourceName", "name"),
        name_limit=256,
        unique=lambda f: f.text("name"),
        taken="ResourceAlreadyExistsException",
        operations=(operation("events", "CreateEventBus"),),
        # CreateEventBus in the EventBridge API reference.
        checks=(
            limits.text(
                "name",
                r"(?!default\Z)[\w.-]+|aws\.partner/.+",
                "not hold a slash, nor be default, which every account has",
            ),
        ),
    ),
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": Kind(
        id=lambda f: f.text("eventBusName") or "default",
        replaces=("eventBusName",),
        defaults={"eventBusName": "default"},
        operations=(operation("events", "PutPermission"),),
        # PutPermission in the EventBridge API reference: 10 KB.
        checks=(limits.document("policy", 10 * 1024),),
    ),
}
