"""Problems between services and the jobs that run before them."""

from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.relations.draft import Draft


def after_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what a service can't come after."""
    for name, service in draft.services.items():
        for position, job in enumerate(service.after):
            at = f"services.{name}.after[{position}]"
            if job not in draft.job_names:
                known = ", ".join(sorted(draft.job_names)) or "none"
                yield Problem(at, f"no job is named {job}; jobs are: {known}")
            elif job in service.after[:position]:
                yield Problem(at, f"{job} is named twice")
            elif job in draft.jobs and draft.jobs[job].at_deployment is None:
                yield Problem(
                    at,
                    f"{job} is started by {draft.jobs[job].trigger}, not by the deployment, which "
                    "therefore can't wait for it: name a job with atDeployment",
                )
