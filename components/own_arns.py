"""What exists already by its ARN, and is this stack's own all the same."""

from collections.abc import Iterator

import pulumi

from components.environment import Environment
from components.settings import Settings
from components.storage.bucket_protection import fixed_bucket_name


def refuse_own_arns(settings: Settings, environment: Environment) -> None:
    """Refuse ARNs of queues and buckets that this stack creates.

    Under two names one queue would give two jobs a part of its messages each, and a job could write
    to the bucket that starts it. Settings see that of two names for one ARN; account and region are
    known here.

    Args:
        settings: the stack file.
        environment: where it is deployed.

    Raises:
        pulumi.RunError: there is one; the message has both keys.
    """
    queues = dict(_queues(settings, environment))
    buckets = {
        f"arn:{environment.partition}:s3:::{fixed_bucket_name(name, environment)}": (
            f"buckets.{name} creates this bucket: use {name} in its place"
        )
        for name, bucket in settings.buckets.items()
        if bucket.arn is None
    }
    for name, queue in settings.queues.items():
        if queue.arn in queues:
            raise pulumi.RunError(f"queues.{name}.arn: {queues[queue.arn]}, and remove {name}")
    for name, bucket in settings.buckets.items():
        if bucket.arn in buckets:
            raise pulumi.RunError(f"buckets.{name}.arn: {buckets[bucket.arn]}, and remove {name}")


def _queues(settings: Settings, environment: Environment) -> Iterator[tuple[str, str]]:
    """Yield ARNs of queues whose messages something gets, with what to do instead."""
    place = f"arn:{environment.partition}:sqs:{environment.region}:{environment.account}"
    for name, queue in settings.queues.items():
        if queue.arn is None:
            own = environment.regional_name(name, limit=80)
            yield f"{place}:{own}", f"queues.{name} creates this queue: use {name} in its place"
    for name, job in settings.jobs.items():
        if job.event_batch:
            own = environment.regional_name(name, "events", limit=80)
            yield (
                f"{place}:{own}",
                f"events for jobs.{name} wait there: no other gets them",
            )
