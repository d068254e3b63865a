"""Which component a job on ECS is, by what starts it."""

from collections.abc import Mapping
from typing import TypedDict, Unpack

import pulumi
import pulumi_aws as aws

from components.batch.job import BatchJob
from components.batch.queues import BatchQueue
from components.ecs.cluster import EcsCluster
from components.grants import Grantable
from components.jobs.deployment_task import DeploymentTask
from components.jobs.event_task import EventTask
from components.jobs.lambda_task import LambdaTask
from components.jobs.queue_worker import QueueWorker
from components.jobs.scheduled_task import ScheduledTask
from components.jobs.watch import Job
from components.messaging.queue import Queue
from components.settings import JobSettings
from components.storage.file_system import FileSystem


class Surroundings(TypedDict):
    """What every job gets, whatever starts it.

    Attributes:
        cluster: where its tasks run.
        grantables: all that it can be granted, by name.
        file_systems: all that it can mount, by name.
        opts: its parent.
    """

    cluster: EcsCluster
    grantables: Mapping[str, Grantable]
    file_systems: Mapping[str, FileSystem]
    opts: pulumi.ResourceOptions


def create_ecs_job(
    name: str,
    settings: JobSettings,
    *,
    batch_queues: Mapping[str, BatchQueue],
    queues: Mapping[str, Queue],
    **around: Unpack[Surroundings],
) -> Job:
    """Create the component of a job on ECS; settings have one trigger, or AWS Batch.

    Args:
        name: the job's name.
        settings: the job's.
        batch_queues: queues of AWS Batch, by name.
        queues: queues that this stack creates, by name.
        **around: what every job gets.

    Raises:
        pulumi.RunError: nothing starts it, which settings refuse.
    """
    if settings.batch:
        queue = batch_queues[settings.batch.queue]
        return BatchJob(name, settings, settings.batch, queue=queue, **around)
    if settings.schedule:
        return ScheduledTask(name, settings, settings.schedule, **around)
    if trigger := settings.event or settings.objects:
        return EventTask(name, settings, trigger, **around)
    if worked := settings.queue:
        undelivered = _dead_letters(worked.name, queues)
        return QueueWorker(name, settings, worked, undelivered=undelivered, **around)
    if function := settings.lambda_:
        undelivered = _dead_letters(function.queue, queues)
        return LambdaTask(name, settings, function, undelivered=undelivered, **around)
    if settings.at_deployment:
        return DeploymentTask(name, settings, settings.at_deployment, **around)
    raise pulumi.RunError(f"jobs.{name}: nothing starts it")


def _dead_letters(queue: str | None, created: Mapping[str, Queue]) -> aws.sqs.Queue | None:
    """Return where a queue's messages end up; of one that exists already only its owner knows."""
    return created[queue].dead_letters if queue is not None and queue in created else None
