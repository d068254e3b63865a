"""A job's task that Step Functions starts, waits for, stops in time and starts again."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components.ecs.capacity import parts
from components.environment import Environment
from components.iam import Statement, allow
from components.jobs.event_arrays import environment_overrides, tasks_of_batch
from components.jobs.task import JobTask
from components.jobs.task_states import Parameters, overrides, task_states
from components.settings import JobSettings
from components.state_machine import StateMachine

EVENTS_RULE = "StepFunctionsGetEventsForECSTaskRule"
"""Rule of Step Functions' own, one in an account and region, by which it learns of a task's end."""


class SupervisedTask(StateMachine):
    """A state machine that runs a job's task, with a role that may run this task alone.

    A timeout and an execution that somebody stops stop the task too (StopTask). Both an exit code
    and a timeout end the execution as FAILED, so CloudWatch counts both as ExecutionsFailed.

    Each execution runs the revision that was deployed when it started. A deployment deregisters
    that revision: the task that runs goes on, and a retry after it fails.

    Fields of the execution's input become environment variables of the job's own container. Where
    that is a batch of events, each variable is an array, and more than a task takes are several.

    Cost: a run has one state, four with variables of a batch, three with a limit of concurrency.
    """

    def __init__(
        self,
        name: str,
        settings: JobSettings,
        task: JobTask,
        *,
        variables: Mapping[str, str] | None = None,
        parent: pulumi.Resource,
    ) -> None:
        environment = task.cluster.network.environment
        super().__init__(
            name,
            _definition(settings, task, variables or {}, partition=environment.partition),
            purpose="supervisor",
            statements=[*task.run_statements(), *_watch_statements(settings, task, environment)],
            environment=environment,
            prerequisites=task.prerequisites,
            parent=parent,
        )


def _watch_statements(
    settings: JobSettings, task: JobTask, environment: Environment
) -> Sequence[Statement]:
    """Return what waiting for the task, stopping it and counting its like takes."""
    return [
        task.watch_statement(),
        allow(
            ["events:DescribeRule", "events:PutRule", "events:PutTargets"],
            [environment.arn("events", f"rule/{EVENTS_RULE}")],
        ),
        *([task.list_statement()] if settings.concurrency else []),
    ]


def _definition(
    settings: JobSettings, task: JobTask, variables: Mapping[str, str], *, partition: str
) -> Mapping[str, Any]:
    in_batches = bool(settings.event_batch and variables)
    given = _overrides(task.name, variables, in_batches=in_batches)
    return task_states(
        settings,
        partition=partition,
        run_task=_run_parameters(task, given),
        tasks=tasks_of_batch(task.name, variables) if in_batches else None,
        list_tasks={"Cluster": task.cluster_arn, "Family": task.definition.family},
    )


def _overrides(
    container: str, variables: Mapping[str, str], *, in_batches: bool
) -> Parameters | None:
    if in_batches:
        return environment_overrides(container, "{% $states.input.environment %}")
    return overrides(container, variables) if variables else None


def _run_parameters(task: JobTask, given: Parameters | None) -> Parameters:
    """Return RunTask's parameters, of which Step Functions takes these but not all.

    It starts one task, marks it as its own (StartedBy), and doesn't take EnableECSManagedTags.
    """
    return {
        "Cluster": task.cluster_arn,
        "TaskDefinition": task.definition.arn,
        "CapacityProviderStrategy": [
            {"CapacityProvider": provider, "Base": part.base, "Weight": part.weight}
            for provider, _, part in parts(task.capacity)
        ],
        "NetworkConfiguration": {
            "AwsvpcConfiguration": {
                "Subnets": task.cluster.network.private_subnet_ids,
                "SecurityGroups": [task.group_id],
                "AssignPublicIp": "DISABLED",
            }
        },
        "EnableExecuteCommand": False,
        "PropagateTags": "TASK_DEFINITION",
        **({"Overrides": given} if given else {}),
    }
