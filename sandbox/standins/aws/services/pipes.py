"""EventBridge Pipes.

What replaces and what defaults: pipe.go and source_parameters.go of the Terraform provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import event_patterns, limits, run_task
from sandbox.standins.aws.kinds import Kind, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

_SOURCE = "sourceParameters"
_QUEUE = f"{_SOURCE}.sqsQueueParameters"
_TASK = "targetParameters.ecsTaskParameters"
_UNBATCHED = 10


def _queue(inputs: Mapping[str, Any]) -> list[str]:
    """Pipes user guide, "Amazon Simple Queue Service as a source"."""
    size = limits.value_at(inputs, f"{_QUEUE}.batchSize")
    if size is None or int(size) <= _UNBATCHED:
        return []
    if str(limits.value_at(inputs, "source")).endswith(".fifo"):
        return [f"{_QUEUE}.batchSize: must be at most {_UNBATCHED} for a FIFO queue"]
    if inputs[_SOURCE]["sqsQueueParameters"].get("maximumBatchingWindowInSeconds"):
        return []
    window = f"{_QUEUE}.maximumBatchingWindowInSeconds"
    return [f"{window}: must be at least 1 with a batchSize above {_UNBATCHED}"]


def _cluster(inputs: Mapping[str, Any]) -> list[str]:
    """PipeTargetEcsTaskParameters in the Pipes API reference."""
    target = limits.value_at(inputs, "target")
    if not isinstance(target, str) or ":ecs:" not in target:
        return []
    given = (inputs.get("targetParameters") or {}).get("ecsTaskParameters")
    return [] if given else [f"{_TASK}: must be given for a target of ECS"]


KINDS = {
    "aws:pipes/pipe:Pipe": Kind(
        id=lambda f: f.text("name"),
        outputs=lambda f: {"arn": f.place.arn("pipes", f"pipe/{f.text('name')}")},
        replaces=(
            "name",
            "namePrefix",
            "source",
            f"{_SOURCE}.dynamodbStreamParameters.startingPosition",
            f"{_SOURCE}.kinesisStreamParameters.startingPosition",
            f"{_SOURCE}.kinesisStreamParameters.startingPositionTimestamp",
        ),
        defaults={"description": "Managed by Pulumi", "desiredState": "RUNNING"},
        name_limit=64,
        unique=lambda f: f.text("name"),
        taken="ConflictException",
        operations=(operation("pipes", "CreatePipe"),),
        checks=(
            _queue,
            # FilterCriteria in the Pipes API reference.
            event_patterns.filters(f"{_SOURCE}.filterCriteria.filters", 5),
            _cluster,
            run_task.parameters(_TASK, "networkConfiguration.awsVpcConfiguration"),
        ),
    ),
}
