"""Problems between jobs that a function starts and the rest of a stack file."""

from collections.abc import Iterator

from components.settings.batch_job import BatchJobSettings
from components.settings.errors import Problem
from components.settings.job import JobSettings
from components.settings.lambda_trigger import (
    FUNCTION_TIMEOUT,
    VISIBILITY_TIMEOUT,
    LambdaSettings,
)
from components.settings.queue import QueueSettings
from components.settings.relations.draft import Draft


def lambda_problems(draft: Draft) -> Iterator[Problem]:
    """Yield functions whose queue doesn't let them be, and variables of two sources."""
    for name, job in draft.jobs.items():
        if job.lambda_ is not None:
            where = f"jobs.{name}.lambda"
            yield from _variables(where, job, job.lambda_)
            if job.lambda_.queue is not None:
                yield from _queue(f"{where}.queue", job.lambda_.queue, draft)
    for name, job in draft.jobs.items():
        startable = draft.grantables.get("jobs", {})
        for target in sorted(set(job.grants) & set(startable)):
            if isinstance(startable[target], BatchJobSettings):
                continue  # Said where it is said what Batch submits.
            yield Problem(
                f"jobs.{name}.grants.{target}",
                "a job can't be granted to start another one: let it send to a queue that "
                f"jobs.{target}.lambda.queue names",
            )


def _variables(where: str, job: JobSettings, trigger: LambdaSettings) -> Iterator[Problem]:
    """Yield variables that a container would have from two sources."""
    for variable in sorted(trigger.environment):
        for section, given in (("environment", job.environment), ("secrets", job.secrets)):
            if variable in given:
                yield Problem(
                    f"{where}.environment",
                    f"sets {variable}, and {section} has it too; keep one of them",
                )


def _queue(where: str, name: str, draft: Draft) -> Iterator[Problem]:
    queues = draft.grantables.get("queues", {})
    if name not in queues:
        known = ", ".join(sorted(queues)) or "none"
        yield Problem(where, f"no queue named {name} is declared under queues; queues are: {known}")
        return
    queue = queues[name]
    if not isinstance(queue, QueueSettings):
        return
    if queue.arn is not None:
        if queue.arn.endswith(".fifo"):
            yield Problem(
                where,
                f"{name} is a FIFO queue, and tasks don't end in the order in which they start: "
                "use a standard queue",
            )
        return
    if queue.visibility_timeout < VISIBILITY_TIMEOUT:
        yield Problem(
            where,
            f"queues.{name}.visibilityTimeout is {queue.visibility_timeout} seconds, and Lambda "
            f"asks for six times the {FUNCTION_TIMEOUT} seconds of the function, lest a message "
            f"appears again while it waits for it: set it to {VISIBILITY_TIMEOUT} at least",
        )
