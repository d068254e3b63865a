"""Fargate profiles: which pods run, with which role and in which subnets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.network.network import Network
from components.network.zones import ZONE_LABEL, zone_name, zone_profile
from components.settings import EksSettings
from components.settings.namespace import INSIGHTS_NAMESPACE


@dataclass(frozen=True)
class Profile:
    """A Fargate profile to be made.

    Attributes:
        name: its name in the cluster.
        namespace: whose pods it runs.
        zone: the only zone in which they run, counted from 1; all by default.
    """

    name: str
    namespace: str
    zone: int | None = None

    @property
    def labels(self) -> Mapping[str, str] | None:
        """What its pods carry; others of the namespace go by the namespace's own profile."""
        return None if self.zone is None else {ZONE_LABEL: zone_name(self.zone)}


def profiles(settings: EksSettings, zones: int) -> Sequence[Profile]:
    """Return a cluster's Fargate profiles: for the system, the collector and each namespace.

    Args:
        settings: the cluster's.
        zones: how many zones its network has, for namespaces with a profile for each.
    """
    insights = [INSIGHTS_NAMESPACE] if settings.container_insights.enabled else []
    # By name: the order of a stack file's keys doesn't reach the program.
    namespaces = ["kube-system", *insights, *sorted(settings.namespaces)]
    of_zones = [
        Profile(zone_profile(namespace, zone), namespace, zone)
        for namespace, given in sorted(settings.namespaces.items())
        for zone in range(1, zones + 1)
        if given.zone_profiles
    ]
    return [*(Profile(namespace, namespace) for namespace in namespaces), *of_zones]


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
                subnet_ids=_subnet_ids(network, profile.zone),
                selectors=[
                    aws.eks.FargateProfileSelectorArgs(
                        namespace=profile.namespace, labels=profile.labels
                    )
                ],
                opts=pulumi.ResourceOptions(parent=parent, depends_on=[*after, *created[-1:]]),
            )
        )
    return created


def _subnet_ids(network: Network, zone: int | None) -> pulumi.Output[Sequence[str]]:
    if zone is None:
        return network.private_subnet_ids
    return network.endpoint_subnet_ids.apply(lambda ids: [ids[zone - 1]])
