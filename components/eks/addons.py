"""EKS add-ons on Fargate: CoreDNS and metrics-server, each pod of the smallest size."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
import pulumi_aws as aws

SMALLEST: Final = {"cpu": "0.25", "memory": "256M"}
"""With the 256 MB that EKS adds a pod takes the smallest size."""
RESOURCES: Final = {"limits": SMALLEST, "requests": SMALLEST}

ADDONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "coredns": {"computeType": "Fargate", "resources": RESOURCES},
    # EKS's own is made for Fargate too, where 10250 is the kubelet's: it listens on 10251.
    "metrics-server": {"replicas": 2, "resources": RESOURCES},
}
"""Each add-on's configuration."""


def install_addons(
    name: str,
    *,
    cluster_name: pulumi.Input[str],
    after: pulumi.Input[Sequence[pulumi.Resource]],
    parent: pulumi.Resource,
) -> Sequence[aws.eks.Addon]:
    """Install the add-ons.

    Args:
        name: prefix of the resources' names.
        cluster_name: the cluster's name, as its output.
        after: what their pods need to start and to be logged.
        parent: the cluster's component.
    """
    return [
        aws.eks.Addon(
            f"{name}-{addon}",
            addon_name=addon,
            cluster_name=cluster_name,
            configuration_values=json.dumps(configuration, sort_keys=True),
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="OVERWRITE",
            opts=pulumi.ResourceOptions(parent=parent, depends_on=after),
        )
        for addon, configuration in ADDONS.items()
    ]
