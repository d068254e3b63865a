"""The control plane of an EKS cluster on Fargate, which has no nodes."""

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as k8s

from components.eks.roles import create_cluster_role
from components.network.network import Network
from components.settings import EksSettings

CONTROL_PLANE_LOGS: Final = ("api", "audit", "authenticator", "controllerManager", "scheduler")


@dataclass(frozen=True)
class ControlPlane:
    """A control plane, the provider for Kubernetes objects in its cluster, and its log group."""

    cluster: pulumi.Output[aws.eks.Cluster]
    provider: k8s.Provider
    log_group: aws.cloudwatch.LogGroup


def create_control_plane(
    name: str,
    settings: EksSettings,
    *,
    fixed_name: str,
    network: Network,
    parent: pulumi.Resource,
) -> ControlPlane:
    """Create the control plane, through pulumi-eks, and before it its role, key and log group.

    Of pulumi-eks it takes the control plane alone: whatever is for nodes is off, and access entries
    and the OpenID Connect provider are made here, where what they do is seen.

    Args:
        name: prefix of the resources' names.
        settings: the cluster's.
        fixed_name: its name in the account.
        network: where it is.
        parent: the cluster's component.
    """
    child = pulumi.ResourceOptions(parent=parent)
    role, role_policy = create_cluster_role(
        name, fixed_name, environment=network.environment, parent=parent
    )
    log_group = aws.cloudwatch.LogGroup(
        f"{name}-control-plane-logs",
        name=f"/aws/eks/{fixed_name}/cluster",
        retention_in_days=settings.log_retention_days,
        opts=child,
    )
    component = eks.Cluster(
        f"{name}-cluster",
        name=fixed_name,
        version=settings.version,
        service_role=role,
        vpc_id=network.vpc_id,
        private_subnet_ids=network.private_subnet_ids,
        endpoint_private_access=True,
        endpoint_public_access=bool(settings.public_access_cidrs),
        public_access_cidrs=[str(block) for block in settings.public_access_cidrs] or None,
        authentication_mode=eks.AuthenticationMode.API,
        encryption_config_key_arn=_create_key(name, fixed_name, child).arn,
        enabled_cluster_log_types=list(CONTROL_PLANE_LOGS),
        deletion_protection=settings.deletion_protection,
        upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type="STANDARD"),
        skip_default_node_group=True,
        skip_default_security_groups=True,
        bootstrap_self_managed_addons=False,
        use_default_vpc_cni=True,
        kube_proxy_addon_options=eks.KubeProxyAddonOptionsArgs(enabled=False),
        coredns_addon_options=eks.CoreDnsAddonOptionsArgs(enabled=False),
        create_oidc_provider=False,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[role_policy, log_group]),
    )
    provider = k8s.Provider(
        f"{name}-kubernetes",
        kubeconfig=component.kubeconfig_json,
        enable_server_side_apply=True,
        opts=child,
    )
    return ControlPlane(component.eks_cluster, provider, log_group)


def _create_key(name: str, fixed_name: str, child: pulumi.ResourceOptions) -> aws.kms.Key:
    """Create the key with which EKS encrypts Kubernetes secrets."""
    key = aws.kms.Key(
        f"{name}-secrets",
        description=f"Kubernetes secrets of {fixed_name}",
        enable_key_rotation=True,
        deletion_window_in_days=30,
        opts=child,
    )
    aws.kms.Alias(
        f"{name}-secrets-alias",
        name=f"alias/{fixed_name}-secrets",
        target_key_id=key.id,
        opts=child,
    )
    return key


def create_oidc_provider(
    name: str, cluster: pulumi.Output[aws.eks.Cluster], *, parent: pulumi.Resource
) -> tuple[pulumi.Output[str], aws.iam.OpenIdConnectProvider]:
    """Let IAM roles trust the cluster's service accounts (IRSA).

    Returns:
        The issuer's URL without https://, and the provider.
    """
    url = cluster.identities[0].oidcs[0].issuer
    provider = aws.iam.OpenIdConnectProvider(
        f"{name}-oidc",
        url=url,
        client_id_lists=["sts.amazonaws.com"],
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return url.apply(lambda known: (known or "").removeprefix("https://")), provider
