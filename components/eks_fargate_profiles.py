"""Fargate profiles: which pods run, with which role and in which subnets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.network import Network
from components.settings import EksSettings
from components.settings.namespace import INSIGHTS_NAMESPACE


@dataclass(frozen=True)
class Profile:
    """A Fargate profile to be made.

    Attributes:
        name: its name in the cluster.
        namespace: whose pods it runs.
        labels: what those pods must have; nothing by default.
    """

    name: str
    namespace: str
    labels: Mapping[str, str] = field(default_factory=dict)


def profiles(settings: EksSettings) -> Sequence[Profile]:
    """Return a cluster's Fargate profiles: for the system, the collector and each namespace."""
    insights = [INSIGHTS_NAMESPACE] if settings.container_insights.enabled else []
    # By name: the order of a stack file's keys doesn't reach the program.
    namespaces = ["kube-system", *insights, *sorted(settings.namespaces)]
    return [Profile(namespace, namespace) for namespace in namespaces]


def create_fargate_profiles(
    name: str,
    wanted: Sequence[Profile],
    *,
    cluster_name: pulumi.Input[str],
    role_arn: pulumi.Input[str],
    network: Network,
    after: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
) -> Sequence[aws.eks.FargateProfile]:
    """Create one profile after the other: a cluster changes one at a time.

    Args:
        name: prefix of the resources' names.
        wanted: the profiles.
        cluster_name: the cluster's name, as its output.
        role_arn: ARN of the pod execution role.
        network: where its pods run, in private subnets.
        after: what has to be there before.
        parent: the cluster's component.
    """
    created: list[aws.eks.FargateProfile] = []
    for profile in wanted:
        created.append(
            aws.eks.FargateProfile(
                f"{name}-profile-{profile.name}",
                fargate_profile_name=profile.name,
                cluster_name=cluster_name,
                pod_execution_role_arn=role_arn,
                subnet_ids=network.private_subnet_ids,
                selectors=[
                    aws.eks.FargateProfileSelectorArgs(
                        namespace=profile.namespace, labels=profile.labels or None
                    )
                ],
                opts=pulumi.ResourceOptions(parent=parent, depends_on=[*after, *created[-1:]]),
            )
        )
    return created
