"""Security groups for pods."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as k8s


def join_security_groups(
    name: str,
    groups: Sequence[pulumi.Input[str]],
    *,
    labels: Mapping[str, str] | None,
    metadata: k8s.meta.v1.ObjectMetaArgs,
    opts: pulumi.ResourceOptions,
) -> k8s.apiextensions.CustomResource:
    """Put pods into security groups; without, they'd be in the cluster's, which admits itself.

    Args:
        name: prefix of the resource's name.
        groups: ids of the groups.
        labels: what the pods carry; None selects every pod of the namespace (EKS user guide, "Use a
            security group policy for an Amazon EKS Pod").
        metadata: the object's; its namespace is the pods'.
        opts: options of an object in the cluster.

    Returns:
        The policy, for pods to depend on: it holds only for those that start after it.
    """
    return k8s.apiextensions.CustomResource(
        f"{name}-groups",
        api_version="vpcresources.k8s.aws/v1beta1",
        kind="SecurityGroupPolicy",
        metadata=metadata,
        spec={
            "podSelector": {} if labels is None else {"matchLabels": labels},
            "securityGroups": {"groupIds": list(groups)},
        },
        opts=opts,
    )
