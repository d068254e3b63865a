"""IAM documents and container definitions of a run."""

import json
from collections.abc import Iterator
from typing import Any

from tests.unit.support.engine import UNKNOWN, Recorder, Registration

DOCUMENT_INPUTS = {
    "aws:iam/role:Role": "assumeRolePolicy",
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": "policy",
    "aws:dynamodb/resourcePolicy:ResourcePolicy": "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
    "aws:ecs/taskDefinition:TaskDefinition": "containerDefinitions",
    "aws:batch/jobDefinition:JobDefinition": "containerProperties",
}
"""Input that holds a document, by type of resource."""


def documents(run: Recorder) -> Iterator[tuple[Registration, str]]:
    """Yield every resource that has a document, and the document's text or UNKNOWN."""
    for resource in run.registrations:
        if resource.type in DOCUMENT_INPUTS:
            yield resource, resource.inputs[DOCUMENT_INPUTS[resource.type]]


def trust(run: Recorder, role: str) -> Any:  # noqa: ANN401 - a JSON document
    """Return a role's trust document."""
    return _loaded(run.one("aws:iam/role:Role", role).inputs["assumeRolePolicy"])


def statements(run: Recorder, policy: str) -> list[dict[str, Any]]:
    """Return the statements of a role's policy."""
    document = _loaded(run.one("aws:iam/rolePolicy:RolePolicy", policy).inputs["policy"])
    assert document["Version"] == "2012-10-17"
    found: list[dict[str, Any]] = document["Statement"]
    return found


def containers(run: Recorder, task_definition: str) -> list[dict[str, Any]]:
    """Return the containers of a task definition."""
    resource = run.one("aws:ecs/taskDefinition:TaskDefinition", task_definition)
    found: list[dict[str, Any]] = _loaded(resource.inputs["containerDefinitions"])
    return found


def service_trust(principal: str, source_arn: str, account: str) -> dict[str, Any]:
    """Return the trust document that a role for an AWS service must have, exactly."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": principal},
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": account},
                    "ArnLike": {"aws:SourceArn": source_arn},
                },
            }
        ],
    }


def web_identity_trust(provider_arn: str, issuer: str, account: str) -> dict[str, Any]:
    """Return the trust document that a role for one service account must have, exactly."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Principal": {"Federated": provider_arn},
                "Condition": {
                    "StringEquals": {
                        f"{issuer}:aud": "sts.amazonaws.com",
                        f"{issuer}:sub": f"system:serviceaccount:{account}",
                    }
                },
            }
        ],
    }


def _loaded(text: str) -> Any:  # noqa: ANN401 - a JSON document
    assert text != UNKNOWN, "the first preview doesn't know the document"
    return json.loads(text)
