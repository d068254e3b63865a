"""Problems of jobs on EKS: what a CronJob on Fargate can't do as a job on ECS does."""

from collections.abc import Iterator
from typing import Final

from components.settings.crontab import crontab
from components.settings.errors import Problem
from components.settings.job import JobSettings
from components.settings.relations.draft import Draft
from components.settings.relations.runtimes import eks_problems
from components.settings.schedule import ScheduleSettings

MOST_JOBS: Final = 100
"""Metric filters that a log group may have (Amazon CloudWatch Logs user guide, "CloudWatch Logs
quotas"; it can't be raised). The failures of each job are counted by one."""


def cron_job_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what jobs on EKS ask for in vain, or lack."""
    on_eks = {name: job for name, job in draft.jobs.items() if job.runtime == "eks"}
    for name, job in on_eks.items():
        where = f"jobs.{name}"
        yield from eks_problems(where, job, draft)
        if job.schedule is None:
            yield Problem(
                f"{where}.{job.trigger}",
                "starts tasks on ECS, and nothing of AWS starts pods: a job on eks has a schedule; "
                "run it on ecs",
            )
        else:
            yield from _schedule(f"{where}.schedule", job.schedule)
            yield from _run(where, job)
    if len(on_eks) > MOST_JOBS:
        yield Problem(
            "jobs",
            f"{len(on_eks)} of them run on eks, and at most {MOST_JOBS} can: failures are counted "
            "in the cluster's log group, which has so many metric filters at most; run some on ecs",
        )


def _schedule(where: str, schedule: ScheduleSettings) -> Iterator[Problem]:
    try:
        crontab(schedule)
    except ValueError as error:
        yield Problem(f"{where}.{schedule.key}", str(error))
    if schedule.flexible_minutes is not None:
        yield Problem(
            f"{where}.flexibleMinutes",
            "is for ECS: a CronJob starts at the minute; remove it, or run the job on ecs",
        )


def _run(where: str, job: JobSettings) -> Iterator[Problem]:
    if job.timeout is None:
        yield Problem(
            f"{where}.timeout",
            "must be given on eks: a pod that Fargate never starts would wait for ever, and no "
            "alarm ring; set it to the seconds that all tries together may take",
        )
    if job.concurrency is not None and job.concurrency > 1:
        yield Problem(
            f"{where}.concurrency",
            f"given {job.concurrency}: a CronJob runs one at a time or any number; set it to 1, "
            "remove it, or run the job on ecs",
        )
    if "attempts" in job.delivery.model_fields_set:
        yield Problem(
            f"{where}.delivery.attempts",
            "is for ECS: a CronJob tries to start until delivery.maxAge is over; remove it",
        )
    if job.delivery.direct:
        yield Problem(
            f"{where}.delivery.direct", "is for ECS: a CronJob starts its pods itself; remove it"
        )
