"""ecs-logging: every container's output is kept."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import cdk_nag, security_hub
from ..core.values import Findings, Place, Value, is_set
from ..models.containers import CONTAINER_TYPES, JOB_DEFINITION, judge_containers

_SHARED = "/aws/batch/job"
"""Where jobs log that say nothing else (Batch user guide, "Use the awslogs log driver")."""


def _check(resource: Resource) -> Findings:
    return judge_containers(resource, _judge_job if resource.type == JOB_DEFINITION else _judge)


def _judge(container: Place) -> Findings:
    return container.at("logConfiguration", "logDriver").require(
        _keeps_logs, "what the container writes is lost"
    )


def _judge_job(container: Place) -> Findings:
    """Without a configuration a job logs all the same: to a group that Batch made for all jobs."""
    configuration = container.at("logConfiguration")
    if is_set(configuration.value):
        yield from _judge(container)
    if configuration.at("logDriver").value in (None, "awslogs"):
        yield from configuration.at("options", "awslogs-group").forbid(
            lambda group: group in (None, "", _SHARED),
            "logs are kept with those of all jobs of the account, in a group without a retention",
        )


def _keeps_logs(driver: Value) -> bool:
    return is_set(driver) and driver != "none"


RULE = Rule(
    name="ecs-logging",
    description="Containers of ECS and Batch have logs, those of Batch in a group of their own.",
    fix=(
        "Set logConfiguration with the driver awslogs, awsfirelens or splunk on every container; in"
        " Batch name a log group of the job's own in awslogs-group."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*security_hub("ECS.9"), *cdk_nag("ECS7")),
    types=CONTAINER_TYPES,
    check=_check,
)
