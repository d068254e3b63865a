"""What a task's role needs for ECS Exec: a session with its cluster's key and log group."""

from collections.abc import Sequence

import pulumi

from components.environment import Environment
from components.iam import Statement, allow


def exec_statements(
    environment: Environment, *, log_group: pulumi.Input[str], key_alias: pulumi.Input[str]
) -> Sequence[Statement]:
    """Return what lets a task open a session, log it, and decrypt what is typed into it.

    Session Manager's channels have no resource to name, and the agent looks a log group up in the
    list of all (Amazon ECS guide, "ECS Exec": permissions and logging). The key's id is not known
    in the first preview, so the key is named by its alias.

    Args:
        environment: account and region.
        log_group: `name` output of the log group that sessions are logged to.
        key_alias: `name` output of the alias of the key that sessions are encrypted with.
    """
    return (
        allow(
            [
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ],
            ["*"],
        ),
        allow(["logs:DescribeLogGroups"], [environment.arn("logs", "log-group:*")]),
        allow(
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            [environment.arn("logs", pulumi.Output.concat("log-group:", log_group, ":*"))],
        ),
        allow(
            ["kms:Decrypt"],
            [environment.arn("kms", "key/*")],
            {"ForAnyValue:StringEquals": {"kms:ResourceAliases": key_alias}},
        ),
    )
