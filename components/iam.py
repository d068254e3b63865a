"""IAM documents and the roles that carry them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.environment import Environment

INLINE_POLICY_LIMIT: Final = 10_240
"""Characters that the inline policies of one role may have in all (IAM quotas)."""

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


def tls_only(
    actions: Sequence[str], resource: pulumi.Input[str] | Sequence[pulumi.Input[str]]
) -> Statement:
    """Return a resource policy's statement that refuses whoever asks without TLS.

    Args:
        actions: what is refused, in the form that the resource's service takes.
        resource: the ARN, or all of them, that it is about.
    """
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": actions[0] if len(actions) == 1 else sorted(actions),
        "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def create_role(
    name: str,
    *,
    fixed_name: str,
    trust: pulumi.Input[str],
    environment: Environment,
    parent: pulumi.Resource,
    statements: Sequence[Statement] = (),
) -> tuple[aws.iam.Role, Sequence[aws.iam.RolePolicy]]:
    """Create a role within the stack's permissions boundary, and its inline policy.

    Every role of this project is created here.

    Args:
        name: what the names of the resources begin with: `name-role` and `name-policy`.
        fixed_name: the role's name in the account.
        trust: document that says who may assume it.
        environment: where the role is, with the boundary.
        parent: the component that needs it.
        statements: what it may do; without any there is no policy.

    Returns:
        The role, and its policy for what uses the role to depend on.
    """
    child = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        f"{name}-role",
        name=fixed_name,
        assume_role_policy=trust,
        permissions_boundary=environment.permission_boundary,
        opts=child,
    )
    if not statements:
        return role, []
    policy = aws.iam.RolePolicy(
        f"{name}-policy",
        role=role.name,
        policy=document(statements).apply(lambda text: _within_limit(name, text)),
        opts=child,
    )
    return role, [policy]


def _within_limit(name: str, text: str) -> str:
    """Return a policy's text.

    Raises:
        pulumi.RunError: IAM wouldn't take it.
    """
    size = sum(not character.isspace() for character in text)
    if size > INLINE_POLICY_LIMIT:
        raise pulumi.RunError(
            f"{name}: its policy has {size} characters and a role's policies may have "
            f"{INLINE_POLICY_LIMIT}: grant less, or split the service"
        )
    return text


def service_trust(
    environment: Environment, service: str, source_arn: pulumi.Input[str] | None
) -> pulumi.Output[str]:
    """Return a trust document for an AWS service that acts for resources of this account only.

    The conditions keep other accounts from using the service to assume the role (the confused
    deputy).

    Args:
        environment: the account.
        service: the principal, such as ecs-tasks.amazonaws.com.
        source_arn: pattern of the ARN that this service sends as aws:SourceArn; None where it isn't
            known, and the account alone is asked for.
    """
    source = {} if source_arn is None else {"ArnLike": {"aws:SourceArn": source_arn}}
    return document(
        [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": service},
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": environment.account},
                    **source,
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


def batch_tasks_trust(environment: Environment) -> pulumi.Output[str]:
    """Return the trust document of task and execution roles of jobs that AWS Batch runs.

    ECS assumes them too, for a task in a cluster that Batch has in this account. What it sends as
    aws:SourceArn then is documented nowhere, and a role that demands another can't be assumed: so
    the account alone is demanded (ADR 20).
    """
    return service_trust(environment, "ecs-tasks.amazonaws.com", None)


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
