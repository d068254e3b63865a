"""roles-distinct: the program in a task doesn't get the powers that start it."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov
from ..core.values import Findings, Violation
from ..models.containers import TASK_DEFINITION


def _check(resource: Resource) -> Findings:
    roles = [task, execution] = [resource.at("taskRoleArn"), resource.at("executionRoleArn")]
    if not all(role.present for role in roles):
        return
    for role in roles:
        if not role.known:
            yield role.unreadable()
    if task.known and task.value == execution.value:
        yield Violation(f"{task.path}: is the execution role too")


RULE = Rule(
    name="roles-distinct",
    description="The role of an ECS task is not its execution role.",
    fix="Create one role for the program (taskRoleArn) and another for ECS (executionRoleArn).",
    severity=Severity.HIGH,
    mandatory=True,
    sources=checkov("CKV_AWS_249"),
    types=(TASK_DEFINITION,),
    check=_check,
)
