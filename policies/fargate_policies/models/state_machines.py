"""Step Functions: what the states of a state machine's definition call."""

import re
from collections.abc import Iterator
from typing import Final

from ..core.rule import Resource
from ..core.values import Marker, Place, Violation
from .json_text import parsed

STATE_MACHINE: Final = "aws:sfn/stateMachine:StateMachine"

_RUN_TASK = re.compile(r"arn:[^:]*:states:::(aws-sdk:)?ecs:runTask(\.\w+(:2)?)?")


def task_networks(machine: Resource) -> Iterator[Place | Violation]:
    """Yield the network settings of each call of RunTask, in whichever state it is.

    JSONPath has them in Parameters, JSONata in Arguments. What isn't known stands for itself.
    """
    definition = parsed(machine.at("definition"))
    if isinstance(definition, Violation) or not definition.known:
        yield definition
        return
    for state in _states(definition):
        if not state.known:
            yield state
        elif _RUN_TASK.fullmatch(state.at("Resource").text):
            for given in ("Parameters", "Arguments"):
                yield state.at(given, "NetworkConfiguration", "AwsvpcConfiguration")


def _states(machine: Place) -> Iterator[Place]:
    """Yield all states, those within Map and Parallel states too."""
    states = machine.at("States")
    if not isinstance(states.value, dict):
        if states.present:
            yield Place(Marker.NOT_AN_OBJECT, states.path)
        return
    for name in states.value:
        state = states.at(name)
        yield state
        if isinstance(state.value, dict):
            yield from _nested(state)


def _nested(state: Place) -> Iterator[Place]:
    machines = (*state.at("Branches").items(), state.at("ItemProcessor"), state.at("Iterator"))
    for machine in machines:
        yield from _states(machine)
