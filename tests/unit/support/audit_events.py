"""Events of an EKS cluster's audit log about a Job, in the form of audit.k8s.io/v1.

What the job controller's update of a Job's status looks like at the level RequestResponse, which
Kubernetes' reference policy gives the group batch (cluster/gce/gci/configure-helper.sh), and EKS
takes that policy over (EKS best practices guide, "Auditing and logging").
"""

from collections.abc import Mapping, Sequence
from typing import Any

CONTROLLER = "system:serviceaccount:kube-system:job-controller"
STARTED = "2026-11-25T03:00:00Z"


def condition(type_: str, reason: str = "BackoffLimitExceeded") -> dict[str, str]:
    """Return a condition of a Job that holds."""
    return {
        "type": type_,
        "status": "True",
        "lastProbeTime": STARTED,
        "lastTransitionTime": STARTED,
        "reason": reason,
        "message": "Job has reached the specified backoff limit",
    }


def status_update(
    *conditions: Mapping[str, str],
    job: str = "report",
    namespace: str = "office",
    owner: str = "CronJob",
    user: str = CONTROLLER,
    code: int = 200,
) -> dict[str, Any]:
    """Return the event of an update of a Job's status.

    Args:
        conditions: what the Job has now.
        job: the CronJob that started it.
        namespace: where it is.
        owner: the kind of its owner.
        user: who updates it.
        code: HTTP's of the API server's answer.
    """
    name = f"{job}-29399220"
    run = {
        "kind": "Job",
        "apiVersion": "batch/v1",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "uid": "f0a4b6f4-6f3c-4a8e-9d55-0c8f6a1f2b3c",
            "resourceVersion": "1201",
            "generation": 1,
            "creationTimestamp": STARTED,
            "labels": {"app.kubernetes.io/name": job, "batch.kubernetes.io/job-name": name},
            "annotations": {"batch.kubernetes.io/cronjob-scheduled-timestamp": STARTED},
            "ownerReferences": [
                {
                    "apiVersion": "batch/v1",
                    "kind": owner,
                    "name": job,
                    "uid": "1f6c7b4e-58a4-4f2d-b1c6-7a0e3d9c2b1a",
                    "controller": True,
                    "blockOwnerDeletion": True,
                }
            ],
        },
        "spec": {"parallelism": 1, "completions": 1, "backoffLimit": 0},
        "status": {
            "conditions": list(conditions),
            "startTime": STARTED,
            "failed": 1,
            "uncountedTerminatedPods": {},
            "ready": 0,
        },
    }
    refused = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code}
    return {
        **_request(namespace, name, user),
        "responseStatus": {"metadata": {}, "code": code},
        "requestObject": run,
        "responseObject": run if code == 200 else refused,
    }


def life(*steps: Sequence[Mapping[str, str]], **given: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - of status_update
    """Return the events of a Job from its start, one for each step's conditions."""
    return [status_update(*conditions, **given) for conditions in steps]


def _request(namespace: str, name: str, user: str) -> dict[str, Any]:
    return {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": "RequestResponse",
        "auditID": "0c2f6a1f-7b4e-4f2d-b1c6-58a47a0e3d9c",
        "stage": "ResponseComplete",
        "requestURI": f"/apis/batch/v1/namespaces/{namespace}/jobs/{name}/status",
        "verb": "update",
        "user": {
            "username": user,
            "uid": "6a1f2b3c-6f3c-4a8e-9d55-0c8ff0a4b6f4",
            "groups": ["system:serviceaccounts", "system:serviceaccounts:kube-system"],
        },
        "sourceIPs": ["10.0.0.10"],
        "userAgent": f"kube-controller-manager/v1.35.0 (linux/amd64) kubernetes/{user}",
        "objectRef": {
            "resource": "jobs",
            "namespace": namespace,
            "name": name,
            "apiGroup": "batch",
            "apiVersion": "v1",
            "resourceVersion": "1200",
            "subresource": "status",
        },
    }
