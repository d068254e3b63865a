"""Kubernetes namespaces for teams, each with a quota."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_kubernetes as k8s

from components.settings.namespace import NamespaceSettings, QuotaSettings

RESTRICTED: Final = {"pod-security.kubernetes.io/enforce": "restricted"}
"""Pods are held to the restricted standard."""

LABELS: Final = {**RESTRICTED, "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled"}
"""Besides, pods count as ready when the load balancer says so."""


def create_namespaces(
    name: str,
    wanted: Mapping[str, NamespaceSettings],
    *,
    provider: k8s.Provider,
    after: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
) -> dict[str, k8s.core.v1.Namespace]:
    """Create the namespaces and their quotas.

    Args:
        name: prefix of the resources' names.
        wanted: settings by namespace.
        provider: of the cluster's objects.
        after: what workloads in them need.
        parent: the cluster's component.
    """
    created = {}
    for namespace, settings in sorted(wanted.items()):
        created[namespace] = k8s.core.v1.Namespace(
            f"{name}-namespace-{namespace}",
            metadata=k8s.meta.v1.ObjectMetaArgs(name=namespace, labels=LABELS),
            opts=pulumi.ResourceOptions(parent=parent, provider=provider, depends_on=list(after)),
        )
        k8s.core.v1.ResourceQuota(
            f"{name}-quota-{namespace}",
            metadata=k8s.meta.v1.ObjectMetaArgs(
                name="quota", namespace=created[namespace].metadata.name
            ),
            spec=k8s.core.v1.ResourceQuotaSpecArgs(hard=hard(settings.quota)),
            opts=pulumi.ResourceOptions(parent=parent, provider=provider),
        )
    return created


def hard(quota: QuotaSettings) -> Mapping[str, str]:
    """Return a quota in Kubernetes' words.

    Services that open a port of a node or make a load balancer of their own aren't for Fargate.
    """
    return {
        "pods": str(quota.pods),
        "requests.cpu": str(quota.cpu),
        "requests.memory": f"{quota.memory}Gi",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
    }
