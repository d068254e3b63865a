"""What a role is allowed that starts tasks and jobs, statement by statement."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..models.iam_document import Statement
from ..models.launches import PIPE
from ..models.starters import Starter
from ..models.state_machines import STATE_MACHINE
from .actions import expand, resource_patterns
from .conditions import is_open, names_cluster
from .permissions import is_unnamed

_HERE: Final = r"arn:aws[a-z-]*:{}:[a-z0-9-]+:[0-9]{{12}}:"
FAMILY: Final = re.compile(_HERE.format("ecs") + r"task-definition/([\w-]+)(?::[0-9*]+)?")
DEFINITION: Final = re.compile(_HERE.format("batch") + r"job-definition/([\w-]+)(?::[0-9*]+)?")
QUEUE: Final = re.compile(_HERE.format("batch") + r"job-queue/([\w-]+)")
_JOBS: Final = re.compile(_HERE.format("batch") + r"job/.+")
"""Jobs have ids that Batch chooses: which jobs there are, definition and queue say."""
_OWN_RULE: Final = re.compile(_HERE.format("events") + r"rule/StepFunctionsGetEventsFor\w+")
"""Rules of Step Functions' own, by which it learns of the end of what it started."""

_DEAD_LETTERS: Final = frozenset({"sqs:SendMessage", "kms:Decrypt", "kms:GenerateDataKey"})
_SOURCES: Final = frozenset(
    {
        *("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
        *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords"),
        *("kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:ListStreams"),
        *("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
        *("dynamodb:ListStreams", "logs:CreateLogStream", "logs:PutLogEvents"),
    }
)
"""What a pipe reads, and where it logs."""
_RULES: Final = frozenset({"events:DescribeRule", "events:PutRule", "events:PutTargets"})
_WATCHING: Final = frozenset(
    {"batch:DescribeJobs", "ecs:DescribeTasks", "ecs:ListTasks", "ecs:StopTask"}
)
_STARTING: Final = ("batch", "ecs", "iam")
"""Services of which a state machine's role may do no more than starting and watching takes."""


@dataclass(frozen=True)
class Use:
    """What a role is for: all that starts something with it."""

    starters: tuple[Starter, ...]

    @property
    def tasks(self) -> bool:
        """Whether it starts tasks of ECS."""
        return any(starter.tasks for starter in self.starters)

    @property
    def jobs(self) -> bool:
        """Whether it submits jobs of Batch."""
        return any(starter.jobs for starter in self.starters)

    @property
    def by_pipe(self) -> bool:
        """Whether a pipe has it, which also reads a source."""
        return any(starter.member.type == PIPE for starter in self.starters)

    @property
    def by_states(self) -> bool:
        """Whether a state machine has it, which may do other things too."""
        return any(starter.member.type == STATE_MACHINE for starter in self.starters)

    def starts(self, statements: Iterable[Statement]) -> bool:
        """Whether it is certain that anything is started, by its starters or by the role itself."""
        return any(starter.known for starter in self.starters) or any(
            statement.covers_action(action)
            for statement in statements
            for action in ("ecs:RunTask", "batch:SubmitJob")
        )


def problems(statement: Statement, use: Use) -> Iterator[str]:
    """Yield what a statement allows that starting something by itself doesn't take."""
    if statement.not_actions or statement.not_resources:
        yield "allows by leaving something out"
    starting = {**(_OF_TASKS if use.tasks else {}), **(_OF_JOBS if use.jobs else {})}
    for index, pattern in enumerate(statement.actions):
        found = {
            starting[action](statement)
            if action in starting
            else _problem_of_states(statement, action)
            if use.by_states
            else _problem_besides(statement, action, use)
            for action in expand(pattern)
        }
        yield from (f"Action[{index}] {problem}" for problem in sorted(found) if problem)


def _problem_of_running(statement: Statement) -> str:
    named = all(map(FAMILY.fullmatch, statement.resources))
    clusters = any(map(names_cluster, statement.conditions_on("ecs:cluster")))
    return "" if named and clusters else "starts more than one family's tasks in one cluster"


def _problem_of_passing(statement: Statement) -> str:
    return "passes roles that aren't named" if any(map(is_unnamed, statement.resources)) else ""


def _problem_of_tagging(statement: Statement) -> str:
    pinned = any(c.pins() for c in statement.conditions_on("ecs:CreateAction"))
    return "" if pinned else "tags more than what it starts"


def _problem_of_submitting(statement: Statement) -> str:
    forms = (DEFINITION, QUEUE, _JOBS)
    named = all(any(form.fullmatch(each) for form in forms) for each in statement.resources)
    return "" if named else "submits more than one job to one queue"


def _problem_of_tagging_jobs(statement: Statement) -> str:
    jobs = all(map(_JOBS.fullmatch, statement.resources))
    return "" if jobs else "tags more than what it starts"


_OF_TASKS: Final[Mapping[str, Callable[[Statement], str]]] = {
    "ecs:RunTask": _problem_of_running,
    "ecs:TagResource": _problem_of_tagging,
    "iam:PassRole": _problem_of_passing,
}
_OF_JOBS: Final[Mapping[str, Callable[[Statement], str]]] = {
    "batch:SubmitJob": _problem_of_submitting,
    "batch:TagResource": _problem_of_tagging_jobs,
}


def _problem_besides(statement: Statement, action: str, use: Use) -> str:
    if action not in _DEAD_LETTERS | (_SOURCES if use.by_pipe else frozenset()):
        return "is for more than starting it"
    return "is allowed on what isn't named" if any(map(is_unnamed, statement.resources)) else ""


def _problem_of_states(statement: Statement, action: str) -> str:
    if action in _RULES:
        own = all(map(_OWN_RULE.fullmatch, statement.resources))
        return "" if own else "changes rules that aren't Step Functions' own"
    if action == "batch:TerminateJob":
        return ""  # Jobs alone, whose ids aren't known before.
    if action.partition(":")[0] in _STARTING and action not in _WATCHING:
        return "is for more than starting it and waiting for its end"
    if is_open(statement, action) and resource_patterns(action):
        return "is allowed on what isn't named"
    return ""
