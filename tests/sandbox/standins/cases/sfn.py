"""Cases of Step Functions."""

from __future__ import annotations

import json
from typing import Any

MACHINE = "aws:sfn/stateMachine:StateMachine"
PLACE = "us-east-1:123456789012"
RUN = {
    "Type": "Task",
    "Resource": "arn:aws:states:::ecs:runTask.sync",
    "TimeoutSeconds": 3600,
    "Retry": [{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 2, "BackoffRate": 2}],
    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}],
    "Next": "Enough",
}
STATES = {
    "Run": RUN,
    "Enough": {"Type": "Choice", "Choices": [{"Variable": "$.n", "Next": "Pause"}],
               "Default": "Both"},
    "Pause": {"Type": "Wait", "Seconds": 60, "Next": "Run"},
    "Both": {"Type": "Parallel", "End": True, "Branches": [
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}]},
    "Failed": {"Type": "Fail"},
}  # fmt: skip
NIGHTLY: dict[str, Any] = {
    "name": "nightly",
    "roleArn": "arn:aws:iam::123456789012:role/nightly",
    "definition": json.dumps({"StartAt": "Run", "States": STATES}),
    "loggingConfiguration": {
        "level": "ERROR",
        "logDestination": f"arn:aws:logs:{PLACE}:log-group:/sfn/nightly:*",
    },
}


def _with(**states: object) -> dict[str, Any]:
    definition = {"StartAt": "Run", "States": {**STATES, **states}}
    return {**NIGHTLY, "definition": json.dumps(definition)}


def _run(**changed: object) -> dict[str, Any]:
    state = {**RUN, **changed}
    return _with(Run={key: value for key, value in state.items() if value is not None})


GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    MACHINE: (
        NIGHTLY, f"arn:aws:states:{PLACE}:stateMachine:nightly",
        f"arn:aws:states:{PLACE}:stateMachine:nightly",
    ),
}  # fmt: skip

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (MACHINE, {**NIGHTLY, "name": "a" * 81}, "name: must be 1 to 80 characters"),
    (MACHINE, {**NIGHTLY, "name": "a.b"}, "name: must hold letters, digits"),
    (MACHINE, {**NIGHTLY, "type": "FAST"}, "type: must be one of STANDARD, EXPRESS"),
    (MACHINE, {**NIGHTLY, "roleArn": "nightly"}, "roleArn: must be the ARN of a role"),
    (MACHINE, {**NIGHTLY, "definition": "run"}, "definition: must be JSON"),
    (MACHINE, {**NIGHTLY, "definition": "{}"}, "definition.States: must be an object"),
    (
        MACHINE,
        {**NIGHTLY, "definition": json.dumps({"StartAt": "Go", "States": STATES})},
        "definition.StartAt: must be one of the States",
    ),
    (MACHINE, _with(Run={"Type": "Job"}), "definition.States.Run.Type: must be one of Task"),
    (MACHINE, _with(**{"a" * 81: {"Type": "Succeed"}}), "its name must be at most 80 characters"),
    (MACHINE, _run(Next="Gone"), "definition.States.Run.Next: must be a state beside this one"),
    (MACHINE, _run(Next=None), "definition.States.Run: must have exactly one of Next and End"),
    (MACHINE, _run(End=True), "definition.States.Run: must have exactly one of Next and End"),
    (MACHINE, _run(Resource=None), "definition.States.Run.Resource: must be given"),
    (MACHINE, _run(TimeoutSeconds=0), "TimeoutSeconds: must be a whole number of at least 1"),
    (MACHINE, _run(HeartbeatSeconds=3600), "HeartbeatSeconds: must be less than TimeoutSeconds"),
    (MACHINE, _run(Retry=[{"MaxAttempts": 1}]), "Run.Retry[0].ErrorEquals: must be an array"),
    (
        MACHINE,
        _run(Retry=[{"ErrorEquals": ["States.ALL"], "BackoffRate": 0.5}]),
        "Run.Retry[0].BackoffRate: must be at least 1",
    ),
    (
        MACHINE,
        _run(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Gone"}]),
        "Run.Catch[0].Next: must be a state beside this one",
    ),
    (MACHINE, _with(Enough={"Type": "Choice", "Choices": []}), "Enough.Choices: must be an array"),
    (
        MACHINE,
        _with(Enough={"Type": "Choice", "Choices": [{"Next": "Gone"}], "Default": "Gone"}),
        "Enough.Default: must be a state beside this one",
    ),
    (MACHINE, _with(Pause={"Type": "Wait", "Next": "Run"}), "must have exactly one of Seconds"),
    (MACHINE, _with(Failed={"Type": "Fail", "Next": "Run"}), "Next: must not be given for Fail"),
    (
        MACHINE,
        _with(Both={"Type": "Parallel", "End": True, "Branches": [{"StartAt": "A"}]}),
        "Both.Branches[0].States: must be an object",
    ),
    (MACHINE, _with(Both={"Type": "Map", "End": True}), "Both.ItemProcessor.States: must be"),
    (MACHINE, {**NIGHTLY, "type": "EXPRESS"}, "must not wait for a job or a token in an EXPRESS"),
    (
        MACHINE,
        {**NIGHTLY, "loggingConfiguration": {"level": "ALL"}},
        "loggingConfiguration.logDestination: must be given unless the level is OFF",
    ),
    (
        MACHINE,
        {**NIGHTLY, "loggingConfiguration": {
            "level": "ALL", "logDestination": f"arn:aws:logs:{PLACE}:log-group:/sfn/nightly"}},
        "with :* at the end",
    ),
]  # fmt: skip
