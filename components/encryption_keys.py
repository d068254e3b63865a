"""KMS keys of the stack's own, and the policies by which AWS's services may use them.

A key's policy has to be there before whatever uses the key, so it can't take a name from its
user's outputs: names in key policies are plain text, and the user depends on the key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.iam import Statement, document

LONGEST_ALIAS: Final = 256
DELETION_WINDOW: Final = 30
"""Days in which the deletion of a key, and so the loss of what it encrypts, can be undone."""


@dataclass(frozen=True)
class EncryptionKey:
    """A key, and the alias by which IAM documents name it before its id is known."""

    key: aws.kms.Key
    alias: aws.kms.Alias


def encryption_key(
    name: str,
    description: str,
    statements: Sequence[Statement],
    *,
    environment: Environment,
    parent: pulumi.Resource,
) -> EncryptionKey:
    """Create a symmetric, single-Region key that AWS rotates every year, with an alias.

    It costs 1 USD a month, 0.03 USD for 10,000 requests, and 1 USD a month more for each of its
    first two rotations (KMS pricing, us-east-1). A key that is deleted by the program stays for 30
    days in which the deletion can be cancelled.

    Args:
        name: logical name of the key; its fixed alias is alias/PROJECT-STACK-name.
        description: what it encrypts.
        statements: what services may do with it, besides what the account's own IAM allows.
        environment: account and region.
        parent: the component that it belongs to.
    """
    key = aws.kms.Key(
        name,
        description=description,
        key_usage="ENCRYPT_DECRYPT",
        customer_master_key_spec="SYMMETRIC_DEFAULT",
        multi_region=False,
        enable_key_rotation=True,
        rotation_period_in_days=365,
        deletion_window_in_days=DELETION_WINDOW,
        policy=document([account_statement(environment), *statements]),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    prefix = "alias/"
    alias = aws.kms.Alias(
        f"{name}-alias",
        name=prefix + environment.regional_name(name, limit=LONGEST_ALIAS - len(prefix)),
        target_key_id=key.key_id,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return EncryptionKey(key, alias)


def account_statement(environment: Environment) -> Statement:
    """Leave the key to the account's IAM: without it nobody could manage the key (KMS guide)."""
    return {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{environment.partition}:iam::{environment.account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }


def logs_statement(environment: Environment, log_group: str) -> Statement:
    """Let CloudWatch Logs encrypt exactly one log group (its guide, "Encrypt log data").

    Its principal is the region's, and in China ends as hosts there do.

    Args:
        environment: account and region of the log group.
        log_group: its name.
    """
    arn = (
        f"arn:{environment.partition}:logs:{environment.region}:{environment.account}:"
        f"log-group:{log_group}"
    )
    return {
        "Effect": "Allow",
        "Principal": {"Service": environment.endpoint("logs")},
        "Action": [
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey*",
            "kms:ReEncrypt*",
        ],
        "Resource": "*",
        "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": arn}},
    }


def fargate_statements(environment: Environment, cluster: str) -> Sequence[Statement]:
    """Let Fargate encrypt the ephemeral storage of one cluster's tasks.

    The ECS guide ("Create an encryption key for Fargate ephemeral storage") demands kms:DescribeKey
    besides, for whoever creates or updates the cluster: the account's own statement gives it.

    Args:
        environment: the cluster's account.
        cluster: its name, not its ARN.
    """
    of_the_cluster = {
        "kms:EncryptionContext:aws:ecs:clusterAccount": environment.account,
        "kms:EncryptionContext:aws:ecs:clusterName": cluster,
    }
    fargate = {"Service": "fargate.amazonaws.com"}
    return (
        {
            "Effect": "Allow",
            "Principal": fargate,
            "Action": "kms:GenerateDataKeyWithoutPlaintext",
            "Resource": "*",
            "Condition": {"StringEquals": of_the_cluster},
        },
        {
            "Effect": "Allow",
            "Principal": fargate,
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {
                "StringEquals": of_the_cluster,
                "ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt"]},
            },
        },
    )
