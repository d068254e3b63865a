"""Buckets that AWS delivers logs to, and that nobody else writes to."""

# Unevaluated annotations: a stack without it needn't load this part of the SDK.
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from components.storage.bucket_protection import (
    ABANDONED_UPLOAD_DAYS,
    close_bucket,
    encrypt_bucket,
    fixed_bucket_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from components.environment import Environment
    from components.iam import Statement


@dataclass(frozen=True)
class LogBucket:
    """A bucket that AWS's log delivery writes to.

    Attributes:
        name: its name, known in the first preview.
        arn: its ARN, known in the first preview.
        ready: what allows the logs to be written; whoever delivers is refused a bucket without.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    ready: Sequence[pulumi.Resource]


def create_log_bucket(
    name: str,
    *,
    delivery: Callable[[pulumi.Output[str], Environment], Sequence[Statement]],
    environment: Environment,
    retention_days: int,
    keep: bool,
    parent: pulumi.Resource,
) -> LogBucket:
    """Create a bucket that one kind of log delivery writes to, and nobody else.

    Creates the bucket, encrypted by S3 (log delivery to a KMS key isn't offered everywhere),
    without access control lists, closed to the public, its policy, and a lifecycle that deletes old
    logs.

    Args:
        name: what the names of the resources begin with.
        delivery: statements that let logs be delivered, made from the bucket's ARN.
        environment: where it is.
        retention_days: days after which a log is deleted.
        keep: refuse to delete the bucket while it holds logs.
        parent: the component that it belongs to.
    """
    child = pulumi.ResourceOptions(parent=parent)
    bucket = aws.s3.Bucket(
        name,
        bucket=fixed_bucket_name(name, environment),
        force_destroy=not keep,
        opts=child,
    )
    arn = pulumi.Output.concat(f"arn:{environment.partition}:s3:::", bucket.bucket)
    encrypt_bucket(name, bucket, parent=parent)
    _expire(name, bucket, retention_days, child)
    ready = close_bucket(
        name,
        bucket,
        arn=arn,
        policy=f"{name}-policy",
        parent=parent,
        statements=delivery(arn, environment),
    )
    return LogBucket(bucket.bucket, arn, ready)


def _expire(name: str, bucket: aws.s3.Bucket, days: int, opts: pulumi.ResourceOptions) -> None:
    expire = aws.s3.BucketLifecycleConfigurationRuleArgs(
        id="expire",
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days),
        abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=ABANDONED_UPLOAD_DAYS
        ),
    )
    aws.s3.BucketLifecycleConfiguration(
        f"{name}-lifecycle", bucket=bucket.bucket, rules=[expire], opts=opts
    )
