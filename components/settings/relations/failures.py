"""Problems between who is told of failed jobs and the rest of a stack file."""

from collections.abc import Iterator
from typing import Final

from components.settings.errors import Problem
from components.settings.failures import FailuresSettings
from components.settings.queue import QueueSettings
from components.settings.relations.draft import Draft
from components.settings.topic import TopicSettings

OWN_TOPIC: Final = "job-failures"
"""Name of the stack's own topic."""
UNDELIVERED: Final = "-undelivered"
"""What the name of the dead-letter queue of a job's starts ends in."""
EVENTS: Final = "-events"
"""What the name of the queue of a job's batches ends in."""
RULE: Final = "-failed"
"""What the name of a job's rule for failed tasks ends in."""


def failure_problems(draft: Draft) -> Iterator[Problem]:
    """Yield topics that failures can't be sent to, and names that are taken."""
    if draft.failures and draft.failures.topic:
        yield from _existing(draft.failures, draft.failures.topic, draft)
    elif draft.job_names and _is_created(draft.grantables.get("topics", {}).get(OWN_TOPIC)):
        yield Problem(
            f"topics.{OWN_TOPIC}", "the topic for failed jobs has this name; rename this one"
        )
    for name in sorted(draft.job_names):
        owner = name.removesuffix(RULE)
        if owner != name and owner in draft.job_names:
            yield Problem(
                f"jobs.{name}", f"the rule for failed tasks of {owner} has this name; rename one"
            )

    for name, queue in sorted(draft.grantables.get("queues", {}).items()):
        owner = name.removesuffix(UNDELIVERED)
        if owner != name and owner in draft.job_names and _is_created(queue):
            yield Problem(
                f"queues.{name}",
                f"the dead-letter queue for starts of job {owner} has this name; rename one",
            )
        owner = name.removesuffix(EVENTS)
        job = draft.jobs.get(owner) if owner != name else None
        if job and job.event_batch and _is_created(queue):
            yield Problem(
                f"queues.{name}", f"the queue for events of job {owner} has this name; rename one"
            )


def _is_created(declared: object) -> bool:
    return isinstance(declared, TopicSettings | QueueSettings) and declared.arn is None


def _existing(settings: FailuresSettings, name: str, draft: Draft) -> Iterator[Problem]:
    where = "failures.topic"
    topics = draft.grantables.get("topics", {})
    if name not in topics:
        known = ", ".join(sorted(topics)) or "none"
        yield Problem(where, f"no topic named {name} is declared below topics; topics are: {known}")
    topic = topics.get(name)
    if _is_created(topic):
        yield Problem(
            where,
            f"topics.{name} is created for services, and alarms can't publish to it: name a topic "
            "that exists already, by its arn, or remove this for one of the stack's own",
        )
    if isinstance(topic, TopicSettings) and (topic.arn or "").endswith(".fifo"):
        yield Problem(
            where,
            f"topics.{name} is a FIFO topic, and those take no messages from EventBridge and no "
            "e-mail addresses: name a standard one",
        )
    if settings.emails:
        yield Problem(
            "failures.emails",
            "are subscribed to the stack's own topic, and topic names one that exists already: "
            "subscribe them there, or remove topic",
        )
