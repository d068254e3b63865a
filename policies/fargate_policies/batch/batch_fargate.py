"""batch-fargate: jobs of AWS Batch are isolated as tasks of ECS on Fargate are.

What Batch has of its own: where a job runs, as whom, in which network. What its containers are is
judged by the rules on containers of ECS (`ecs-...`), which read job definitions too.
"""

from collections.abc import Iterator
from typing import Any, Final

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, guide
from ..core.values import Findings, Place, Violation, is_set, is_true
from ..models.containers import JOB_DEFINITION, judge_job, own_role, remedy_job
from ..models.launches import ENVIRONMENT

_CAPACITY: Final = ("FARGATE", "FARGATE_SPOT")


def _check(resource: Resource) -> Findings:
    if resource.type == ENVIRONMENT:
        yield from resource.at("computeResources", "type").require(
            lambda value: value in _CAPACITY, "jobs don't run on Fargate"
        )
        return
    on_eks = resource.at("eksProperties")
    if on_eks.present:
        yield from on_eks.forbid(is_set, "Batch runs pods on EC2, never on Fargate")
        return
    yield from _check_platform(resource)
    yield from judge_job(resource, judge_container=_judge_container, judge_task=_judge_task)


def _check_platform(resource: Resource) -> Findings:
    declared = resource.at("platformCapabilities")
    if declared.value is None or declared.value == []:
        yield Violation(f"{declared.path}: FARGATE isn't required, so the job runs on EC2")
    for item in declared.items():
        yield from item.require(
            lambda value: value == "FARGATE", "the job may run on something other than Fargate"
        )
    yield from resource.at("nodeProperties").forbid(is_set, "Fargate has no jobs on several nodes")


def _judge_container(container: Place) -> Findings:
    return container.at("privileged").forbid(is_true, "the container has the host's root powers")


def _judge_task(task: Place) -> Findings:
    own, execution = own_role(task), task.at("executionRoleArn")
    if not execution.present:
        yield Violation(f"{execution.path}: is missing, and Fargate starts no job without it")
    elif own.present:
        yield from (role.unreadable() for role in (own, execution) if not role.known)
        if own.known and own.value == execution.value:
            yield Violation(f"{own.path}: is the execution role too")
    yield from task.at("networkConfiguration", "assignPublicIp").forbid(
        lambda value: value not in (None, "DISABLED"), "the job gets a public IP address"
    )


def _remedy(resource: Resource) -> Iterator[Change]:
    return remedy_job(resource, mend_container=_mend_container, mend_task=_mend_task)


def _mend_container(container: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in container.items() if k != "privileged" or not is_true(v)}


def _mend_task(task: dict[str, Any]) -> dict[str, Any]:
    network = Place(task, "").at("networkConfiguration")
    if not is_true(network.at("assignPublicIp").value):
        return task
    return {**task, "networkConfiguration": {**network.value, "assignPublicIp": "DISABLED"}}


RULE = Rule(
    name="batch-fargate",
    description=(
        "Jobs of AWS Batch run on Fargate, unprivileged, with two roles and without a public IP"
        " address."
    ),
    fix=(
        "Set platformCapabilities to FARGATE only, and the type of computeResources to FARGATE or"
        " FARGATE_SPOT; give the job an executionRoleArn and another role for its program; remove"
        " privileged, and set assignPublicIp to DISABLED."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(
        *checkov("CKV_AWS_210"),
        *guide(
            "AWS Batch user guide",
            "Fargate compute environments",
            "https://docs.aws.amazon.com/batch/latest/userguide/fargate.html",
        ),
    ),
    types=(JOB_DEFINITION, ENVIRONMENT),
    check=_check,
    remedy=_remedy,
)
