"""The EKS cluster."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s

from components.eks.access import create_access_entries
from components.eks.addons import install_addons
from components.eks.control_plane import create_control_plane, create_oidc_provider
from components.eks.fargate_profiles import Profile, create_fargate_profiles, profiles
from components.eks.logging import config_hash, configure_logging, logging_config
from components.eks.namespaces import create_namespaces
from components.eks.roles import create_pod_execution_role
from components.network.network import Network
from components.reach import allow_https_out, connect, security_group
from components.settings import EksSettings, TaskSettings


class EksCluster(pulumi.ComponentResource):
    """An EKS cluster whose pods all run on Fargate; it has no nodes.

    Creates, through pulumi-eks, the control plane (private endpoint; public only for named blocks).
    Besides: its role, the KMS key that encrypts Kubernetes secrets, the log groups of the control
    plane and of the pods, an access entry for each role that may reach it, the OpenID Connect
    provider for IRSA, the pod execution role, a Fargate profile for the system and one for each
    namespace, logging, the CoreDNS and metrics-server add-ons, the namespaces with their quotas,
    and the security group that all pods share.

    Cost (us-east-1): 73 USD a month for the control plane, 36 USD for two pods each of CoreDNS
    and metrics-server, 1 USD for the key.
    """

    network: Network
    fixed_name: str
    """The cluster's name in the account, known in the first preview."""
    provider: k8s.Provider
    """For Kubernetes objects in this cluster."""
    cluster_name: pulumi.Output[str]
    cluster_group_id: pulumi.Output[str]
    """The security group that EKS made; for the control plane and system pods only."""
    control_plane_logs: pulumi.Output[str]
    """Name of the log group that has the audit log, among others."""
    pod_group_id: pulumi.Output[str]
    """The security group that every service's pods share: DNS, HTTPS out, metrics in."""
    issuer: pulumi.Output[str]
    """The OpenID Connect issuer's URL without https://."""
    oidc_provider: aws.iam.OpenIdConnectProvider
    controller_image: str | None
    """The load balancer controller's image, instead of its chart's own."""
    secrets_operator_image: str | None
    """The secrets operator's image, instead of its chart's own."""
    pod_annotations: Mapping[str, pulumi.Output[str]]
    """Of every pod: a hash of the log router's configuration, by which only pods that start later
    log, so that pods start anew when it changes."""
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
        environment = network.environment
        self.network = network
        self.controller_image = settings.controller_image
        self.secrets_operator_image = settings.secrets_operator_image
        self.fixed_name = environment.regional_name(name, limit=100)
        self._name = name

        control_plane = create_control_plane(
            name, settings, fixed_name=self.fixed_name, network=network, parent=self
        )
        self.provider = control_plane.provider
        self.cluster_name = control_plane.cluster.name
        self.control_plane_logs = control_plane.log_group.name
        self.cluster_group_id = control_plane.cluster.vpc_config.cluster_security_group_id
        create_access_entries(
            name, settings, cluster_name=self.cluster_name, environment=environment, parent=self
        )
        self.issuer, self.oidc_provider = create_oidc_provider(
            name, control_plane.cluster, parent=self
        )
        self.pod_group_id, pod_rules = self._create_pod_group()
        pod_logs = self._create_pod_logs(settings)
        self._pod_role_arn, self._pod_policies = self._create_pod_execution_role(pod_logs)
        self._profiles = list(self._create_profiles(profiles(settings, network.zones), parent=self))
        fargate = list(self._profiles)
        logging = self._configure_logging(pod_logs, fargate)
        addons = install_addons(
            name,
            cluster_name=self.cluster_name,
            after=network.routes.apply(lambda routes: [*fargate, logging, *routes]),
            parent=self,
        )
        self.system = [*fargate, logging, *addons, *pod_rules]
        self.namespaces = create_namespaces(
            name, settings.namespaces, provider=self.provider, after=self.system, parent=self
        )
        self.register_outputs({"clusterName": self.cluster_name})

    def _create_pod_group(self) -> tuple[pulumi.Output[str], Sequence[pulumi.Resource]]:
        """Create the group for what every pod needs: DNS, HTTPS out, and metrics to be read."""
        group = security_group(
            f"{self._name}-pods",
            f"Pods of {self.fixed_name}: DNS, HTTPS out, metrics in",
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

    def _create_pod_logs(self, settings: EksSettings) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            f"{self._name}-pod-logs",
            name=f"/aws/eks/{self.fixed_name}/pods",
            retention_in_days=settings.log_retention_days,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _create_pod_execution_role(
        self, pod_logs: aws.cloudwatch.LogGroup
    ) -> tuple[pulumi.Output[str], Sequence[pulumi.Resource]]:
        role, policies = create_pod_execution_role(
            self._name,
            self.fixed_name,
            log_group=pod_logs.name,
            images=self.network.images,
            parent=self,
        )
        return self.network.environment.role_arn(role), policies

    def _create_profiles(
        self,
        wanted: Sequence[Profile],
        *,
        parent: pulumi.Resource,
        after: pulumi.Resource | None = None,
    ) -> Sequence[aws.eks.FargateProfile]:
        return create_fargate_profiles(
            self._name,
            wanted,
            cluster_name=self.cluster_name,
            role_arn=self._pod_role_arn,
            network=self.network,
            after=[*self._pod_policies, *([after] if after else [])],
            parent=parent,
        )

    def add_profile(self, namespace: str, *, parent: pulumi.Resource) -> aws.eks.FargateProfile:
        """Create a namespace's profile after those before it: a cluster changes one at a time.

        Args:
            namespace: whose pods run on Fargate by it.
            parent: the component that needs it.
        """
        (profile,) = self._create_profiles(
            [Profile(namespace, namespace)], parent=parent, after=self._profiles[-1]
        )
        self._profiles.append(profile)
        return profile

    def namespace_of(self, task: TaskSettings) -> str:
        """Return the name of the namespace that a service's or job's objects live in."""
        return task.namespace or next(iter(self.namespaces))

    def _configure_logging(
        self, pod_logs: aws.cloudwatch.LogGroup, after: Sequence[pulumi.Resource]
    ) -> pulumi.Resource:
        region = self.network.environment.region
        config = pod_logs.name.apply(lambda group: logging_config(region, group))
        self.pod_annotations = {"fargate/logging": config.apply(config_hash)}
        return configure_logging(
            self._name, config, provider=self.provider, after=after, parent=self
        )
