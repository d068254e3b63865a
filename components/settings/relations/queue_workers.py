"""Problems between workers of queues and the rest of a stack file."""

from collections.abc import Iterator
from math import ceil

from components.settings.errors import Problem
from components.settings.queue import QueueSettings
from components.settings.queue_worker import QueueTriggerSettings
from components.settings.relations.draft import Draft


def worker_problems(draft: Draft) -> Iterator[Problem]:
    """Yield workers without a queue of their own, or whose queue or cluster doesn't let them be."""
    for name, job in draft.jobs.items():
        if job.queue is None:
            continue
        where = f"jobs.{name}.queue"
        yield from _of_queue(where, job.queue, draft)
        if draft.ecs and draft.ecs.enabled and draft.ecs.container_insights == "disabled":
            yield Problem(
                where,
                "is scaled by messages per running task, whose number Container Insights "
                "publishes, and ecs.containerInsights is disabled: set it to enabled or enhanced",
            )


def shared_queue_problems(draft: Draft) -> Iterator[Problem]:
    """Yield jobs that get the messages of a queue which another one gets already.

    A queue that exists already may be declared twice; that an ARN is a queue's of this stack shows
    at deployment, when account and region are known.
    """
    first: dict[str, tuple[str, str]] = {}
    for name, job in draft.jobs.items():
        if job.queue is not None:
            where, queue = f"jobs.{name}.queue.name", job.queue.name
        elif job.lambda_ is not None and job.lambda_.queue is not None:
            where, queue = f"jobs.{name}.lambda.queue", job.lambda_.queue
        else:
            continue
        identity = draft.identity("queues", queue)
        other, called = first.setdefault(identity, (name, queue))
        if other == name:
            continue
        works = f"jobs.{other} works on {queue} too"
        if called != queue:
            works = (
                f"queues.{queue} and queues.{called} are one queue, by their arn, and jobs.{other} "
                f"works on it as {called}"
            )
        yield Problem(
            where,
            f"{works}: each would get a part of its messages; give each a queue, and send to both "
            "through a topic",
        )
    for where, name, task in draft.tasks:
        for queue, rights in task.grants.items():
            worker, _ = first.get(draft.identity("queues", queue), (name, queue))
            if "receive" in rights and worker != name:
                yield Problem(
                    f"{where}.grants.{queue}",
                    f"receive would take messages from jobs.{worker}, which works on {queue}: "
                    "leave receive away, or give each a queue and send to both through a topic",
                )


def _of_queue(where: str, worker: QueueTriggerSettings, draft: Draft) -> Iterator[Problem]:
    queues = draft.grantables.get("queues", {})
    if worker.name not in queues:
        known = ", ".join(sorted(queues)) or "none"
        yield Problem(
            f"{where}.name",
            f"no queue named {worker.name} is declared under queues; queues are: {known}",
        )
        return
    queue = queues[worker.name]
    # What an existing queue hides its messages for is known to its owner alone.
    if not isinstance(queue, QueueSettings) or queue.arn is not None:
        return
    if queue.visibility_timeout < worker.seconds_per_message:
        yield Problem(
            f"{where}.secondsPerMessage",
            f"given {worker.seconds_per_message:g}, and queues.{worker.name}.visibilityTimeout is "
            f"{queue.visibility_timeout} seconds, after which another task gets the message that "
            f"is still worked on: set it to {ceil(worker.seconds_per_message)} at least, and to "
            "more for those that take longer than the average",
        )
