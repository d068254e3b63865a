"""Problems between jobs that AWS Batch runs, its queues and its environments."""

from collections.abc import Iterator, Sequence
from typing import Final

from components.settings.batch import BatchQueueSettings, BatchSettings
from components.settings.batch_job import BatchJobSettings
from components.settings.errors import Problem
from components.settings.job import JobSettings
from components.settings.relations.draft import Draft

SUBMITTERS: Final = ("schedule", "event", "objects")
"""Keys of a job that make this file submit it."""
JOB_DEFINITION: Final = 24 * 1024
"""Bytes of a job definition (Batch user guide, "AWS Batch service quotas"; it can't be raised)."""
OF_THE_PLATFORM: Final = 4 * 1024
"""Bytes of it that stay for the rest: roles, volumes, log options, where grants are found."""


def batch_problems(draft: Draft) -> Iterator[Problem]:
    """Yield queues without an environment, and jobs that Batch can't run as they are."""
    if draft.batch is None:
        return
    if draft.batch.queues and draft.ecs and not draft.ecs.enabled:
        yield Problem("batch", "runs tasks on ECS, and ecs.enabled is false")
    for name, queue in draft.batch.queues.items():
        for position, environment in enumerate(queue.environments):
            if environment not in draft.batch.environments:
                known = ", ".join(sorted(draft.batch.environments)) or "none"
                yield Problem(
                    f"batch.queues.{name}.environments[{position}]",
                    f"no environment named {environment} is declared under batch.environments; "
                    f"environments are: {known}",
                )
    for name, job in draft.jobs.items():
        where = f"jobs.{name}"
        yield from _grants(where, job, draft)
        if job.batch and job.runtime == "eks":
            # Without a schedule it is told that nothing starts pods.
            if job.schedule:
                yield Problem(f"{where}.batch", "runs tasks on ECS, and runtime is eks; remove one")
        elif job.batch:
            yield from _other_runner(where, job)
            yield from _beside(where, job)
            yield from _length(where, job)
            yield from _retries(where, job, job.batch)
            yield from _submission(f"{where}.batch", job, job.batch)
            yield from _queue(where, job, job.batch, draft.batch)


def _grants(where: str, job: JobSettings, draft: Draft) -> Iterator[Problem]:
    for target in sorted(job.grants):
        if isinstance(draft.grantables.get("jobs", {}).get(target), BatchJobSettings):
            yield Problem(
                f"{where}.grants.{target}",
                f"{target} is a job, and services alone can be granted to submit one: let this job "
                f"publish an event, and let {target} have that event",
            )


def _other_runner(where: str, job: JobSettings) -> Iterator[Problem]:
    """Yield what would run the job besides Batch."""
    if job.queue is not None:
        yield Problem(
            f"{where}.queue",
            "is about workers that an ECS service keeps running, and batch about a job that is "
            "submitted; remove one of them",
        )
    for key, value in (("lambda", job.lambda_), ("atDeployment", job.at_deployment)):
        if value is not None:
            yield Problem(
                f"{where}.{key}",
                "starts the task by itself, and batch submits it to a queue; remove one of them",
            )
    for key, trigger in (("event", job.event), ("objects", job.objects)):
        if trigger and trigger.batch:
            yield Problem(
                f"{where}.{key}.batch",
                "starts one task for several events, and a job of AWS Batch is submitted for each; "
                "remove one of the two",
            )


