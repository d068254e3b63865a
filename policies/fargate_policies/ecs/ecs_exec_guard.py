"""ecs-exec-guard: nobody enters production's tasks, and elsewhere it is encrypted and recorded.

Jobs of AWS Batch run in a cluster that Batch makes: how sessions are kept there, no stack says.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov
from ..core.values import UNKNOWN, Findings, Place, Undecided, Violation, is_false, is_true
from ..models.containers import JOB_DEFINITION, judge_job, remedy_job
from ..models.launches import CLUSTER, EVENT_TARGET, PIPE, SCHEDULE, SERVICE
from ..models.production import PARAMETERS, in_production
from ..models.state_machines import STATE_MACHINE
from ..models.task_calls import CALLING_TYPES, COMPUTED, PLACE, given_to, task_calls

_SWITCH: Final = "enableExecuteCommand"
_SWITCHES: Final[Mapping[str, tuple[str, ...]]] = {
    SERVICE: (_SWITCH,),
    EVENT_TARGET: ("ecsTarget", _SWITCH),
    SCHEDULE: ("target", "ecsParameters", _SWITCH),
    PIPE: ("targetParameters", "ecsTaskParameters", _SWITCH),
}
"""Where ECS Exec is switched on, by what starts the tasks."""


def _check(resource: Resource) -> Findings:
    if resource.type == CLUSTER:
        return _check_sessions(resource.at("configuration", "executeCommandConfiguration"))
    if resource.type == JOB_DEFINITION:
        return judge_job(resource, judge_task=lambda task: _judge(resource, task.at(_SWITCH)))
    return _check_start(resource)


def _check_start(resource: Resource) -> Findings:
    if resource.type in _SWITCHES:
        yield from _judge(resource, resource.at(*_SWITCHES[resource.type]))
    if resource.type in CALLING_TYPES:
        # A text that can't be read is for `ecs-no-public-ip`.
        for call in task_calls(resource, PLACE):
            if isinstance(call, Place):
                yield from _judge_call(resource, call)


def _judge_call(resource: Resource, call: Place) -> Findings:
    switch, computed = given_to(call, "EnableExecuteCommand")
    if not computed:
        yield from _judge(resource, switch)
    elif in_production(resource, resource.settings) is not False:
        yield Violation(f"{switch.path}: {COMPUTED}")


def _judge(resource: Resource, switch: Place) -> Findings:
    if switch.value is None or is_false(switch.value):
        return
    production = in_production(resource, resource.settings)
    if not switch.known and switch.value is not UNKNOWN:
        yield switch.unreadable()
    elif production is None:
        yield Undecided("tags")
    elif production:
        yield from switch.forbid(is_true, "a shell into production's tasks is open")


def _check_sessions(sessions: Place) -> Findings:
    """A cluster without settings for sessions is judged where a service switches them on."""
    if sessions.value is None:
        return
    if not sessions.at("kmsKeyId").present:
        yield Violation(f"{sessions.path}.kmsKeyId: sessions aren't encrypted with a KMS key")
    yield from sessions.at("logging").require(
        lambda value: value == "OVERRIDE", "what is typed in sessions isn't recorded for sure"
    )
    yield from _check_logs(sessions.at("logConfiguration"))


def _check_logs(logs: Place) -> Findings:
    group, bucket = logs.at("cloudWatchLogGroupName"), logs.at("s3BucketName")
    if not group.present and not bucket.present:
        yield Violation(f"{logs.path}: names neither a log group nor a bucket for sessions")
    if group.present:
        yield from logs.at("cloudWatchEncryptionEnabled").require(
            is_true, "sessions may be recorded in a log group that isn't encrypted"
        )
    if bucket.present:
        yield from logs.at("s3BucketEncryptionEnabled").require(
            is_true, "sessions may be recorded in a bucket that isn't encrypted"
        )


def _remedy(resource: Resource) -> Iterator[Change]:
    """Switch it off in production; not in a call, whose text is a program."""
    if not in_production(resource, resource.settings):
        return
    if resource.type == JOB_DEFINITION:
        yield from remedy_job(resource, mend_task=_mend)
    elif resource.type in _SWITCHES and is_true(resource.at(*_SWITCHES[resource.type]).value):
        yield Change(_SWITCHES[resource.type], value=False)


def _mend(task: dict[str, Any]) -> dict[str, Any]:
    return {**task, _SWITCH: False} if is_true(task.get(_SWITCH)) else task


RULE = Rule(
    name="ecs-exec-guard",
    description="ECS Exec is off in production, and its sessions are encrypted and logged.",
    fix=(
        "Set enableExecuteCommand to false in production. Elsewhere give the cluster an"
        " executeCommandConfiguration with kmsKeyId, logging OVERRIDE and an encrypted log group or"
        " bucket. The parameters `productionTags` and `productionStacks` say what production is."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=checkov("CKV_AWS_223", "CKV_AWS_224"),
    parameters=PARAMETERS,
    types=(CLUSTER, *_SWITCHES, JOB_DEFINITION, STATE_MACHINE),
    check=_check,
    remedy=_remedy,
)
