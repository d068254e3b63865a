"""CloudWatch Container Insights for pods on EKS."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s

from components.eks.cluster import EksCluster
from components.eks.container_insights_config import collector_config
from components.eks.logging import config_hash
from components.eks.namespaces import RESTRICTED
from components.eks.pod_groups import join_security_groups
from components.iam import allow, create_role, web_identity_trust
from components.reach import security_group
from components.settings import ContainerInsightsSettings
from components.settings.namespace import INSIGHTS_NAMESPACE

COLLECTOR: Final = "adot-collector"
LABELS: Final = {"app.kubernetes.io/name": COLLECTOR}
USER: Final = 65_534
CONFIG_FILE: Final = "collector.yaml"
CONFIG_FOLDER: Final = "/etc/collector"
AMOUNTS: Final = {"cpu": "250m", "memory": "768Mi"}
"""With the 256 MB that EKS adds, 0.25 vCPU and 1 GB."""


class ContainerInsights(pulumi.ComponentResource):
    """A collector that reads CPU, memory and network of each pod once a minute for CloudWatch.

    Creates a namespace, the log group that the metrics come from, a role (IRSA) that may write to
    it and nothing else, a service account that may read kubelets through the Kubernetes API, a
    security group without rules, the policy that puts the collector into it and the shared one, and
    the Deployment of one pod with its configuration. Its Fargate profile is the cluster's.

    What it may do is a risk: see `eks.containerInsights`.

    Cost (us-east-1): 11 USD a month for the pod, 0.50 USD per GB of logs, 0.30 USD a month for each
    metric.
    """

    def __init__(
        self,
        name: str,
        settings: ContainerInsightsSettings,
        *,
        cluster: EksCluster,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:eks:ContainerInsights", name, None, opts)
        self._name = name
        self._cluster = cluster
        self._image = cluster.network.images.container_image(settings.image)
        self._namespace = self._create_namespace()
        log_group = self._create_log_group(settings)
        role, policies = self._create_role(log_group)
        account = self._create_service_account(role)
        binding = self._let_it_read_kubelets(account)
        membership = self._join_security_groups()
        config = self._configure(log_group)
        self._create_deployment(
            config, [log_group, *policies, account, binding, membership, *self._image.ready]
        )
        self.register_outputs({})

    def _object(
        self, after: pulumi.Input[Sequence[pulumi.Input[pulumi.Resource]]] | None = None
    ) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self, provider=self._cluster.provider, depends_on=after
        )

    def _metadata(
        self, annotations: Mapping[str, pulumi.Input[str]] | None = None
    ) -> k8s.meta.v1.ObjectMetaArgs:
        return k8s.meta.v1.ObjectMetaArgs(
            name=COLLECTOR,
            namespace=self._namespace.metadata.name,
            labels=LABELS,
            annotations=annotations,
        )

    def _create_namespace(self) -> k8s.core.v1.Namespace:
        return k8s.core.v1.Namespace(
            f"{self._name}-namespace",
            metadata=k8s.meta.v1.ObjectMetaArgs(name=INSIGHTS_NAMESPACE, labels=RESTRICTED),
            opts=self._object(list(self._cluster.system)),
        )

    def _create_log_group(self, settings: ContainerInsightsSettings) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            f"{self._name}-performance",
            name=f"/aws/containerinsights/{self._cluster.fixed_name}/performance",
            retention_in_days=settings.log_retention_days,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _create_role(
        self, log_group: aws.cloudwatch.LogGroup
    ) -> tuple[aws.iam.Role, Sequence[aws.iam.RolePolicy]]:
        environment = self._cluster.network.environment
        streams = pulumi.Output.concat("log-group:", log_group.name, ":*")
        return create_role(
            self._name,
            fixed_name=environment.global_name(self._name),
            trust=web_identity_trust(
                self._cluster.oidc_provider.arn,
                self._cluster.issuer,
                f"{INSIGHTS_NAMESPACE}:{COLLECTOR}",
            ),
            environment=environment,
            parent=self,
            statements=[
                allow(
                    ["logs:CreateLogStream", "logs:PutLogEvents"],
                    [environment.arn("logs", streams)],
                )
            ],
        )

    def _create_service_account(self, role: aws.iam.Role) -> k8s.core.v1.ServiceAccount:
        return k8s.core.v1.ServiceAccount(
            f"{self._name}-account",
            metadata=self._metadata(
                {
                    "eks.amazonaws.com/role-arn": self._cluster.network.environment.role_arn(role),
                    "eks.amazonaws.com/sts-regional-endpoints": "true",
                }
            ),
            opts=self._object(),
        )

    def _let_it_read_kubelets(
        self, account: k8s.core.v1.ServiceAccount
    ) -> k8s.rbac.v1.ClusterRoleBinding:
        """Let the collector find all nodes, and read their kubelets through the Kubernetes API."""
        role = k8s.rbac.v1.ClusterRole(
            f"{self._name}-cluster-role",
            metadata=k8s.meta.v1.ObjectMetaArgs(name=COLLECTOR, labels=LABELS),
            rules=[
                k8s.rbac.v1.PolicyRuleArgs(
                    api_groups=[""], resources=["nodes"], verbs=["get", "list", "watch"]
                ),
                k8s.rbac.v1.PolicyRuleArgs(
                    api_groups=[""], resources=["nodes/proxy"], verbs=["get"]
                ),
            ],
            opts=self._object(list(self._cluster.system)),
        )
        return k8s.rbac.v1.ClusterRoleBinding(
            f"{self._name}-binding",
            metadata=k8s.meta.v1.ObjectMetaArgs(name=COLLECTOR, labels=LABELS),
            role_ref=k8s.rbac.v1.RoleRefArgs(
                api_group="rbac.authorization.k8s.io",
                kind="ClusterRole",
                name=role.metadata.name,
            ),
            subjects=[
                k8s.rbac.v1.SubjectArgs(
                    kind="ServiceAccount",
                    name=account.metadata.name,
                    namespace=self._namespace.metadata.name,
                )
            ],
            opts=self._object(),
        )

    def _join_security_groups(self) -> k8s.apiextensions.CustomResource:
        """Put the collector into the shared group and its own; it needs no rule besides."""
        group = security_group(
            f"{self._name}-group",
            f"Container Insights of {self._cluster.fixed_name}",
            network=self._cluster.network,
            parent=self,
        )
        return join_security_groups(
            self._name,
            [self._cluster.pod_group_id, group.id],
            labels=LABELS,
            metadata=self._metadata(),
            opts=self._object(),
        )

    def _configure(self, log_group: aws.cloudwatch.LogGroup) -> k8s.core.v1.ConfigMap:
        region = self._cluster.network.environment.region
        # JSON is YAML, which the collector reads its configuration as.
        text = pulumi.Output.all(self._cluster.cluster_name, log_group.name).apply(
            lambda known: json.dumps(collector_config(known[0], region, known[1]), sort_keys=True)
        )
        return k8s.core.v1.ConfigMap(
            f"{self._name}-config",
            metadata=self._metadata(),
            data={CONFIG_FILE: text},
            opts=self._object(),
        )

    def _create_deployment(
        self, config: k8s.core.v1.ConfigMap, after: Sequence[pulumi.Resource]
    ) -> None:
        annotations = {
            **self._cluster.pod_annotations,
            "fargate/config": config.data.apply(config_hash),
        }
        k8s.apps.v1.Deployment(
            f"{self._name}-deployment",
            metadata=self._metadata(),
            spec=k8s.apps.v1.DeploymentSpecArgs(
                replicas=1,
                selector=k8s.meta.v1.LabelSelectorArgs(match_labels=LABELS),
                # Two of them would count everything twice.
                strategy=k8s.apps.v1.DeploymentStrategyArgs(type="Recreate"),
                template=k8s.core.v1.PodTemplateSpecArgs(
                    metadata=k8s.meta.v1.ObjectMetaArgs(labels=LABELS, annotations=annotations),
                    spec=self._pod(),
                ),
            ),
            opts=self._object(self._cluster.network.routes.apply(lambda routes: [*after, *routes])),
        )

    def _pod(self) -> k8s.core.v1.PodSpecArgs:
        return k8s.core.v1.PodSpecArgs(
            service_account_name=COLLECTOR,
            # It asks the Kubernetes API, which services don't.
            automount_service_account_token=True,
            enable_service_links=False,
            security_context=k8s.core.v1.PodSecurityContextArgs(
                run_as_non_root=True,
                run_as_user=USER,
                run_as_group=USER,
                fs_group=USER,
                seccomp_profile=k8s.core.v1.SeccompProfileArgs(type="RuntimeDefault"),
            ),
            containers=[
                k8s.core.v1.ContainerArgs(
                    name=COLLECTOR,
                    image=self._image.reference,
                    args=[f"--config={CONFIG_FOLDER}/{CONFIG_FILE}"],
                    resources=k8s.core.v1.ResourceRequirementsArgs(
                        requests=AMOUNTS, limits=AMOUNTS
                    ),
                    readiness_probe=_healthy(),
                    liveness_probe=_healthy(),
                    volume_mounts=[
                        k8s.core.v1.VolumeMountArgs(
                            name="config", mount_path=CONFIG_FOLDER, read_only=True
                        )
                    ],
                    security_context=k8s.core.v1.SecurityContextArgs(
                        allow_privilege_escalation=False,
                        privileged=False,
                        read_only_root_filesystem=True,
                        run_as_non_root=True,
                        run_as_user=USER,
                        capabilities=k8s.core.v1.CapabilitiesArgs(drop=["ALL"]),
                    ),
                )
            ],
            volumes=[
                k8s.core.v1.VolumeArgs(
                    name="config",
                    config_map=k8s.core.v1.ConfigMapVolumeSourceArgs(name=COLLECTOR),
                )
            ],
        )


def _healthy() -> k8s.core.v1.ProbeArgs:
    """Ask the collector from inside its container: outside of the pod nothing listens."""
    return k8s.core.v1.ProbeArgs(
        exec_=k8s.core.v1.ExecActionArgs(command=["/healthcheck"]),
        initial_delay_seconds=15,
        period_seconds=30,
        timeout_seconds=5,
        failure_threshold=3,
    )
