"""What every bucket of the platform has: encryption, no public access, and TLS."""

# Unevaluated annotations: a stack without it needn't load this part of the SDK.
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from components.environment import Environment, shortened
from components.iam import Statement, document, tls_only

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_NAME: Final = 63
"""Characters of a bucket's name (Amazon S3 user guide, "Bucket naming rules")."""

ABANDONED_UPLOAD_DAYS: Final = 7
"""Days after which the parts of an upload that was never finished are deleted; they are billed."""


def fixed_bucket_name(name: str, environment: Environment) -> str:
    """Return a bucket's name, unique in the world: it holds the region and the account.

    S3 knows fewer characters than Pulumi's projects and stacks: others become hyphens.
    """
    parts = (environment.prefix, environment.region, environment.account, name)
    plain = re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")
    return shortened(plain, LONGEST_NAME)


def encrypt_bucket(
    name: str, bucket: aws.s3.Bucket, *, parent: pulumi.Resource, key: str | None = None
) -> None:
    """Encrypt a bucket's objects, by S3 or with a KMS key.

    Args:
        name: prefix of the resource's name.
        bucket: the bucket.
        parent: its component.
        key: the key's id, ARN or alias; none for S3's own.
    """
    default = (
        aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms" if key else "AES256", kms_master_key_id=key
        )
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        f"{name}-encryption",
        bucket=bucket.bucket,
        rules=[
            aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                apply_server_side_encryption_by_default=default,
                # One request to KMS for many objects.
                bucket_key_enabled=key is not None,
            )
        ],
        opts=pulumi.ResourceOptions(parent=parent),
    )


def close_bucket(
    name: str,
    bucket: aws.s3.Bucket,
    *,
    arn: pulumi.Output[str],
    policy: str,
    parent: pulumi.Resource,
    statements: Sequence[Statement] = (),
) -> Sequence[pulumi.Resource]:
    """Close a bucket to the public, to requests without TLS and to access control lists.

    Args:
        name: prefix of the resources' names.
        bucket: the bucket.
        arn: its ARN.
        policy: name of the bucket policy's resource.
        parent: its component.
        statements: further statements of the bucket policy.

    Returns:
        What has to be there before the bucket is used by those that the statements let in.
    """
    closed = aws.s3.BucketPublicAccessBlock(
        f"{name}-public-access",
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    # S3 refuses changes to one bucket at a time: one after another.
    secured = aws.s3.BucketPolicy(
        policy,
        bucket=bucket.bucket,
        policy=document([*statements, tls_only(["s3:*"], [arn, pulumi.Output.concat(arn, "/*")])]),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[closed]),
    )
    owned = aws.s3.BucketOwnershipControls(
        f"{name}-ownership",
        bucket=bucket.bucket,
        rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[secured]),
    )
    return [secured, owned]
