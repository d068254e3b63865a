"""Events of an EKS cluster's audit log about a Job, in the form of audit.k8s.io/v1.

What the controllers' requests look like at the level RequestResponse, which EKS's policy gives what
is written in the group batch (EKS best practices guide, "Auditing and logging"). The API server
notes the object of a request as soon as it has read it, before admission (LogRequestObject of
k8s.io/apiserver): a start that is refused there has it too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

CONTROLLER = "system:serviceaccount:kube-system:job-controller"
CRON_JOBS = "system:serviceaccount:kube-system:cronjob-controller"
STARTED = "2026-11-25T03:00:00Z"
OK, CREATED, REFUSED = 200, 201, 400


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
    code: int = OK,
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
    run = {
        **_run(job, namespace, owner),
        "status": {
            "conditions": list(conditions),
            "startTime": STARTED,
            "failed": 1,
            "uncountedTerminatedPods": {},
            "ready": 0,
        },
    }
    name = run["metadata"]["name"]
    return {
        **_request("update", namespace, user, name, subresource="status", resourceVersion="1200"),
        "responseStatus": _status(code),
        "requestObject": run,
        "responseObject": run if code == OK else _status(code),
    }


def creation(
    *,
    job: str = "report",
    namespace: str = "office",
    owner: str = "CronJob",
    user: str = CRON_JOBS,
    code: int = CREATED,
) -> dict[str, Any]:
    """Return the event of a Job that is created at one of its CronJob's times, or refused.

    Args:
        job: the CronJob that starts it.
        namespace: where it is to be.
        owner: the kind of its owner.
        user: who creates it.
        code: HTTP's of the API server's answer.
    """
    run = _run(job, namespace, owner)
    return {
        **_request("create", namespace, user, run["metadata"]["name"]),
        "responseStatus": _status(code),
        "requestObject": {**run, "status": {}},
        "responseObject": run if code == CREATED else _status(code),
    }


def unread(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event of a request that is refused before its object is read, as for a right."""
    known = {key: value for key, value in event.items() if key != "requestObject"}
    reference = {key: value for key, value in event["objectRef"].items() if key != "name"}
    return {**known, "objectRef": reference}


def life(*steps: Sequence[Mapping[str, str]], **given: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - of status_update
    """Return the events of a Job from its start, one for each step's conditions."""
    return [status_update(*conditions, **given) for conditions in steps]


def _run(job: str, namespace: str, owner: str) -> dict[str, Any]:
    name = f"{job}-29399220"
    return {
        "kind": "Job",
        "apiVersion": "batch/v1",
        "metadata": {
            "name": name,
            "namespace": namespace,
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
    }


def _status(code: int) -> dict[str, Any]:
    if code < REFUSED:
        return {"metadata": {}, "code": code}
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": "refused",
        "code": code,
    }


def _request(verb: str, namespace: str, user: str, name: str, **reference: str) -> dict[str, Any]:
    path = f"/apis/batch/v1/namespaces/{namespace}/jobs"
    return {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": "RequestResponse",
        "auditID": "0c2f6a1f-7b4e-4f2d-b1c6-58a47a0e3d9c",
        "stage": "ResponseComplete",
        "requestURI": path if verb == "create" else f"{path}/{name}/status",
        "verb": verb,
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
            **reference,
        },
    }
