"""Cases of S3."""

from __future__ import annotations

from typing import Any

BUCKET = "aws:s3/bucket:Bucket"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
)
NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"

GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    BUCKET: ({"bucket": "logs.eu"}, r"logs\.eu", r"arn:aws:s3:::logs\.eu"),
    "aws:s3/bucketPolicy:BucketPolicy": (
        {"bucket": "logs", "policy": '{"Version":"2012-10-17","Statement":[]}'}, "logs", "",
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": (
        {"bucket": "logs", "blockPublicAcls": True, "blockPublicPolicy": True,
         "ignorePublicAcls": True, "restrictPublicBuckets": True},
        "logs", "",
    ),
    ENCRYPTION: (
        {"bucket": "logs", "rules": [
            {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
        "logs", "",
    ),
    "aws:s3/bucketVersioning:BucketVersioning": (
        {"bucket": "logs", "versioningConfiguration": {"status": "Enabled"}}, "logs", "",
    ),
    LIFECYCLE: (
        {"bucket": "logs", "rules": [
            {"id": "expire", "status": "Enabled", "filter": {}, "expiration": {"days": 30}}]},
        "logs", "",
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": (
        {"bucket": "logs", "rule": {"objectOwnership": "BucketOwnerEnforced"}}, "logs", "",
    ),
    "aws:s3/bucketLogging:BucketLogging": (
        {"bucket": "data", "targetBucket": "logs", "targetPrefix": "data/"}, "data", "",
    ),
    NOTIFICATION: (
        {"bucket": "data", "queues": [
            {"queueArn": "arn:aws:sqs:us-east-1:123456789012:new", "events": ["s3:ObjectCreated:*"]}
        ]},
        "data", "",
    ),
}  # fmt: skip

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (BUCKET, {"bucket": "Logs"}, "bucket: must be 3 to 63 lower-case letters"),
    (BUCKET, {"bucket": "lo"}, "bucket: must be 3 to 63"),
    (BUCKET, {"bucket": "a..b"}, "bucket: must be 3 to 63"),
    (BUCKET, {"bucket": "logs-"}, "with a letter or digit at both ends"),
    (BUCKET, {"bucket": "192.168.0.1"}, "bucket: must not look like an IP address"),
    (BUCKET, {"bucket": "logs--x-s3"}, "what S3 reserves"),
    (BUCKET, {"bucket": "logs", "acl": "open"}, "acl: must be one of private, public-read"),
    (BUCKET, {"bucket": "logs", "tags": {"aws:x": "y"}}, "tags, the key 'aws:x'"),
    ("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "b", "policy": "x"}, "policy: must be JSON"),
    (
        "aws:s3/bucketPolicy:BucketPolicy",
        {"bucket": "b", "policy": '{"a":"' + "b" * 20480 + '"}'},
        "policy: must be at most 20480 characters",
    ),
    (
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        {"bucket": "b", "blockAcls": True},
        "blockAcls: no such property",
    ),
    (
        ENCRYPTION,
        {"bucket": "b", "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "ROT"}}]},
        "applyServerSideEncryptionByDefault.sseAlgorithm: must be one of AES256",
    ),
    (
        "aws:s3/bucketVersioning:BucketVersioning",
        {"bucket": "b", "versioningConfiguration": {"status": "On"}},
        "versioningConfiguration.status: must be one of Enabled, Suspended",
    ),
    (
        LIFECYCLE,
        {"bucket": "b", "rules": [{"status": "On", "expiration": {"days": 1}}]},
        "rules[0].status: must be one of Enabled, Disabled",
    ),
    (LIFECYCLE, {"bucket": "b", "rules": [{"status": "Enabled"}]}, "at least one action"),
    (LIFECYCLE, {"bucket": "b", "rules": [{"expiration": {"days": 1}}] * 1001}, "at most 1000"),
    (
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        {"bucket": "b", "rule": {"objectOwnership": "Mine"}},
        "rule.objectOwnership: must be one of BucketOwnerPreferred, ObjectWriter",
    ),
    (
        "aws:s3/bucketLogging:BucketLogging",
        {"bucket": "b", "targetGrants": [{"permission": "ALL"}]},
        "targetGrants[0].permission: must be one of FULL_CONTROL, READ, WRITE",
    ),
    (NOTIFICATION, {"bucket": "b", "queues": [{"events": ["s3:Any"]}]}, "events[0]: must be one"),
]
