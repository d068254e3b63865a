"""Cases of Application Auto Scaling."""

from __future__ import annotations

from typing import Any

ACTION = "aws:appautoscaling/scheduledAction:ScheduledAction"
ARN = "arn:aws:autoscaling:us-east-1:123456789012:scheduledAction:[0-9a-f-]{36}:"
SCALED = {
    "name": "night",
    "resourceId": "service/main/web",
    "scalableDimension": "ecs:service:DesiredCount",
    "serviceNamespace": "ecs",
}
ZERO = {"minCapacity": 0, "maxCapacity": 0}
NIGHT = {**SCALED, "schedule": "cron(0 20 ? * MON-FRI *)", "scalableTargetAction": ZERO}

GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    ACTION: (
        {**NIGHT, "timezone": "Europe/Berlin"},
        "night-ecs-service/main/web",
        ARN + "resource/ecs/service/main/web:scheduledActionName/night",
    )
}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (ACTION, {**NIGHT, "resourceId": "web"}, "resourceId: must be service/CLUSTER/SERVICE"),
    (ACTION, {**NIGHT, "name": "a/b"}, "name: must match"),
    (ACTION, {**NIGHT, "scalableTargetAction": {}}, "must hold minCapacity, maxCapacity or both"),
    (
        ACTION,
        {**NIGHT, "scalableTargetAction": {"minCapacity": 2, "maxCapacity": 1}},
        "scalableTargetAction.minCapacity: must be at most scalableTargetAction.maxCapacity",
    ),
    *(
        (ACTION, {**NIGHT, "schedule": schedule}, "schedule: must be at(yyyy-mm-ddThh:mm:ss)")
        for schedule in (
            "0 20 ? * MON-FRI *",
            "cron(0 20 * * MON-FRI)",
            "cron(0 20 * * * *)",
            "cron(0 20 ? * ? *)",
            "at(2026-12-24)",
            "rate(0 minutes)",
        )
    ),
]
