"""Buckets that services keep objects in."""

# Unevaluated annotations: a stack without it needn't load this part of the SDK.
from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from components.grants import GrantableBucket, GrantableKey
from components.storage.bucket_protection import (
    ABANDONED_UPLOAD_DAYS,
    close_bucket,
    encrypt_bucket,
    fixed_bucket_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.environment import Environment
    from components.settings import BucketSettings


class Bucket(pulumi.ComponentResource):
    """An S3 bucket.

    Creates a bucket; its encryption, by S3 or with a given key; versioning; a lifecycle that
    deletes old versions and unfinished uploads; the ban on all public access; ownership of all
    objects by the account, without access control lists; a policy that refuses requests without
    TLS; and, where jobs start for new objects, notifications to EventBridge.

    Cost: about 0.023 USD per GB and month, old versions too (us-east-1).
    """

    arn: pulumi.Output[str]
    """ARN, known in the first preview."""
    bucket_name: pulumi.Output[str]
    """The bucket's name, known in the first preview."""
    grantable: GrantableBucket
    """The bucket, as services are granted it."""

    def __init__(
        self,
        name: str,
        settings: BucketSettings,
        *,
        environment: Environment,
        key: GrantableKey | None = None,
        events: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:bucket:Bucket", name, None, opts)
        self._name = name
        self._child = pulumi.ResourceOptions(parent=self)
        self._bucket = aws.s3.Bucket(
            f"{name}-bucket",
            bucket=fixed_bucket_name(name, environment),
            force_destroy=not settings.deletion_protection,
            opts=self._child,
        )
        self.bucket_name = self._bucket.bucket
        self.arn = pulumi.Output.concat(f"arn:{environment.partition}:s3:::", self.bucket_name)
        encrypt_bucket(name, self._bucket, parent=self, key=key.id if key else None)
        self._keep_versions(settings)
        closed = close_bucket(
            name, self._bucket, arn=self.arn, policy=f"{name}-tls-only", parent=self
        )
        if events:
            self._tell_eventbridge(closed)
        self.grantable = GrantableBucket(
            self.arn, self.bucket_name, environment.account, environment.endpoint("s3"), key
        )
        self.register_outputs({"arn": self.arn, "bucketName": self.bucket_name})

    def _tell_eventbridge(self, after: Sequence[pulumi.Resource]) -> None:
        # S3 refuses changes to one bucket at a time: one after another.
        aws.s3.BucketNotification(
            f"{self._name}-events",
            bucket=self.bucket_name,
            eventbridge=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )

    def _keep_versions(self, settings: BucketSettings) -> None:
        versioning = aws.s3.BucketVersioning(
            f"{self._name}-versioning",
            bucket=self.bucket_name,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(
                status="Enabled"
            ),
            opts=self._child,
        )
        clean_up = aws.s3.BucketLifecycleConfigurationRuleArgs(
            id="clean-up",
            status="Enabled",
            filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
            noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                noncurrent_days=settings.old_version_days
            ),
            abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                days_after_initiation=ABANDONED_UPLOAD_DAYS
            ),
            expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(
                days=settings.expire_days
            )
            if settings.expire_days
            else None,
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{self._name}-lifecycle",
            bucket=self.bucket_name,
            rules=[clean_up],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
        )
