"""IAM documents and the roles that carry them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components.environment import Environment

Statement = Mapping[str, Any]
"""A statement of an IAM document; ARNs in it may be Outputs that the first preview knows."""


def allow(
    actions: Sequence[str],
    resources: Sequence[pulumi.Input[str]],
    condition: Mapping[str, Any] | None = None,
) -> Statement:
    """Return a statement that allows `actions` on `resources`."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": list(resources),
    }
    return {**statement, "Condition": condition} if condition else statement


def document(statements: Sequence[Statement]) -> pulumi.Output[str]:
    """Return the policy document of `statements` as canonical JSON."""
    return pulumi.Output.json_dumps(
        {"Version": "2012-10-17", "Statement": list(statements)}, sort_keys=True
    )


def service_trust(
    environment: Environment, service: str, source_arn: pulumi.Input[str]
) -> pulumi.Output[str]:
    """Return a trust document for an AWS service that acts for resources of this account only.

    The conditions keep other accounts from using the service to assume the role (the confused
    deputy).

    Args:
        environment: the account.
        service: the principal, such as ecs-tasks.amazonaws.com.
        source_arn: pattern of the ARN that this service sends as aws:SourceArn.
    """
    return document(
        [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": service},
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": environment.account},
                    "ArnLike": {"aws:SourceArn": source_arn},
                },
            }
        ]
    )


def ecs_tasks_trust(environment: Environment) -> pulumi.Output[str]:
    """Return the trust document of task and execution roles.

    ECS sends no narrower source than the region's: naming a cluster isn't supported (Amazon ECS
    developer guide, "Task IAM role").
    """
    return service_trust(environment, "ecs-tasks.amazonaws.com", environment.arn("ecs", "*"))


def web_identity_trust(
    provider_arn: pulumi.Input[str], issuer: pulumi.Input[str], service_account: str
) -> pulumi.Output[str]:
    """Return the trust document of a role for exactly one Kubernetes service account (IRSA).

    Args:
        provider_arn: ARN of the cluster's OpenID Connect provider.
        issuer: the provider's URL without https://.
        service_account: the account as `namespace:name`.
    """
    return pulumi.Output.all(provider_arn, issuer).apply(
        lambda known: document(
            [
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Principal": {"Federated": known[0]},
                    "Condition": {
                        "StringEquals": {
                            f"{known[1]}:aud": "sts.amazonaws.com",
                            f"{known[1]}:sub": f"system:serviceaccount:{service_account}",
                        }
                    },
                }
            ]
        )
    )
