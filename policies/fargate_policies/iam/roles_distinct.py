"""roles-distinct: the program in a task doesn't get the powers that start it."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov
from ..core.values import Findings, Place, Violation
from ..models.containers import CONTAINER_TYPES, JOB_DEFINITION, judge_job


def _check(resource: Resource) -> Findings:
    if resource.type == JOB_DEFINITION:
        return judge_job(resource, judge_task=_judge_job)
    return _judge(resource.at("taskRoleArn"), resource.at("executionRoleArn"))


def _judge_job(task: Place) -> Findings:
    own = task.at("jobRoleArn")
    return _judge(own if own.present else task.at("taskRoleArn"), task.at("executionRoleArn"))


def _judge(task: Place, execution: Place) -> Findings:
    roles = [task, execution]
    if not all(role.present for role in roles):
        return
    for role in roles:
        if not role.known:
            yield role.unreadable()
    if task.known and task.value == execution.value:
        yield Violation(f"{task.path}: is the execution role too")


RULE = Rule(
    name="roles-distinct",
    description="The role of an ECS task or a Batch job is not its execution role.",
    fix="Create one role for the program (taskRoleArn) and another for ECS (executionRoleArn).",
    severity=Severity.HIGH,
    mandatory=True,
    sources=checkov("CKV_AWS_249"),
    types=CONTAINER_TYPES,
    check=_check,
)
