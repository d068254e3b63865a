"""EventBridge: rules and their targets.

What replaces and what defaults: rule.go and target.go of the Terraform provider.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import event_patterns, limits, run_task, schedules
from sandbox.standins.aws.kinds import Facts, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEFAULT = "default"
_MOST_TARGETS = 5
_MADE_UP = "terraform-"
_ROLE_NEEDED = re.compile(r"arn:aws[\w-]*:(batch|ecs|kinesis|states):.+")
_PLACEHOLDER = re.compile(r"<([\w.-]+)>")
_PREDEFINED = (
    "aws.events.event", "aws.events.event.ingestion-time", "aws.events.event.json",
    "aws.events.rule-arn", "aws.events.rule-name",
)  # fmt: skip
_INPUTS = ("input", "inputPath", "inputTransformer")
_TRANSFORMER = "inputTransformer"


def _bus(facts: Facts) -> str:
    """A bus's name; a rule takes its ARN too."""
    return facts.text("eventBusName").rpartition("event-bus/")[2] or _DEFAULT


def _of_bus(facts: Facts, key: str, separator: str) -> str:
    """A name within a bus, which is left out where it is the default one."""
    bus = facts.text("eventBusName") or _DEFAULT
    return facts.text(key) if bus == _DEFAULT else f"{bus}{separator}{facts.text(key)}"


def _rule_arn(facts: Facts) -> str:
    bus = "" if _bus(facts) == _DEFAULT else f"{_bus(facts)}/"
    return facts.place.arn("events", f"rule/{bus}{facts.text('name')}")


def _trigger(inputs: Mapping[str, Any]) -> list[str]:
    """PutRule in the EventBridge API reference; only the default bus has scheduled rules."""
    if inputs.get("eventPattern") is None and inputs.get("scheduleExpression") is None:
        return ["eventPattern, scheduleExpression: at least one must be given"]
    bus = limits.value_at(inputs, "eventBusName")
    if inputs.get("scheduleExpression") is not None and bus not in (None, _DEFAULT):
        return ["scheduleExpression: must be given on the default event bus only"]
    return []


def _target_id(facts: Facts) -> str:
    return f"{_of_bus(facts, 'rule', '-')}-{facts.text('targetId') or _made_up(facts)}"


def _made_up(facts: Facts) -> str:
    """A target id as the provider makes it up at creation."""
    return f"{_MADE_UP}20260101{facts.hex('target', 18)}"


def _target(facts: Facts) -> dict[str, Any]:
    made_up = facts.id.removeprefix(f"{_of_bus(facts, 'rule', '-')}-")
    return {"targetId": facts.text("targetId") or made_up}


def _group(facts: Facts) -> str:
    return f"{_bus(facts)}/{facts.text('rule')}"


def _unique_target(facts: Facts) -> str:
    given = facts.text("targetId")
    return "" if not given or given.startswith(_MADE_UP) else f"{_group(facts)}/{given}"


def _one_input(inputs: Mapping[str, Any]) -> list[str]:
    """Target in the EventBridge API reference: mutually exclusive."""
    given = [key for key in _INPUTS if inputs.get(key) is not None]
    return [f"{', '.join(given)}: only one may be given"] if len(given) > 1 else []


def _role(inputs: Mapping[str, Any]) -> list[str]:
    """PutTargets in the EventBridge API reference, "Permissions"."""
    arn = limits.value_at(inputs, "arn")
    if not isinstance(arn, str) or not _ROLE_NEEDED.fullmatch(arn) or inputs.get("roleArn"):
        return []
    return ["roleArn: must be given for a target of ECS, Batch, Step Functions or Kinesis"]


