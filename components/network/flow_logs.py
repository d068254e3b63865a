"""VPC flow logs: a record of each connection, accepted or rejected."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.iam import Statement, allow, create_role, service_trust
from components.settings import FlowLogsSettings
from components.storage.log_bucket import create_log_bucket

AGGREGATION_INTERVAL: Final = 600
"""Seconds that a record covers, the longer of the two that AWS offers: fewer records, less cost."""


def record_flows(
    name: str,
    settings: FlowLogsSettings,
    *,
    vpc_id: pulumi.Input[str],
    environment: Environment,
    parent: pulumi.Resource,
) -> None:
    """Record a VPC's connections where the settings say.

    Creates the flow log, and for CloudWatch a log group with a role that writes to it only, for S3
    a bucket that log delivery writes to only.

    Args:
        name: prefix of the resources' names.
        settings: where to, and for how long.
        vpc_id: the VPC.
        environment: where it is.
        parent: the component that they belong to.
    """
    if settings.destination == "s3":
        _record_to_s3(name, settings.retention_days, vpc_id, environment, parent)
    else:
        _record_to_cloudwatch(name, settings.retention_days, vpc_id, environment, parent)


def _record_to_s3(
    name: str,
    retention_days: int,
    vpc_id: pulumi.Input[str],
    environment: Environment,
    parent: pulumi.Resource,
) -> None:
    bucket = create_log_bucket(
        f"{name}-flow-logs",
        delivery=flow_log_delivery,
        environment=environment,
        retention_days=retention_days,
        keep=True,
        parent=parent,
    )
    aws.ec2.FlowLog(
        f"{name}-flow-log",
        vpc_id=vpc_id,
        traffic_type="ALL",
        max_aggregation_interval=AGGREGATION_INTERVAL,
        log_destination_type="s3",
        log_destination=bucket.arn,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=bucket.ready),
    )


def _record_to_cloudwatch(
    name: str,
    retention_days: int,
    vpc_id: pulumi.Input[str],
    environment: Environment,
    parent: pulumi.Resource,
) -> None:
    log_group = aws.cloudwatch.LogGroup(
        f"{name}-flow-logs",
        name=f"/aws/vpc/flow-logs/{environment.regional_name(name)}",
        retention_in_days=retention_days,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    log_group_arn = environment.arn("logs", pulumi.Output.concat("log-group:", log_group.name))
    role, policies = create_role(
        f"{name}-flow-logs",
        fixed_name=environment.global_name(name, "flow-logs"),
        trust=service_trust(
            environment, "vpc-flow-logs.amazonaws.com", environment.arn("ec2", "vpc-flow-log/*")
        ),
        environment=environment,
        parent=parent,
        statements=[
            allow(
                ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                [log_group_arn, pulumi.Output.concat(log_group_arn, ":*")],
            ),
            # No log group can be named for this one; the flow logs service asks for it.
            allow(["logs:DescribeLogGroups"], ["*"]),
        ],
    )
    aws.ec2.FlowLog(
        f"{name}-flow-log",
        vpc_id=vpc_id,
        traffic_type="ALL",
        max_aggregation_interval=AGGREGATION_INTERVAL,
        log_destination_type="cloud-watch-logs",
        log_destination=log_group_arn,
        iam_role_arn=environment.role_arn(role),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=policies),
    )


def flow_log_delivery(arn: pulumi.Output[str], environment: Environment) -> Sequence[Statement]:
    """Let log delivery write for this account's logs only.

    The statements are those that AWS would add by itself (Amazon VPC user guide, "Amazon S3 bucket
    permissions for flow logs"), so that it doesn't overwrite the policy.
    """
    source = {"aws:SourceAccount": environment.account}
    sent_by = {"ArnLike": {"aws:SourceArn": environment.arn("logs", "*")}}
    principal = {"Service": "delivery.logs.amazonaws.com"}
    return (
        {
            "Sid": "AWSLogDeliveryWrite",
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:PutObject",
            "Resource": pulumi.Output.concat(arn, f"/AWSLogs/{environment.account}/*"),
            "Condition": {
                "StringEquals": {**source, "s3:x-amz-acl": "bucket-owner-full-control"},
                **sent_by,
            },
        },
        {
            "Sid": "AWSLogDeliveryAclCheck",
            "Effect": "Allow",
            "Principal": principal,
            "Action": ["s3:GetBucketAcl", "s3:ListBucket"],
            "Resource": arn,
            "Condition": {"StringEquals": source, **sent_by},
        },
    )
