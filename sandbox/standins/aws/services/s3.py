"""S3: buckets and what is set on them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import Facts, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

# Hosted zones of S3's website endpoints (AWS General Reference, "Amazon S3 endpoints and quotas").
_HOSTED_ZONES = {
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-central-1": "Z21DNDUVLTQW6Q",
}

# Amazon S3 user guide, "General purpose bucket naming rules".
_NAME = r"(?=.{3,63}\Z)[a-z0-9](?:[a-z0-9-]|\.(?!\.))*[a-z0-9]"
_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_POLICY_SIZE = 20 * 1024


def _bucket(facts: Facts) -> dict[str, Any]:
    place, name = facts.place, facts.id
    return {
        "arn": f"arn:{place.partition}:s3:::{name}",
        "bucketDomainName": f"{name}.s3.{place.dns_suffix}",
        "bucketNamespace": "global",
        "bucketRegion": place.region,
        "bucketRegionalDomainName": f"{name}.s3.{place.region}.{place.dns_suffix}",
        "hostedZoneId": _HOSTED_ZONES.get(place.region, "Z3AQBSTGFYJSTF"),
        "requestPayer": "BucketOwner",
    }


def _name(inputs: Mapping[str, Any]) -> list[str]:
    name = limits.value_at(inputs, "bucket")
    if name is None:
        return []
    found = limits.text(
        "bucket",
        _NAME,
        "be 3 to 63 lower-case letters, digits, hyphens and single dots, with a letter or digit at"
        " both ends",
    )(inputs)
    if _ADDRESS.fullmatch(str(name)):
        found.append("bucket: must not look like an IP address")
    if str(name).startswith(_RESERVED_PREFIXES) or str(name).endswith(_RESERVED_SUFFIXES):
        reserved = ", ".join((*_RESERVED_PREFIXES, *_RESERVED_SUFFIXES))
        found.append(f"bucket: must not begin or end with what S3 reserves ({reserved})")
    return found


def _owned(facts: Facts) -> str:
    """The id of a setting of a bucket: the bucket, and its expected owner if one is given."""
    owner = facts.text("expectedBucketOwner")
    return f"{facts.text('bucket')},{owner}" if owner else facts.text("bucket")


def _lifecycle_actions(inputs: Mapping[str, Any]) -> list[str]:
    """A rule without an action is malformed (PutBucketLifecycleConfiguration, API reference)."""
    return [
        f"rules[{index}]: must have at least one action, such as expiration"
        for index, rule in enumerate(limits.value_at(inputs, "rules") or [])
        if not any(rule.get(action) for action in _LIFECYCLE_ACTIONS)
    ]


_LIFECYCLE_ACTIONS = (
    "abortIncompleteMultipartUpload", "expiration", "noncurrentVersionExpiration",
    "noncurrentVersionTransitions", "transitions",
)  # fmt: skip
_BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_LOGGING = ("targetBucket", "targetGrants", "targetObjectKeyFormat", "targetPrefix")

KINDS = {
    "aws:s3/bucket:Bucket": Kind(
        id=lambda f: f.text("bucket"),
        outputs=_bucket,
        replaces=("bucket", "bucketNamespace", "bucketPrefix", "objectLockEnabled"),
        defaults={"forceDestroy": False},
        name="bucket",
        name_limit=63,
        unique=lambda f: f.text("bucket"),
        taken="BucketAlreadyOwnedByYou",
        operations=(
            operation(
                "s3",
                "CreateBucket",
                renames={"objectLockEnabled": "ObjectLockEnabledForBucket"},
                skips={
                    "accelerationStatus": "PutBucketAccelerateConfiguration",
                    "bucketPrefix": "becomes the name",
                    "corsRules": "PutBucketCors",
                    "forceDestroy": "decides how the bucket is deleted",
                    "grants": "PutBucketAcl",
                    "lifecycleRules": "PutBucketLifecycleConfiguration",
                    "logging": "PutBucketLogging",
                    "objectLockConfiguration": "PutObjectLockConfiguration",
                    "policy": "PutBucketPolicy",
                    "replicationConfiguration": "PutBucketReplication",
                    "requestPayer": "PutBucketRequestPayment",
                    "serverSideEncryptionConfiguration": "PutBucketEncryption",
                    "tags": "PutBucketTagging; limits.tags checks them",
                    "versioning": "PutBucketVersioning",
                    "website": "PutBucketWebsite",
                },
            ),
        ),
        checks=(_name,),
    ),
    # Each of the following overwrites what was set before: two of one bucket are no error to AWS.
    "aws:s3/bucketPolicy:BucketPolicy": Kind(
        id=lambda f: f.text("bucket"),
        replaces=("bucket",),
        operations=(operation("s3", "PutBucketPolicy"),),
        checks=(limits.document("policy", _POLICY_SIZE),),
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Kind(
        id=lambda f: f.text("bucket"),
        replaces=("bucket",),
        defaults=dict.fromkeys(_BLOCKS, False),
        operations=(
            operation(
                "s3",
                "PutPublicAccessBlock",
                renames={
                    key: f"PublicAccessBlockConfiguration.{key[0].upper()}{key[1:]}"
                    for key in _BLOCKS
                },
                skips={"skipDestroy": "decides how the block is deleted"},
            ),
        ),
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": Kind(
        id=_owned,
        replaces=("bucket", "expectedBucketOwner"),
        operations=(
            operation(
                "s3",
                "PutBucketEncryption",
                renames={"rules": "ServerSideEncryptionConfiguration.Rules"},
            ),
        ),
    ),
    "aws:s3/bucketVersioning:BucketVersioning": Kind(
        id=_owned,
        replaces=("bucket", "expectedBucketOwner"),
        operations=(operation("s3", "PutBucketVersioning"),),
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Kind(
        id=_owned,
        outputs=lambda _: {"transitionDefaultMinimumObjectSize": "all_storage_classes_128K"},
        replaces=("bucket", "expectedBucketOwner"),
        operations=(
            operation(
                "s3",
                "PutBucketLifecycleConfiguration",
                renames={"rules": "LifecycleConfiguration.Rules"},
                skips={"timeouts": "how long the provider waits"},
            ),
        ),
        # Amazon S3 user guide, "Managing the lifecycle of objects".
        checks=(limits.at_most("rules", 1000, "rules"), _lifecycle_actions),
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Kind(
        id=lambda f: f.text("bucket"),
        replaces=("bucket",),
        operations=(
            operation(
                "s3", "PutBucketOwnershipControls", renames={"rule": "OwnershipControls.Rules"}
            ),
        ),
    ),
    "aws:s3/bucketLogging:BucketLogging": Kind(
        id=_owned,
        replaces=("bucket", "expectedBucketOwner"),
        operations=(
            operation(
                "s3",
                "PutBucketLogging",
                renames={
                    key: f"BucketLoggingStatus.LoggingEnabled.{key[0].upper()}{key[1:]}"
                    for key in _LOGGING
                },
            ),
        ),
    ),
    "aws:s3/bucketNotification:BucketNotification": Kind(
        id=lambda f: f.text("bucket"),
        replaces=("bucket",),
        defaults={"eventbridge": False},
        operations=(
            operation(
                "s3",
                "PutBucketNotificationConfiguration",
                renames={
                    "lambdaFunctions": "NotificationConfiguration.LambdaFunctionConfigurations",
                    "queues": "NotificationConfiguration.QueueConfigurations",
                    "topics": "NotificationConfiguration.TopicConfigurations",
                },
                skips={"eventbridge": "is given by an empty EventBridgeConfiguration"},
            ),
        ),
    ),
}
