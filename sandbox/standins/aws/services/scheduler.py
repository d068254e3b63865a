"""EventBridge Scheduler: schedules and their groups.

What replaces and what defaults: schedule.go and schedule_group.go of the Terraform provider.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits, run_task, schedules
from sandbox.standins.aws.kinds import Facts, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

_CREATED = "2026-01-01T00:00:00Z"
_CLUSTER = re.compile(r"arn:aws[\w-]*:ecs:[^:]*:[^:]*:cluster/.+")
_UNIVERSAL = re.compile(r"arn:aws[\w-]*:scheduler:::aws-sdk:[a-z0-9-]+:[A-Za-z0-9]+")
_READS = ("get", "describe", "list")


def _id(facts: Facts) -> str:
    return f"{facts.text('groupName') or 'default'}/{facts.text('name')}"


def _window(inputs: Mapping[str, Any]) -> list[str]:
    """FlexibleTimeWindow in the Scheduler API reference."""
    window = limits.value_at(inputs, "flexibleTimeWindow")
    if not isinstance(window, dict):
        return []
    flexible = window.get("mode") == "FLEXIBLE"
    if flexible == (window.get("maximumWindowInMinutes") is not None):
        return []
    return ["flexibleTimeWindow.maximumWindowInMinutes: must be given exactly for FLEXIBLE"]


def _templated(inputs: Mapping[str, Any]) -> list[str]:
    """Scheduler user guide, "Using templated targets"."""
    arn = limits.value_at(inputs, "target.arn")
    if not isinstance(arn, str):
        return []
    given = inputs["target"].get("ecsParameters") is not None
    if bool(_CLUSTER.fullmatch(arn)) == given:
        return []
    return ["target.ecsParameters: must be given exactly when target.arn is an ECS cluster"]


def _universal(inputs: Mapping[str, Any]) -> list[str]:
    """Scheduler user guide, "Using universal targets"."""
    arn = limits.value_at(inputs, "target.arn")
    if not isinstance(arn, str) or ":scheduler:::aws-sdk:" not in arn:
        return []
    if not _UNIVERSAL.fullmatch(arn):
        return ["target.arn: must be arn:aws:scheduler:::aws-sdk:service:apiAction"]
    if arn.rpartition(":")[2].startswith(_READS):
        return ["target.arn: must be an action that changes something, not one that reads"]
    if inputs["target"].get("input") is None:
        return ["target.input: must be given for a universal target"]
    return limits.document("target.input")(inputs)


def _task_input(inputs: Mapping[str, Any]) -> list[str]:
    """The input of a task is the overrides of RunTask (Target in the Scheduler API reference)."""
    if limits.value_at(inputs, "target.ecsParameters.taskDefinitionArn") is None:
        return []
    problems = limits.document("target.input")(inputs)
    text = limits.value_at(inputs, "target.input")
    if problems or not isinstance(text, str):
        return problems
    known = {"containerOverrides", "cpu", "ephemeralStorage", "executionRoleArn",
             "inferenceAcceleratorOverrides", "memory", "taskRoleArn"}  # fmt: skip
    unknown = set(json.loads(text)) - known
    listed = ", ".join(sorted(known))
    return [f"target.input: must hold overrides of a task only ({listed})"] if unknown else []


KINDS = {
    "aws:scheduler/schedule:Schedule": Kind(
        id=_id,
        outputs=lambda f: {
            "actionAfterCompletion": "NONE",
            "arn": f.place.arn("scheduler", f"schedule/{_id(f)}"),
            "groupName": "default",
        },
        replaces=("groupName", "name", "namePrefix"),
        defaults={"scheduleExpressionTimezone": "UTC", "state": "ENABLED"},
        name_limit=64,
        unique=_id,
        taken="ConflictException",
        operations=(
            operation(
                "scheduler",
                "CreateSchedule",
                renames={
                    "target.ecsParameters.networkConfiguration": "target.ecsParameters"
                    ".networkConfiguration.awsvpcConfiguration",
                },
            ),
        ),
        checks=(
            schedules.expression("scheduleExpression"),
            schedules.time_zone("scheduleExpressionTimezone"),
            _window,
            _templated,
            _universal,
            _task_input,
            run_task.parameters("target.ecsParameters"),
            # Scheduler user guide, "Configuring a dead-letter queue".
            limits.standard_queue("target.deadLetterConfig.arn"),
        ),
    ),
    "aws:scheduler/scheduleGroup:ScheduleGroup": Kind(
        id=lambda f: f.text("name"),
        outputs=lambda f: {
            "arn": f.place.arn("scheduler", f"schedule-group/{f.text('name')}"),
            "creationDate": _CREATED,
            "lastModificationDate": _CREATED,
            "state": "ACTIVE",
        },
        replaces=("name", "namePrefix"),
        name_limit=64,
        unique=lambda f: f.text("name"),
        taken="ConflictException",
        operations=(operation("scheduler", "CreateScheduleGroup"),),
        checks=(
            # CreateScheduleGroup in the API reference: every account has the group default.
            limits.text("name", r"(?!default\Z).+", "not be default, which every account has"),
        ),
    ),
}