def _beside(where: str, job: JobSettings) -> Iterator[Problem]:
    """Yield what Batch has elsewhere, or doesn't have on Fargate.

    Sources: ContainerProperties and LinuxParameters in the Batch API reference.
    """
    given = job.model_fields_set
    if job.capacity is not None:
        yield Problem(
            f"{where}.capacity", "is that of the environments of its queue in batch; remove it"
        )
    if job.concurrency is not None:
        yield Problem(
            f"{where}.concurrency",
            "in Batch the limit is maxVcpus of an environment, for all of its jobs together: give "
            "this job an environment and a queue of its own, and remove concurrency",
        )
    if "delivery" in given and not _submitted(job):
        yield Problem(
            f"{where}.delivery",
            "is about what a schedule or event starts, and nothing in this file submits this job; "
            "remove it",
        )
    if job.sidecars.asked_for:
        yield Problem(
            f"{where}.sidecars",
            "a job that Batch runs has one container; remove sidecars, or batch",
        )
    if job.writable_paths:
        yield Problem(
            f"{where}.writablePaths",
            "Batch has no folders in memory on Fargate: mount a directory of a file system with "
            "files, or set readOnlyRoot to false, for which the policy pack asks an exemption",
        )
    if job.ulimits is not None:
        yield Problem(f"{where}.ulimits", "Batch takes none on Fargate; remove it")
    if "stop_timeout" in given:
        yield Problem(
            f"{where}.stopTimeout",
            "Batch takes none for a job of one container: SIGKILL follows SIGTERM after 30 "
            "seconds; remove it",
        )


def _length(where: str, job: JobSettings) -> Iterator[Problem]:
    taken = job.definition_bytes
    if taken > JOB_DEFINITION - OF_THE_PLATFORM:
        yield Problem(
            where,
            f"environment, secrets and command take {taken} bytes as JSON; a job definition of "
            f"Batch holds {JOB_DEFINITION}, and {OF_THE_PLATFORM} of them are the platform's own: "
            "keep long values in the image, a parameter or a bucket",
        )


def _submitted(job: JobSettings) -> Sequence[str]:
    return [key for key in SUBMITTERS if getattr(job, key) is not None]


def _retries(where: str, job: JobSettings, batch: BatchJobSettings) -> Iterator[Problem]:
    if batch.retry_on and not job.retries:
        yield Problem(
            f"{where}.batch.retryOn",
            "says after what end the job starts again, and retries is 0: set retries to 1 or more, "
            "or remove it",
        )


def _submission(where: str, job: JobSettings, batch: BatchJobSettings) -> Iterator[Problem]:
    """Yield what is said when a job is submitted, where this file doesn't submit it."""
    if _submitted(job):
        return
    options = (
        ("array", batch.array, "--array-properties size=…"),
        ("share", batch.share, "--share-identifier"),
    )
    for key, value, option in options:
        if value is not None:
            yield Problem(
                f"{where}.{key}",
                f"given {value}: it is said when the job is submitted, and no schedule, event or "
                f"objects of this file submit it: leave it to whoever does (aws batch submit-job "
                f"{option}), and remove it",
            )


def _queue(
    where: str, job: JobSettings, batch: BatchJobSettings, declared: BatchSettings
) -> Iterator[Problem]:
    queue = declared.queues.get(batch.queue)
    if queue is None:
        known = ", ".join(sorted(declared.queues)) or "none"
        yield Problem(
            f"{where}.batch.queue",
            f"no queue named {batch.queue} is declared under batch.queues; queues are: {known}",
        )
        return
    yield from _shares(f"{where}.batch", job, batch, queue)
    limits = [
        declared.environments[name].max_vcpus
        for name in queue.environments
        if name in declared.environments
    ]
    if limits and job.size.cpu > max(limits):
        yield Problem(
            f"{where}.size",
            f"has {job.size.cpu:g} vCPU, and no environment of queue {batch.queue} has more than "
            f"{max(limits)} (maxVcpus): the job would wait forever; make it smaller, or maxVcpus "
            "larger",
        )


def _shares(
    where: str, job: JobSettings, batch: BatchJobSettings, queue: BatchQueueSettings
) -> Iterator[Problem]:
    if queue.fair_share is None:
        for key in ("share", "priority"):
            if getattr(batch, key) is not None:
                yield Problem(
                    f"{where}.{key}",
                    f"is for queues with fairShare, and batch.queues.{batch.queue} has none: "
                    "remove it, or give the queue fairShare",
                )
    elif batch.share is None and _submitted(job):
        yield Problem(
            f"{where}.share",
            f"is missing: batch.queues.{batch.queue} has fairShare, and takes no job without a "
            "share identifier",
        )
