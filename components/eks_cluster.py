"""The EKS cluster."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as k8s

from components.eks_logging import CONFIG_MAP, NAMESPACE, logging_config
from components.eks_roles import create_cluster_role, create_pod_execution_role
from components.network import Network
from components.reach import allow_https_out, connect, security_group
from components.settings import EksSettings, ServiceSettings

CONTROL_PLANE_LOGS: Final = ("api", "audit", "authenticator", "controllerManager", "scheduler")

COREDNS: Final = {
    "computeType": "Fargate",
    "resources": {
        "limits": {"cpu": "0.25", "memory": "256M"},
        "requests": {"cpu": "0.25", "memory": "256M"},
    },
}
"""CoreDNS on Fargate: with the 256 MB that EKS adds a pod takes the smallest size."""

METRICS_SERVER: Final = {"replicas": 2}
"""metrics-server: EKS's add-on is made for Fargate too, where 10250 is the kubelet's (it listens on
10251), and what it asks for (0.1 vCPU and 200 MiB) takes the smallest size."""

NAMESPACE_LABELS: Final = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
}
"""Pods are held to the restricted standard, and count as ready when the load balancer says so."""


class EksCluster(pulumi.ComponentResource):
    """An EKS cluster whose pods all run on Fargate; it has no nodes.

    Creates, through pulumi-eks: the control plane (private endpoint; public only for named blocks)
    and access entries. Besides: its role, the KMS key that encrypts Kubernetes secrets, the log
    groups of the control plane and of the pods, the OpenID Connect provider for IRSA, the pod
    execution role, a Fargate profile for the system and one for each namespace, logging, the
    CoreDNS and metrics-server add-ons, the namespaces, and the security group that all pods share.

    Cost (us-east-1): 73 USD a month for the control plane, 36 USD for two pods each of CoreDNS
    and metrics-server, 1 USD for the key.
    """

    network: Network
    provider: k8s.Provider
    """For Kubernetes objects in this cluster."""
    cluster_name: pulumi.Output[str]
    cluster_group_id: pulumi.Output[str]
    """The security group that EKS made; for the control plane and system pods only."""
    pod_group_id: pulumi.Output[str]
    """The security group that every service's pods share: DNS, HTTPS out, metrics in."""
    issuer: pulumi.Output[str]
    """The OpenID Connect issuer's URL without https://."""
    oidc_provider: aws.iam.OpenIdConnectProvider
    controller_image: str | None
    """The load balancer controller's image, instead of its chart's own."""
    secrets_operator_image: str | None
    """The secrets operator's image, instead of its chart's own."""
    logging_config: pulumi.Output[Mapping[str, str]]
    """What the log router is configured with; pods restart when it changes."""
    system: Sequence[pulumi.Resource]
    """What a workload depends on: profiles, logging, DNS, the rules of the pods' shared group."""
    namespaces: dict[str, k8s.core.v1.Namespace]

    def __init__(
        self,
        name: str,
        settings: EksSettings,
        *,
        network: Network,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:eks:EksCluster", name, None, opts)
        self.network = network
        self.controller_image = settings.controller_image
        self.secrets_operator_image = settings.secrets_operator_image
        self._name = name
        self._settings = settings
        self._environment = network.environment
        self._fixed_name = network.environment.regional_name(name, limit=100)
        self._child = pulumi.ResourceOptions(parent=self)

        control_plane = self._create_control_plane()
        self.cluster_name = control_plane.name
        self.cluster_group_id = control_plane.vpc_config.cluster_security_group_id
        self.issuer, self.oidc_provider = self._create_oidc_provider(control_plane)
        self.pod_group_id, pod_rules = self._create_pod_group()
        self._pod_logs = self._log_group("pod-logs", f"/aws/eks/{self._fixed_name}/pods")
        profiles = self._create_fargate_profiles()
        logging = self._configure_logging(profiles)
        addons = self._install_addons(profiles, logging)
        self.system = [*profiles, logging, *addons, *pod_rules]
        self.namespaces = self._create_namespaces()
        self.register_outputs({"clusterName": self.cluster_name})

    def _log_group(self, suffix: str, name: str) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            f"{self._name}-{suffix}",
            name=name,
            retention_in_days=self._settings.log_retention_days,
            opts=self._child,
        )

    def _create_control_plane(self) -> pulumi.Output[aws.eks.Cluster]:
        settings = self._settings
        role, role_policy = create_cluster_role(
            self._name, self._fixed_name, environment=self._environment, parent=self
        )
        log_group = self._log_group("control-plane-logs", f"/aws/eks/{self._fixed_name}/cluster")
        subnets = self.network.private_subnet_ids
        component = eks.Cluster(
            f"{self._name}-cluster",
            name=self._fixed_name,
            version=settings.version,
            service_role=role,
            vpc_id=self.network.vpc_id,
            private_subnet_ids=subnets,
            endpoint_private_access=True,
            endpoint_public_access=bool(settings.public_access_cidrs),
            public_access_cidrs=[str(block) for block in settings.public_access_cidrs] or None,
            authentication_mode=eks.AuthenticationMode.API,
            access_entries=self._access_entries(),
            encryption_config_key_arn=self._create_key().arn,
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
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role_policy, log_group]),
        )
        self.provider = k8s.Provider(
            f"{self._name}-kubernetes",
            kubeconfig=component.kubeconfig_json,
            enable_server_side_apply=True,
            opts=self._child,
        )
        return component.eks_cluster

    def _create_key(self) -> aws.kms.Key:
        """Create the key with which EKS encrypts Kubernetes secrets."""
        key = aws.kms.Key(
            f"{self._name}-secrets",
            description=f"Kubernetes secrets of {self._fixed_name}",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            opts=self._child,
        )
        aws.kms.Alias(
            f"{self._name}-secrets-alias",
            name=f"alias/{self._fixed_name}-secrets",
            target_key_id=key.id,
            opts=self._child,
        )
        return key

    def _access_entries(self) -> dict[str, eks.AccessEntryArgs]:
        policy = "AmazonEKSClusterAdminPolicy"
        return {
            _entry_name(role_arn): eks.AccessEntryArgs(
                principal_arn=role_arn,
                access_policies={
                    "admin": eks.AccessPolicyAssociationArgs(
                        policy_arn=f"arn:{self._environment.partition}:eks::aws:"
                        f"cluster-access-policy/{policy}",
                        access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
                    )
                },
            )
            for role_arn in self._settings.admin_role_arns
        }

    def _create_oidc_provider(
        self, control_plane: pulumi.Output[aws.eks.Cluster]
    ) -> tuple[pulumi.Output[str], aws.iam.OpenIdConnectProvider]:
        """Let IAM roles trust the cluster's service accounts (IRSA)."""
        url = control_plane.identities[0].oidcs[0].issuer
        provider = aws.iam.OpenIdConnectProvider(
            f"{self._name}-oidc", url=url, client_id_lists=["sts.amazonaws.com"], opts=self._child
        )
        return url.apply(lambda known: (known or "").removeprefix("https://")), provider

    def _create_pod_group(self) -> tuple[pulumi.Output[str], Sequence[pulumi.Resource]]:
        """Create the group for what every pod needs: DNS, HTTPS out, and metrics to be read."""
        group = security_group(
            f"{self._name}-pods",
            f"Pods of {self._fixed_name}: DNS, HTTPS out, metrics in",
            network=self.network,
            parent=self,
        )
        rules = allow_https_out(
            f"{self._name}-pods", ways=self.network.ways_out, group=group.id, parent=self
        )
        for purpose, port, protocol in (
            ("dns", 53, "udp"),
            ("dns-tcp", 53, "tcp"),
            ("api", 443, "tcp"),
        ):
            rules += connect(
                f"{self._name}-pods-{purpose}",
                f"Pods to the cluster: {purpose}",
                source=group.id,
                target=self.cluster_group_id,
                port=port,
                protocol=protocol,
                parent=self,
            )
        rules += connect(
            f"{self._name}-pods-metrics",
            "Metrics server to the kubelets of pods",
            source=self.cluster_group_id,
            target=group.id,
            port=10250,
            parent=self,
        )
        return group.id, rules

    def _create_fargate_profiles(self) -> Sequence[aws.eks.FargateProfile]:
        role, self._pod_policies = create_pod_execution_role(
            self._name,
            self._fixed_name,
            log_group=self._pod_logs.name,
            images=self.network.images,
            parent=self,
        )
        self._pod_role_arn = self._environment.role_arn(role)
        self._profiles: list[aws.eks.FargateProfile] = []
        for namespace in ("kube-system", *self._settings.namespaces):
            self.add_profile(namespace, parent=self)
        return list(self._profiles)

    def add_profile(self, namespace: str, *, parent: pulumi.Resource) -> aws.eks.FargateProfile:
        """Create a namespace's profile after those before it: a cluster changes one at a time.

        Args:
            namespace: whose pods run on Fargate by it.
            parent: the component that needs it.
        """
        profile = aws.eks.FargateProfile(
            f"{self._name}-profile-{namespace}",
            fargate_profile_name=namespace,
            cluster_name=self.cluster_name,
            pod_execution_role_arn=self._pod_role_arn,
            subnet_ids=self.network.private_subnet_ids,
            selectors=[aws.eks.FargateProfileSelectorArgs(namespace=namespace)],
            opts=pulumi.ResourceOptions(
                parent=parent, depends_on=[*self._pod_policies, *self._profiles[-1:]]
            ),
        )
        self._profiles.append(profile)
        return profile

    def namespace_of(self, service: ServiceSettings) -> str:
        """Return the name of the namespace that a service's objects live in."""
        return service.namespace or next(iter(self.namespaces))

    def _configure_logging(self, profiles: Sequence[pulumi.Resource]) -> pulumi.Resource:
        """Configure the log router: only pods that start afterwards are logged."""
        self.logging_config = self._pod_logs.name.apply(
            lambda group: logging_config(self._environment.region, group)
        )
        namespace = k8s.core.v1.Namespace(
            f"{self._name}-observability",
            metadata=k8s.meta.v1.ObjectMetaArgs(
                name=NAMESPACE, labels={"aws-observability": "enabled"}
            ),
            opts=pulumi.ResourceOptions(parent=self, provider=self.provider, depends_on=profiles),
        )
        return k8s.core.v1.ConfigMap(
            f"{self._name}-logging",
            metadata=k8s.meta.v1.ObjectMetaArgs(name=CONFIG_MAP, namespace=namespace.metadata.name),
            data=self.logging_config,
            opts=pulumi.ResourceOptions(parent=self, provider=self.provider),
        )

    def _install_addons(
        self, profiles: Sequence[pulumi.Resource], logging: pulumi.Resource
    ) -> Sequence[aws.eks.Addon]:
        return [
            aws.eks.Addon(
                f"{self._name}-{addon}",
                addon_name=addon,
                cluster_name=self.cluster_name,
                configuration_values=json.dumps(configuration, sort_keys=True),
                resolve_conflicts_on_create="OVERWRITE",
                resolve_conflicts_on_update="OVERWRITE",
                opts=pulumi.ResourceOptions(
                    parent=self,
                    # Without a way out no image is pulled, and an add-on is created once it runs.
                    depends_on=self.network.routes.apply(
                        lambda routes: [*profiles, logging, *routes]
                    ),
                ),
            )
            for addon, configuration in (("coredns", COREDNS), ("metrics-server", METRICS_SERVER))
        ]

    def _create_namespaces(self) -> dict[str, k8s.core.v1.Namespace]:
        return {
            namespace: k8s.core.v1.Namespace(
                f"{self._name}-namespace-{namespace}",
                metadata=k8s.meta.v1.ObjectMetaArgs(name=namespace, labels=NAMESPACE_LABELS),
                opts=pulumi.ResourceOptions(
                    parent=self, provider=self.provider, depends_on=self.system
                ),
            )
            for namespace in self._settings.namespaces
        }


def _entry_name(role_arn: str) -> str:
    """Return a name for a role's access entry that its place in the list doesn't change."""
    digest = hashlib.sha256(role_arn.encode()).hexdigest()[:8]
    return f"admin-{role_arn.rpartition('/')[2]}-{digest}"
