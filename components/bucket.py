"""Buckets that services keep objects in."""

import re

import pulumi
import pulumi_aws as aws

from components.environment import Environment, shortened
from components.grants import GrantableBucket, GrantableKey
from components.iam import document, tls_only
from components.settings import BucketSettings

LONGEST_NAME = 63
"""Characters of a bucket's name (Amazon S3 user guide, "Bucket naming rules")."""

ABANDONED_UPLOAD_DAYS = 7
"""Days after which the parts of an upload that was never finished are deleted; they are billed."""


class Bucket(pulumi.ComponentResource):
    """An S3 bucket.

    Creates a bucket; its encryption, by S3 or with a given key; versioning; a lifecycle that
    deletes old versions and unfinished uploads; the ban on all public access; ownership of all
    objects by the account, without access control lists; and a policy that refuses requests
    without TLS.

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
        self._encrypt(key)
        self._keep_versions(settings)
        self._close()
        self.grantable = GrantableBucket(
            self.arn, self.bucket_name, environment.account, environment.endpoint("s3"), key
        )
        self.register_outputs({"arn": self.arn, "bucketName": self.bucket_name})

    def _encrypt(self, key: GrantableKey | None) -> None:
        default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(  # noqa: E501 - the SDK's name
            sse_algorithm="aws:kms" if key else "AES256",
            kms_master_key_id=key.id if key else None,
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{self._name}-encryption",
            bucket=self.bucket_name,
            rules=[
                aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=default,
                    # One request to KMS for many objects.
                    bucket_key_enabled=key is not None,
                )
            ],
            opts=self._child,
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

    def _close(self) -> None:
        """Close the bucket to the public; one after another, since S3 refuses changes at a time."""
        closed = aws.s3.BucketPublicAccessBlock(
            f"{self._name}-public-access",
            bucket=self.bucket_name,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._child,
        )
        policy = aws.s3.BucketPolicy(
            f"{self._name}-tls-only",
            bucket=self.bucket_name,
            policy=document([tls_only(["s3:*"], [self.arn, pulumi.Output.concat(self.arn, "/*")])]),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[closed]),
        )
        aws.s3.BucketOwnershipControls(
            f"{self._name}-ownership",
            bucket=self.bucket_name,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )


def fixed_bucket_name(name: str, environment: Environment) -> str:
    """Return a bucket's name, unique in the world: it holds the region and the account.

    S3 knows fewer characters than Pulumi's projects and stacks: others become hyphens.
    """
    parts = (environment.prefix, environment.region, environment.account, name)
    plain = re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")
    return shortened(plain, LONGEST_NAME)
