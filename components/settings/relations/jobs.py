"""Problems between jobs and the rest of a stack file."""

from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.relations.after import after_problems
from components.settings.relations.cron_jobs import cron_job_problems
from components.settings.relations.draft import Draft
from components.settings.relations.lambda_jobs import lambda_problems
from components.settings.relations.queue_workers import shared_queue_problems, worker_problems


def job_problems(draft: Draft) -> Iterator[Problem]:
    """Yield jobs that can't be beside the rest."""
    for name in sorted(draft.job_names & draft.service_names):
        yield Problem(
            f"jobs.{name}",
            f"services has {name} too, and roles and log groups are named for both: rename one",
        )
    for name, job in draft.jobs.items():
        where = f"jobs.{name}"
        if job.runtime == "eks":
            continue
        if draft.ecs and not draft.ecs.enabled:
            yield Problem(f"{where}.{job.trigger}", "starts tasks on ECS, and ecs.enabled is false")
        if job.namespace is not None:
            yield Problem(f"{where}.namespace", "is a Kubernetes namespace; remove it, or use eks")
    yield from worker_problems(draft)
    yield from cron_job_problems(draft)
    yield from lambda_problems(draft)
    yield from shared_queue_problems(draft)
    yield from after_problems(draft)
