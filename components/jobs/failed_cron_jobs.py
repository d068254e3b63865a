"""Which runs of a CronJob have failed, as the audit log of an EKS cluster tells it.

Kubernetes' events don't reach EventBridge; the audit log is what EKS itself writes to CloudWatch
Logs (ADR 18).
"""

from typing import Final

CONTROLLER: Final = "system:serviceaccount:kube-system:job-controller"
"""Who alone says that a Job has failed; the EKS best practices guide filters audit logs by it."""

MOST_CONDITIONS: Final = 3
"""Conditions that a failed Job has at most: Suspended where somebody suspended it, FailureTarget
since Kubernetes 1.31 while its pods are being stopped, then Failed."""


def failure_filter(job: str, namespace: str) -> str:
    """Return the CloudWatch Logs filter pattern that matches each failed run of a job once.

    The job controller sets the condition Failed in one update of a Job's status, and leaves a
    finished Job alone. An update that the API server refused, as another one came first, is tried
    again, and isn't counted: its answer is no Job. Whose run it is says its owner: a name's
    beginning would be that of another job's, too. Elements of the list are asked for one by one: of
    a wildcard the guide shows no field of an element.

    Source: Amazon CloudWatch Logs user guide, "Filter pattern syntax".

    Args:
        job: name of the CronJob.
        namespace: the namespace that it is in.
    """
    run = "$.responseObject"
    owner = f"{run}.metadata.ownerReferences[0]"
    failed = " || ".join(
        f'({run}.status.conditions[{at}].type = "Failed")' for at in range(MOST_CONDITIONS)
    )
    wanted = (
        '$.objectRef.apiGroup = "batch"',
        '$.objectRef.resource = "jobs"',
        '$.objectRef.subresource = "status"',
        f'$.objectRef.namespace = "{namespace}"',
        f'$.user.username = "{CONTROLLER}"',
        f'{owner}.kind = "CronJob"',
        f'{owner}.name = "{job}"',
    )
    return f"{{ {' && '.join(f'({each})' for each in wanted)} && ({failed}) }}"
