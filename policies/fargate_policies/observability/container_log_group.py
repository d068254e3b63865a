"""container-log-group: what containers write to CloudWatch is kept for a chosen time.

`ecs-logging` judges whether a container logs, and `logs-retention` the log groups of a stack; a
container may still write to a group that nothing gives a retention. ECS and Batch make one that
keeps everything for ever where awslogs-create-group says so. Other drivers than awslogs have places
of their own.
"""

from fnmatch import fnmatchcase
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Parameter, Stack, StackRule
from ..core.sources import checkov, guide, security_hub
from ..core.values import Findings, Place, Undecided, Value, Violation
from ..models.containers import CONTAINER_TYPES, judge_containers
from ..models.log_groups import LOG_GROUP, is_limited

_ON: Final = {"1", "t", "true"}
"""How a driver's option is switched on: what Go's strconv.ParseBool takes."""


def _check(stack: Stack) -> Findings:
    for definition in stack.of_type(*CONTAINER_TYPES):
        for finding in judge_containers(definition, lambda container: _judge(stack, container)):
            yield definition.own(finding)


def _judge(stack: Stack, container: Place) -> Findings:
    configuration = container.at("logConfiguration")
    driver = configuration.at("logDriver")
    if not driver.known:
        yield driver.unreadable()
    elif driver.value == "awslogs":
        options = configuration.at("options")
        yield from options.at("awslogs-create-group").forbid(
            _is_on, "a log group that is made at the start of a task has no retention"
        )
        yield from _judge_group(stack, options.at("awslogs-group"))


def _is_on(value: Value) -> bool:
    return str(value).lower() in _ON


def _judge_group(stack: Stack, group: Place) -> Findings:
    if not group.known:
        yield group.unreadable()
    elif not group.text:
        yield Violation(f"{group.path}: names no log group")
    elif not any(fnmatchcase(group.text, pattern) for pattern in stack.settings["keptGroups"]):
        yield from _judge_retention(stack, group)


def _judge_retention(stack: Stack, group: Place) -> Findings:
    by_name = stack.with_text(LOG_GROUP, "name")
    found = by_name.get(group.text, [])
    retentions = [each.at("retentionInDays") for each in found]
    if any(is_limited(days.value) for days in retentions):
        return
    if not all(days.known for days in retentions):
        yield Undecided(f"the retention of the log group in {group.path}")
    elif found:
        yield Violation(f"{group.path}: the log group {found[0].name} has no retention")
    elif "" in by_name:
        # One whose name AWS has yet to choose.
        yield Undecided(f"the log group in {group.path}")
    else:
        yield Violation(f"{group.path}: nothing in the stack gives the log group a retention")


RULE = StackRule(
    name="container-log-group",
    description="Containers log to a log group with a retention.",
    fix=(
        "Create a LogGroup with retentionInDays, name it in awslogs-group and leave out"
        " awslogs-create-group; groups that get a retention elsewhere are for the parameter"
        " `keptGroups`."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(
        *security_hub("CloudWatch.16"),
        *checkov("CKV_AWS_66"),
        *guide(
            "Amazon ECS developer guide",
            "Send Amazon ECS logs to CloudWatch",
            "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
        ),
    ),
    parameters={
        "keptGroups": Parameter(
            "names of log groups outside the stack that have a retention; with * as a wildcard", ()
        )
    },
    types=CONTAINER_TYPES,
    check=_check,
)
