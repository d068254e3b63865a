"""Step Functions: state machines.

What replaces and what defaults: state_machine.go of the Terraform provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits, state_machines
from sandbox.standins.aws.kinds import Facts, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Mapping


def _arn(facts: Facts) -> str:
    return facts.place.arn("states", f"stateMachine:{facts.text('name')}")


def _logging(inputs: Mapping[str, Any]) -> list[str]:
    """LoggingConfiguration and CloudWatchLogsLogGroup in the Step Functions API reference."""
    logging = inputs.get("loggingConfiguration")
    if not isinstance(logging, dict) or logging.get("level") in (None, "OFF"):
        return []
    if not logging.get("logDestination"):
        return ["loggingConfiguration.logDestination: must be given unless the level is OFF"]
    return limits.text(
        "loggingConfiguration.logDestination",
        r"arn:aws[\w-]*:logs:.+:log-group:.+:\*",
        "be the ARN of a log group with :* at the end",
    )(inputs)


KINDS = {
    "aws:sfn/stateMachine:StateMachine": Kind(
        id=_arn,
        outputs=lambda f: {
            "arn": _arn(f),
            "creationDate": "2026-01-01T00:00:00Z",
            "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
            "loggingConfiguration": {"includeExecutionData": False, "level": "OFF"},
            "status": "ACTIVE",
            "tracingConfiguration": {"enabled": False},
        },
        replaces=("name", "namePrefix", "type"),
        defaults={"publish": False, "type": "STANDARD"},
        name_limit=80,
        unique=lambda f: f.text("name"),
        taken="StateMachineAlreadyExists",
        operations=(operation("stepfunctions", "CreateStateMachine"),),
        checks=(
            limits.text("name", r"[0-9A-Za-z_-]+", "hold letters, digits, hyphens and underscores"),
            limits.arn("roleArn", "iam", "a role"),
            state_machines.definition,
            _logging,
        ),
    ),
}
