"""The structure of a state machine's definition.

Source: the Amazon States Language specification (https://states-language.net/spec.html); the Step
Functions developer guide, "Choosing workflow type", for what Express workflows lack.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PATH = "definition"
_TYPES = ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
_TERMINAL = ("Succeed", "Fail")
_LONGEST_NAME = 80
_WAITS = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")
_ATTEMPTS, _BACKOFF = 99999999, 1.0
_EXPRESS_LACKS = (".sync", ".sync:2", ".waitForTaskToken")


def definition(inputs: Mapping[str, Any]) -> list[str]:
    """What Step Functions would refuse about the form of a definition."""
    value = limits.value_at(inputs, _PATH)
    problems = limits.document(_PATH)(inputs)
    if value is None or problems:
        return problems
    express = inputs.get("type") == "EXPRESS"
    return list(_machine(json.loads(value), _PATH, express=express))


def _machine(value: Any, path: str, *, express: bool) -> Iterator[str]:  # noqa: ANN401 - any JSON
    states = value.get("States") if isinstance(value, dict) else None
    if not isinstance(states, dict) or not states:
        yield f"{path}.States: must be an object with at least one state"
        return
    if value.get("StartAt") not in states:
        yield f"{path}.StartAt: must be one of the States"
    for name, state in states.items():
        at = f"{path}.States.{name}"
        if len(name) > _LONGEST_NAME:
            yield f"{at}: its name must be at most {_LONGEST_NAME} characters"
        if not isinstance(state, dict) or state.get("Type") not in _TYPES:
            yield f"{at}.Type: must be one of {', '.join(_TYPES)}"
            continue
        yield from _state(state, at, express=express)
        yield from _transitions(state, at, states)


def _state(state: Mapping[str, Any], path: str, *, express: bool) -> Iterator[str]:
    type_ = state["Type"]
    if type_ == "Task":
        resource = state.get("Resource")
        if not isinstance(resource, str) or not resource.startswith("arn:"):
            yield f"{path}.Resource: must be given, and be an ARN"
        elif express and resource.endswith(_EXPRESS_LACKS):
            yield f"{path}.Resource: must not wait for a job or a token in an EXPRESS state machine"
        yield from _times(state, path)
    if type_ == "Wait" and len([key for key in _WAITS if key in state]) != 1:
        yield f"{path}: must have exactly one of {', '.join(_WAITS)}"
    if type_ == "Parallel":
        branches = state.get("Branches")
        if not isinstance(branches, list) or not branches:
            yield f"{path}.Branches: must be an array of at least one branch"
            return
        for index, branch in enumerate(branches):
            yield from _machine(branch, f"{path}.Branches[{index}]", express=express)
    if type_ == "Map":
        key = "Iterator" if "Iterator" in state else "ItemProcessor"
        yield from _machine(state.get(key), f"{path}.{key}", express=express)
    yield from _retries(state.get("Retry", []), f"{path}.Retry")


def _times(state: Mapping[str, Any], path: str) -> Iterator[str]:
    timeout, heartbeat = state.get("TimeoutSeconds"), state.get("HeartbeatSeconds")
    for key, value in (("TimeoutSeconds", timeout), ("HeartbeatSeconds", heartbeat)):
        # Text is an expression of the query language JSONata, which is evaluated as it runs.
        if value is not None and not isinstance(value, str) and not _positive(value):
            yield f"{path}.{key}: must be a whole number of at least 1"
    if isinstance(timeout, int) and isinstance(heartbeat, int) and heartbeat >= timeout:
        yield f"{path}.HeartbeatSeconds: must be less than TimeoutSeconds"


def _positive(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _retries(value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    for index, retrier in enumerate(value if isinstance(value, list) else [None]):
        at = f"{path}[{index}]"
        if not isinstance(retrier, dict) or not _names(retrier.get("ErrorEquals")):
            yield f"{at}.ErrorEquals: must be an array of names of errors"
            continue
        if not _positive(retrier.get("IntervalSeconds", 1)):
            yield f"{at}.IntervalSeconds: must be a whole number of at least 1"
        attempts = retrier.get("MaxAttempts", 0)
        if not isinstance(attempts, int) or not 0 <= attempts <= _ATTEMPTS:
            yield f"{at}.MaxAttempts: must be 0 to {_ATTEMPTS}"
        backoff = retrier.get("BackoffRate", _BACKOFF)
        if not isinstance(backoff, int | float) or backoff < _BACKOFF:
            yield f"{at}.BackoffRate: must be at least {_BACKOFF}"


def _names(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, str) for v in value)


def _transitions(state: Mapping[str, Any], path: str, states: Mapping[str, Any]) -> Iterator[str]:
    """Where a state leads: beside it, or to an end."""
    type_ = state["Type"]
    if type_ in _TERMINAL:
        yield from (f"{path}.{k}: must not be given for {type_}" for k in ("Next", "End", "Catch")
                    if k in state)  # fmt: skip
        return
    if type_ == "Choice":
        yield from _choices(state, path, states)
        return
    if ("Next" in state) == (state.get("End") is True):
        yield f"{path}: must have exactly one of Next and End: true"
    if "Next" in state:
        yield from _next(state, path, states)
    catchers = state.get("Catch", [])
    for index, catcher in enumerate(catchers if isinstance(catchers, list) else [None]):
        at = f"{path}.Catch[{index}]"
        if not isinstance(catcher, dict) or not _names(catcher.get("ErrorEquals")):
            yield f"{at}.ErrorEquals: must be an array of names of errors"
            continue
        yield from _next(catcher, at, states)


def _choices(state: Mapping[str, Any], path: str, states: Mapping[str, Any]) -> Iterator[str]:
    choices = state.get("Choices")
    if not isinstance(choices, list) or not choices:
        yield f"{path}.Choices: must be an array of at least one rule"
        return
    yield from (f"{path}.{key}: must not be given for Choice" for key in ("Next", "End")
                if key in state)  # fmt: skip
    for index, choice in enumerate(choices):
        yield from _next(choice, f"{path}.Choices[{index}]", states)
    if "Default" in state and state["Default"] not in states:
        yield f"{path}.Default: must be a state beside this one"


def _next(value: Any, path: str, states: Mapping[str, Any]) -> Iterator[str]:  # noqa: ANN401 - any JSON
    target = value.get("Next") if isinstance(value, dict) else None
    if not isinstance(target, str) or target not in states:
        yield f"{path}.Next: must be a state beside this one"
