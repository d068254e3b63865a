"""Step Functions: what the states of a state machine's definition call."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..core.rule import Member, Resource
from ..core.values import UNKNOWN, Marker, Place, Violation
from .json_text import parsed

STATE_MACHINE: Final = "aws:sfn/stateMachine:StateMachine"

_RUN_TASK = re.compile(r"arn:[^:]*:states:::(aws-sdk:)?ecs:runTask(\.\w+(:2)?)?")
_SUBMIT_JOB = re.compile(r"arn:[^:]*:states:::(aws-sdk:)?batch:submitJob(\.\w+(:2)?)?")
_NAMED = re.compile(
    r"(?:arn:[^:]*:(?:ecs|batch):[^:]*:[^:]*:(?:task-definition|job-definition|job-queue)/)?"
    r"([\w-]+)(?::[0-9]+)?"
)
"""What is started: a name or an ARN, with a revision or without. No expression looks like that."""


@dataclass(frozen=True)
class Call:
    """A call by which a state starts a task or a job.

    Attributes:
        family: the task's family; None if it is a job, or computed when the state runs.
        definition, queue: the job's definition and queue; likewise.
        is_job: whether it is a job.
    """

    family: str | None = None
    definition: str | None = None
    queue: str | None = None
    is_job: bool = False

    @property
    def computed(self) -> bool:
        """Whether anything that it names is known only when the state runs."""
        named = (self.definition, self.queue) if self.is_job else (self.family,)
        return None in named


def calls(machine: Resource | Member) -> list[Call] | None:
    """Return the calls that start tasks and jobs, in whichever state they are.

    None if the definition isn't known; one that can't be read has none, and another rule says so.
    """
    definition = parsed(machine.at("definition"))
    if isinstance(definition, Violation):
        return []
    found = [] if not definition.known else list(states(definition))
    if definition.value is UNKNOWN or any(state.value is UNKNOWN for state in found):
        return None
    return [call for state in found for call in _calls(state)]


def _calls(state: Place) -> Iterator[Call]:
    called = state.at("Resource").text
    given = state.at("Arguments")
    given = given if given.present else state.at("Parameters")
    if _RUN_TASK.fullmatch(called):
        yield Call(family=_name(given, "TaskDefinition"))
    elif _SUBMIT_JOB.fullmatch(called):
        definition, queue = _name(given, "JobDefinition"), _name(given, "JobQueue")
        yield Call(definition=definition, queue=queue, is_job=True)


def _name(given: Place, key: str) -> str | None:
    match = _NAMED.fullmatch(given.at(key).text)
    return match[1] if match else None


def states(machine: Place) -> Iterator[Place]:
    """Yield all states, those within Map and Parallel states too."""
    named = machine.at("States")
    if not isinstance(named.value, dict):
        if named.present:
            yield Place(Marker.NOT_AN_OBJECT, named.path)
        return
    for name in named.value:
        state = named.at(name)
        yield state
        if isinstance(state.value, dict):
            yield from _nested(state)


def _nested(state: Place) -> Iterator[Place]:
    machines = (*state.at("Branches").items(), state.at("ItemProcessor"), state.at("Iterator"))
    for machine in machines:
        yield from states(machine)
