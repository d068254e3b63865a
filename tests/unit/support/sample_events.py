"""Events as AWS documents them, and one of a service."""

from typing import Any, Final

Event = dict[str, Any]

OBJECT_CREATED: Final[Event] = {
    "version": "0",
    "id": "17793124-05d4-b198-2fde-7ededc63b103",
    "detail-type": "Object Created",
    "source": "aws.s3",
    "account": "111122223333",
    "time": "2021-11-12T00:00:00Z",
    "region": "ca-central-1",
    "resources": ["arn:aws:s3:::amzn-s3-demo-bucket1"],
    "detail": {
        "version": "0",
        "bucket": {"name": "amzn-s3-demo-bucket1"},
        "object": {
            "key": "example-key",
            "size": 5,
            "etag": "b1946ac92492d2347c6235b4d2611184",
            "version-id": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
            "sequencer": "617f08299329d189",
        },
        "request-id": "N4N7GDK58NMKJ12R",
        "requester": "123456789012",
        "source-ip-address": "1.2.3.4",
        "reason": "PutObject",
    },
}
"""Amazon S3 user guide, "EventBridge event message structure"."""

TASK_STOPPED: Final[Event] = {
    "version": "0",
    "id": "105f6bb1-4da6-c630-4965-35383018cac7",
    "detail-type": "ECS Task State Change",
    "source": "aws.ecs",
    "account": "123456789012",
    "time": "2025-05-06T11:02:34Z",
    "region": "us-east-1",
    "resources": ["arn:aws:ecs:us-east-1:123456789012:task/example-cluster/a1173316d40a45dea9"],
    "detail": {
        "clusterArn": "arn:aws:ecs:us-east-1:123456789012:cluster/example-cluster",
        "containers": [{"exitCode": 1, "lastStatus": "STOPPED", "name": "web"}],
        "cpu": "256",
        "desiredStatus": "STOPPED",
        "group": "family:example",
        "lastStatus": "STOPPED",
        "launchType": "FARGATE",
        "stopCode": "EssentialContainerExited",
        "stoppedReason": "Essential container in task exited",
        "version": 4,
    },
}
"""Amazon ECS developer guide, "Amazon ECS task state change events", shortened."""

ORDER_PLACED: Final[Event] = {
    "version": "0",
    "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": "Order placed",
    "source": "shop.orders",
    "account": "111122223333",
    "time": "2026-01-05T09:00:00Z",
    "region": "eu-west-1",
    "resources": [],
    "detail": {"order": {"id": "o-1", "gift": True}, "total": 120.5, "tags": ["a", "b"]},
}
"""What a service publishes."""


def new_object(bucket: str, **differing: object) -> Event:
    """Return S3's event for an object in a bucket, with other values in `object`."""
    detail = OBJECT_CREATED["detail"]
    given = {
        **detail,
        "bucket": {"name": bucket},
        "object": {**detail["object"], **differing},
    }
    return {**OBJECT_CREATED, "detail": given}


BATCH_JOB_FAILED: Final[Event] = {
    "version": "0",
    "id": "c8f9c4b5-76e5-d76a-f980-7011e206042b",
    "detail-type": "Batch Job State Change",
    "source": "aws.batch",
    "account": "123456789012",
    "time": "2022-01-11T23:36:40Z",
    "region": "us-east-1",
    "resources": ["arn:aws:batch:us-east-1:123456789012:job/4c7599ae-0a82-49aa-ba5a-4727fcce14a8"],
    "detail": {
        "jobArn": "arn:aws:batch:us-east-1:123456789012:job/4c7599ae-0a82-49aa-ba5a-4727fcce14a8",
        "jobName": "event-test",
        "jobId": "4c7599ae-0a82-49aa-ba5a-4727fcce14a8",
        "jobQueue": "arn:aws:batch:us-east-1:123456789012:job-queue/queue",
        "status": "FAILED",
        "statusReason": "Essential container in task exited",
        "attempts": [
            {
                "container": {"exitCode": 1, "logStreamName": "job/default/a", "taskArn": "arn:a"},
                "startedAt": 1641944100058,
                "stoppedAt": 1641944200058,
                "statusReason": "Essential container in task exited",
            }
        ],
        "createdAt": 1641944200058,
        "retryStrategy": {"attempts": 2, "evaluateOnExit": []},
        "dependsOn": [],
        "jobDefinition": "arn:aws:batch:us-east-1:123456789012:job-definition/job:1",
        "parameters": {},
        "container": {
            "image": "137112412989.dkr.ecr.us-west-2.amazonaws.com/amazonlinux:latest",
            "command": ["sleep", "600"],
            "volumes": [],
            "environment": [{"name": "TENANT", "value": "acme"}],
            "mountPoints": [],
            "ulimits": [],
            "networkInterfaces": [],
            "resourceRequirements": [
                {"value": "2", "type": "VCPU"},
                {"value": "256", "type": "MEMORY"},
            ],
            "secrets": [],
        },
        "tags": {},
        "propagateTags": False,
        "platformCapabilities": [],
    },
}
"""AWS Batch user guide, "Job state change events": its example, failed after an attempt."""