def _transformer(inputs: Mapping[str, Any]) -> list[str]:
    """EventBridge user guide, "Amazon EventBridge input transformation"."""
    paths = limits.value_at(inputs, f"{_TRANSFORMER}.inputPaths") or {}
    problems = [
        f"{_TRANSFORMER}.inputPaths.{key}: must be a JSON path, such as $.detail"
        for key, path in paths.items()
        if not re.fullmatch(r"\$(\.[\w/-]+|\['[^']+'\]|\[(\d+|\*)\])*", str(path))
    ]
    problems += [
        f"{_TRANSFORMER}.inputPaths, the key '{key}': must not begin with AWS"
        for key in paths
        if key.upper().startswith("AWS")
    ]
    template = limits.value_at(inputs, f"{_TRANSFORMER}.inputTemplate")
    if not isinstance(template, str) or paths is None:
        return problems
    if set(_PLACEHOLDER.findall(template)) - {*paths, *_PREDEFINED}:
        problems.append(f"{_TRANSFORMER}.inputTemplate: must use names of inputPaths only")
    if re.search(r"\"[^\"]*<[\w.-]+>[^\"]*\"\s*:", template):
        problems.append(f"{_TRANSFORMER}.inputTemplate: must not use a name as a key")
    filled = {"inputTemplate": _PLACEHOLDER.sub("0", template)}
    if template.lstrip().startswith("{") and limits.json_text("inputTemplate")(filled):
        problems.append(f"{_TRANSFORMER}.inputTemplate: must be JSON once its names have values")
    return problems


KINDS = {
    "aws:cloudwatch/eventRule:EventRule": Kind(
        id=lambda f: _of_bus(f, "name", "/"),
        outputs=lambda f: {"arn": _rule_arn(f)},
        replaces=("eventBusName", "name", "namePrefix"),
        defaults={"eventBusName": _DEFAULT, "forceDestroy": False},
        name_limit=64,
        # PutRule overwrites a rule of the name: the provider would take over somebody else's.
        unique=lambda f: f"{_bus(f)}/{f.text('name')}",
        taken="ResourceAlreadyExistsException",
        operations=(
            operation(
                "events",
                "PutRule",
                skips={
                    "forceDestroy": "DeleteRule: a Boolean",
                    "isEnabled": "becomes the state",
                },
            ),
        ),
        checks=(
            _trigger,
            event_patterns.pattern("eventPattern"),
            schedules.expression("scheduleExpression", once=False, agreeing=True),
            limits.not_both("state", "isEnabled"),
        ),
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Kind(
        id=_target_id,
        outputs=_target,
        replaces=("eventBusName", "rule", "targetId"),
        defaults={"eventBusName": _DEFAULT, "forceDestroy": False},
        # PutTargets overwrites a target of the id.
        unique=_unique_target,
        taken="ResourceAlreadyExistsException",
        # EventBridge quotas, "Targets per rule".
        most=_MOST_TARGETS,
        within=_group,
        operations=(
            operation(
                "events",
                "PutTargets",
                renames={
                    "appsyncTarget": "targets.appSyncParameters",
                    "arn": "targets.arn",
                    "batchTarget": "targets.batchParameters",
                    "deadLetterConfig": "targets.deadLetterConfig",
                    "ecsTarget": "targets.ecsParameters",
                    "ecsTarget.networkConfiguration": "targets.ecsParameters.networkConfiguration"
                    ".awsvpcConfiguration",
                    "ecsTarget.orderedPlacementStrategies": "targets.ecsParameters"
                    ".placementStrategy",
                    "httpTarget": "targets.httpParameters",
                    "input": "targets.input",
                    "inputPath": "targets.inputPath",
                    "inputTransformer": "targets.inputTransformer",
                    "inputTransformer.inputPaths": "targets.inputTransformer.inputPathsMap",
                    "kinesisTarget": "targets.kinesisParameters",
                    "redshiftTarget": "targets.redshiftDataParameters",
                    "retryPolicy": "targets.retryPolicy",
                    "roleArn": "targets.roleArn",
                    "runCommandTargets": "targets.runCommandParameters.runCommandTargets",
                    "sagemakerPipelineTarget": "targets.sageMakerPipelineParameters",
                    "sqsTarget": "targets.sqsParameters",
                    "targetId": "targets.id",
                },
                skips={"forceDestroy": "RemoveTargets: a Boolean"},
            ),
        ),
        checks=(
            _one_input,
            _role,
            _transformer,
            limits.json_text("input"),
            run_task.parameters("ecsTarget"),
            # EventBridge user guide, "Using dead-letter queues": standard queues only.
            limits.standard_queue("deadLetterConfig.arn"),
            # BatchArrayProperties and BatchRetryStrategy in the EventBridge API reference.
            limits.number("batchTarget.arraySize", 2, 10000, "jobs"),
            limits.number("batchTarget.jobAttempts", 1, 10, "attempts"),
        ),
    ),
}
