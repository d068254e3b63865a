"""Everything that starts tasks and jobs with a role of its own: rules, schedules, pipes, states."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..core.rule import Member, Stack
from ..core.values import UNKNOWN
from .containers import JOB_DEFINITION, TASK_DEFINITION
from .launches import PIPE
from .state_machines import STATE_MACHINE, Call, calls

EVENT_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
SCHEDULE: Final = "aws:scheduler/schedule:Schedule"
_QUEUE: Final = "aws:batch/jobQueue:JobQueue"
_UNIVERSAL: Final = re.compile(r"arn:[^:]*:scheduler:::aws-sdk:(?:(ecs:runTask)|(batch:submitJob))")


@dataclass(frozen=True)
class Starter:
    """A resource that starts tasks or jobs by itself.

    Attributes:
        member: the resource.
        role: its property that names the role by which it does so.
        tasks: whether it starts tasks of ECS.
        jobs: whether it starts jobs of Batch.
        calls: what the states of a state machine start; in a preview that doesn't know the states,
            what these are made from.
        known: whether that is all.
    """

    member: Member
    role: str
    tasks: bool
    jobs: bool
    calls: tuple[Call, ...] = ()
    known: bool = True


@dataclass(frozen=True)
class _Places:
    """Where a resource says that it starts tasks or jobs, and which property names its role."""

    role: str
    tasks: tuple[str, ...]
    jobs: tuple[str, ...]


_PLACES: Final[Mapping[str, _Places]] = {
    EVENT_TARGET: _Places("roleArn", ("ecsTarget",), ("batchTarget",)),
    PIPE: _Places(
        "roleArn",
        ("targetParameters", "ecsTaskParameters"),
        ("targetParameters", "batchJobParameters"),
    ),
}
STARTER_TYPES: Final = (*_PLACES, SCHEDULE, STATE_MACHINE)


def starters(stack: Stack) -> Iterator[Starter]:
    """Yield the resources of a stack that start tasks or jobs, or may do so."""
    for kind, places in _PLACES.items():
        for member in stack.of_type(kind):
            tasks = member.at(*places.tasks).value is not None
            jobs = member.at(*places.jobs).value is not None
            if tasks or jobs:
                yield Starter(member, places.role, tasks, jobs)
    for member in stack.of_type(SCHEDULE):
        called = _UNIVERSAL.fullmatch(member.at("target", "arn").text)
        unknown = member.at("target").value is UNKNOWN
        tasks = member.at("target", "ecsParameters").value is not None or bool(called and called[1])
        jobs = unknown or bool(called and called[2])
        if tasks or jobs:
            yield Starter(member, "target", tasks, jobs)
    for member in stack.of_type(STATE_MACHINE):
        yield from _by_states(stack, member)


def _by_states(stack: Stack, machine: Member) -> Iterator[Starter]:
    called = calls(machine)
    if called is None:
        made_from = tuple(_named_by(stack, machine))
        yield Starter(machine, "roleArn", tasks=True, jobs=True, calls=made_from, known=False)
    elif called:
        jobs = [call.is_job for call in called]
        yield Starter(machine, "roleArn", not all(jobs), any(jobs), tuple(called))


def _named_by(stack: Stack, machine: Member) -> Iterator[Call]:
    """Yield what a definition that isn't known yet is made from, as far as it can be started."""

    def names(kind: str, key: str) -> Iterator[str]:
        for member in stack.referred(machine, "definition", (kind,)):
            if name := member.at(key).text:
                yield name

    yield from (Call(family=family) for family in names(TASK_DEFINITION, "family"))
    yield from (Call(definition=name, is_job=True) for name in names(JOB_DEFINITION, "name"))
    yield from (Call(queue=name, is_job=True) for name in names(_QUEUE, "name"))
