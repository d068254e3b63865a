"""What Step Functions does with a job's task, in Amazon States Language: plain data.

The states are of JSONPath, but for those of a batch, which JSONata divides into tasks;
https://states-language.net has their specification.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, Final

from components.settings import JobSettings
from components.settings.job import DeliverySettings

NOT_STARTED: Final = (
    "AmazonECS.Unknown",
    "ECS.AmazonECSException",
    "ECS.SdkClientException",
    "ECS.ServerException",
)
"""Errors of a task that didn't start for want of capacity or calls, or by a fault of AWS.

The first is that of an answer with failures (Step Functions guide, "Run Amazon ECS or Fargate
tasks"); the second is any error that RunTask's model doesn't list, throttling and a reached quota
among them.
"""
FIRST_PAUSE: Final = 30
"""Seconds before the first retry; each later pause is twice as long."""
LONGEST_PAUSE: Final = 600
"""Seconds between two tries to start, at most."""
JSONATA: Final = "JSONata"

Parameters = Mapping[str, Any]
"""Parameters of a call, in the PascalCase of Step Functions; values may be Outputs."""
State = Mapping[str, Any]


def task_states(
    settings: JobSettings,
    *,
    partition: str,
    run_task: Parameters,
    list_tasks: Parameters,
    tasks: str | None = None,
) -> Mapping[str, Any]:
    """Return the definition of a state machine that runs a job's task to its end.

    With a limit of concurrency the job's tasks are counted first, whoever started them. Between the
    count and the start is a moment, and ECS lists a new task some seconds late: starts that close
    together may all run. A task that waits for its next try isn't counted, and a try isn't preceded
    by another count.

    Args:
        settings: the job's.
        partition: AWS's partition, such as aws.
        run_task: parameters of ecs:RunTask.
        list_tasks: parameters of ecs:ListTasks that find the job's tasks.
        tasks: JSONata expression of an array with what each task gets, where an execution may run
            several; `run_task` has expressions for it then, and `events` of each are counted. Such
            a job has no limit of concurrency, which would skip whole batches: settings refuse it.
    """
    run = _run(settings, partition, run_task)
    if tasks:
        return {"StartAt": "Batch", "States": _batch(tasks, run)}
    if settings.concurrency is None:
        return {"StartAt": "Run", "States": {"Run": run}}
    limited = {
        "Count": _count(settings.concurrency, partition, list_tasks),
        "Limit": _limit(settings.concurrency),
        "Skipped": {
            "Type": "Succeed",
            "Comment": "As many tasks of the job ran as may run at once: it was not started.",
        },
    }
    return {"StartAt": "Count", "States": {**limited, "Run": run}}


def overrides(container: str, variables: Mapping[str, str]) -> Parameters:
    """Return overrides of a task that give a container fields of the execution's input.

    Args:
        container: name of the container that gets the variables.
        variables: by variable, the path of a field, such as $.detail.order.id.
    """
    return {"ContainerOverrides": [{"Name": container, "Environment": variables_of(variables)}]}


def variables_of(variables: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
    """Return environment variables that hold fields of the execution's input.

    A field becomes the value of its variable and nothing else, whatever characters it has: Step
    Functions puts it into parameters that are data already, not into text that is read as JSON
    afterwards. States.Format makes text of numbers, true and false too. A field that isn't there
    fails the execution.

    Args:
        variables: by variable, the path of a field, such as $.detail.order.id.
    """
    return [
        {"Name": name, "Value.$": f"States.Format('{{}}', {_input_path(path)})"}
        for name, path in sorted(variables.items())
    ]


def _input_path(path: str) -> str:
    """Return where the context object has a field of the execution's input, in every state.

    Names such as detail-type stand in brackets and quotes, where JSONPath takes any name.
    """
    steps = (
        f".{name}{index}" if name.isidentifier() else f"['{name}']{index}"
        for name, index in re.findall(r"\.([^.\[]+)(\[\d+\])?", path)
    )
    return f"$$.Execution.Input{''.join(steps)}"


def _run(settings: JobSettings, partition: str, parameters: Parameters) -> State:
    """Start the task, wait for its end, and stop it when its time is up.

    A timeout matches no retrier: States.TaskFailed is every error but States.Timeout.
    """
    limit = {"TimeoutSeconds": settings.timeout} if settings.timeout else {}
    failed = [_retrier(["States.TaskFailed"], settings.retries)] if settings.retries else []
    not_started = {
        **_retrier(NOT_STARTED, start_attempts(settings.delivery)),
        "MaxDelaySeconds": LONGEST_PAUSE,
    }
    return {
        "Type": "Task",
        "Resource": f"arn:{partition}:states:::ecs:runTask.sync",
        "Parameters": parameters,
        "Retry": [not_started, *failed],
        **limit,
        "End": True,
    }


def _count(limit: int, partition: str, parameters: Parameters) -> State:
    """Count the tasks that are to run, PROVISIONING and PENDING ones included.

    One page of a list has 100 tasks, the highest limit there is.
    """
    return {
        "Type": "Task",
        "Resource": f"arn:{partition}:states:::aws-sdk:ecs:listTasks",
        "Parameters": {**parameters, "DesiredStatus": "RUNNING", "MaxResults": 100},
        "ResultSelector": {"limit": limit, "running.$": "States.ArrayLength($.TaskArns)"},
        "Retry": [_retrier(["States.TaskFailed"], 5)],
        "TimeoutSeconds": 60,
        "Next": "Limit",
    }


def _limit(limit: int) -> State:
    reached = {"Variable": "$.running", "NumericGreaterThanEquals": limit, "Next": "Skipped"}
    return {"Type": "Choice", "Choices": [reached], "Default": "Run"}


def _batch(tasks: str, run: State) -> Mapping[str, State]:
    """Run the tasks of a batch, one after another, and fail if events are in none of them.

    Where one fails the next ones don't start: redriving the execution goes on with it. Events that
    no task can get don't keep the others from theirs. What ECS answers isn't passed on: of many
    tasks it would be more than a state may put out.
    """
    parameters = {
        ("Arguments" if key == "Parameters" else key): value for key, value in run.items()
    }
    one = {**parameters, "QueryLanguage": JSONATA, "Output": "{% $states.input.events %}"}
    got = "$sum($states.result)"
    left_out = f"{{% $count($states.context.Execution.Input) - {got} %}}"
    some = {"Variable": "$.leftOut", "NumericGreaterThan": 0, "Next": "LeftOut"}
    return {
        "Batch": {
            "Type": "Map",
            "QueryLanguage": JSONATA,
            "Items": f"{{% {tasks} %}}",
            "MaxConcurrency": 1,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"},
                "StartAt": "Run",
                "States": {"Run": one},
            },
            "Output": {"leftOut": left_out},
            "Next": "Complete",
        },
        "Complete": {"Type": "Choice", "Choices": [some], "Default": "Done"},
        "Done": {"Type": "Succeed"},
        "LeftOut": {
            "Type": "Fail",
            "Error": "EventsLeftOut",
            "Cause": "The execution's input has events that no task got, since they lack a field "
            "of the job's variables, or hold more than ECS takes. The others' tasks are done.",
        },
    }


def _retrier(errors: tuple[str, ...] | list[str], attempts: int) -> Mapping[str, Any]:
    return {
        "ErrorEquals": list(errors),
        "IntervalSeconds": FIRST_PAUSE,
        "BackoffRate": 2,
        "MaxAttempts": attempts,
    }


def start_attempts(delivery: DeliverySettings) -> int:
    """Return how many tries to start after the first there are within delivery's limits."""
    pauses = (min(FIRST_PAUSE * 2**n, LONGEST_PAUSE) for n in range(delivery.attempts))
    return sum(waited <= delivery.max_age for waited in accumulate(pauses))
