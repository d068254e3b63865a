"""Which runs of a CronJob failed or were refused, as the audit log of an EKS cluster tells it.

Kubernetes' events don't reach EventBridge; the audit log is what EKS itself writes to CloudWatch
Logs (ADR 18).
"""

from typing import Final

JOB_CONTROLLER: Final = "system:serviceaccount:kube-system:job-controller"
"""Who alone says that a Job has failed."""
CRON_JOB_CONTROLLER: Final = "system:serviceaccount:kube-system:cronjob-controller"
"""Who creates a Job at each of a CronJob's times, and tries again while it is refused."""

MOST_CONDITIONS: Final = 3
"""Conditions that a failed Job has at most: Suspended where somebody suspended it, FailureTarget
since Kubernetes 1.31 while its pods are being stopped, then Failed."""


def failure_filter(job: str, namespace: str) -> str:
    """Return the filter pattern for the audit log of a job's failed runs and refused starts.

    Whose run it is says its owner, in the Job that the controller sent: a name's beginning would be
    that of another job's, too.

    Source: Amazon CloudWatch Logs user guide, "Filter pattern syntax".

    Args:
        job: name of the CronJob.
        namespace: the namespace that it is in.
    """
    owner = "$.requestObject.metadata.ownerReferences[0]"
    of_this_job = (
        '$.objectRef.apiGroup = "batch"',
        '$.objectRef.resource = "jobs"',
        f'$.objectRef.namespace = "{namespace}"',
        f'{owner}.kind = "CronJob"',
        f'{owner}.name = "{job}"',
    )
    return f"{{ {_all(*of_this_job)} && (({_failed()}) || ({_refused()})) }}"


def _failed() -> str:
    """Match each failed run once.

    The job controller sets the condition Failed in one update of a Job's status, and leaves a
    finished Job alone. An update that the API server refused, as another one came first, is tried
    again, and isn't counted: its answer is no Job. Elements of the list are asked for one by one:
    of a wildcard the guide shows no field of an element.
    """
    conditions = " || ".join(
        f'($.responseObject.status.conditions[{at}].type = "Failed")'
        for at in range(MOST_CONDITIONS)
    )
    update = _all('$.objectRef.subresource = "status"', f'$.user.username = "{JOB_CONTROLLER}"')
    return f"{update} && ({conditions})"


def _refused() -> str:
    """Match each try to start a run that the API server refused.

    409 says that the run is there already, from a try whose answer was lost.
    """
    return _all(
        '$.verb = "create"',
        f'$.user.username = "{CRON_JOB_CONTROLLER}"',
        "$.responseStatus.code >= 400",
        "$.responseStatus.code != 409",
    )


def _all(*conditions: str) -> str:
    return " && ".join(f"({each})" for each in conditions)
