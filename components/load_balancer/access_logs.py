"""What lets a load balancer write its access logs into a bucket."""

from collections.abc import Sequence
from typing import Final

import pulumi

from components.environment import Environment
from components.iam import Statement

LOG_DELIVERY: Final = "logdelivery.elasticloadbalancing.amazonaws.com"
"""What writes the logs (Elastic Load Balancing user guide, "Enable access logs")."""


def access_log_delivery(arn: pulumi.Output[str], environment: Environment) -> Sequence[Statement]:
    """Let load balancers of this account and region write, and nobody else."""
    return (
        {
            "Sid": "AccessLogs",
            "Effect": "Allow",
            "Principal": {"Service": LOG_DELIVERY},
            "Action": "s3:PutObject",
            "Resource": pulumi.Output.concat(arn, f"/AWSLogs/{environment.account}/*"),
            "Condition": {
                "ArnLike": {
                    "aws:SourceArn": environment.arn("elasticloadbalancing", "loadbalancer/*")
                }
            },
        },
    )
