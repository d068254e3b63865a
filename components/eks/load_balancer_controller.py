"""The AWS Load Balancer Controller: it registers pods with the target groups of this stack."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s

from components.eks.chart_values import RESTRICTED, SMALLEST_POD, repository_and_tag
from components.eks.cluster import EksCluster
from components.eks.pod_groups import join_security_groups
from components.iam import allow, create_role, web_identity_trust
from components.load_balancer.load_balancer import STACK_TAG
from components.reach import connect, security_group

CHART_VERSION: Final = "3.6.0"
"""Of October 2026, with the controller of the same version. For another version compare the chart's
values with those below and the controller's calls with READ_ACTIONS, and apply the chart's custom
resource definitions by hand: Helm installs them, but never upgrades them."""
NAMESPACE: Final = "kube-system"
CONTROLLER: Final = "aws-load-balancer-controller"
"""Name of its service account, chart, release and pods."""
POD_LABELS: Final = {"app.kubernetes.io/name": CONTROLLER}
"""What its chart gives its pods."""
WEBHOOK_PORT: Final = 9443
"""Where the Kubernetes API calls its webhook."""

READ_ACTIONS: Final = (
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVpcs",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
)
"""What a TargetGroupBinding is looked up with; none of these has a resource to name. Of targets by
IP and without `networking`, the controller's source reads the target group (its webhook), the
targets' health, the VPC's blocks, and the groups with the cluster's tag for rules left behind."""


class LoadBalancerController(pulumi.ComponentResource):
    """The AWS Load Balancer Controller, for TargetGroupBinding only.

    The load balancer, its rules and target groups belong to this stack; the controller registers
    pods with them and takes them out again. Creates its role (IRSA), its service account, a
    security group to which the Kubernetes API alone can connect, the policy that puts the pods into
    it and into the group that all pods share, and the Helm release. Helm installs the custom
    resource definitions with the chart and keeps the webhook's certificate from one upgrade to the
    next (`keepTLSSecret`).

    Cost (us-east-1): 18 USD a month for two pods of the smallest size.
    """

    release: k8s.helm.v3.Release
    """What every TargetGroupBinding depends on."""

    def __init__(
        self,
        name: str,
        *,
        cluster: EksCluster,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:eks:LoadBalancerController", name, None, opts)
        role, policies = self._create_role(name, cluster)
        account = self._create_service_account(name, cluster, role)
        membership = self._join_security_groups(name, cluster)
        self.release = self._install(
            name, cluster, [*policies, account, *membership, *cluster.system]
        )
        self.register_outputs({})

    def _create_role(
        self, name: str, cluster: EksCluster
    ) -> tuple[aws.iam.Role, Sequence[aws.iam.RolePolicy]]:
        environment = cluster.network.environment
        return create_role(
            name,
            fixed_name=environment.global_name(name),
            trust=web_identity_trust(
                cluster.oidc_provider.arn, cluster.issuer, f"{NAMESPACE}:{CONTROLLER}"
            ),
            environment=environment,
            parent=self,
            statements=[
                allow(READ_ACTIONS, ["*"]),
                allow(
                    [
                        "elasticloadbalancing:DeregisterTargets",
                        "elasticloadbalancing:RegisterTargets",
                    ],
                    [environment.arn("elasticloadbalancing", "targetgroup/*")],
                    {"StringEquals": {f"aws:ResourceTag/{STACK_TAG}": environment.prefix}},
                ),
            ],
        )

    def _create_service_account(
        self, name: str, cluster: EksCluster, role: aws.iam.Role
    ) -> k8s.core.v1.ServiceAccount:
        return k8s.core.v1.ServiceAccount(
            f"{name}-account",
            metadata=k8s.meta.v1.ObjectMetaArgs(
                name=CONTROLLER,
                namespace=NAMESPACE,
                annotations={
                    "eks.amazonaws.com/role-arn": cluster.network.environment.role_arn(role)
                },
            ),
            opts=pulumi.ResourceOptions(parent=self, provider=cluster.provider),
        )

    def _join_security_groups(self, name: str, cluster: EksCluster) -> list[pulumi.Resource]:
        """Put the pods into the shared group and one of their own, which admits webhook calls."""
        group = security_group(
            f"{name}-group",
            "Pods of the load balancer controller",
            network=cluster.network,
            parent=self,
        )
        rules = connect(
            f"{name}-webhook",
            "Kubernetes API to the webhook of the load balancer controller",
            source=cluster.cluster_group_id,
            target=group.id,
            port=WEBHOOK_PORT,
            parent=self,
        )
        policy = join_security_groups(
            name,
            [cluster.pod_group_id, group.id],
            labels=POD_LABELS,
            metadata=k8s.meta.v1.ObjectMetaArgs(name=CONTROLLER, namespace=NAMESPACE),
            opts=pulumi.ResourceOptions(parent=self, provider=cluster.provider),
        )
        return [*rules, policy]

    def _install(
        self, name: str, cluster: EksCluster, after: list[pulumi.Resource]
    ) -> k8s.helm.v3.Release:
        return k8s.helm.v3.Release(
            f"{name}-release",
            name=CONTROLLER,
            namespace=NAMESPACE,
            chart=CONTROLLER,
            version=CHART_VERSION,
            repository_opts=k8s.helm.v3.RepositoryOptsArgs(repo="https://aws.github.io/eks-charts"),
            values={
                "clusterName": cluster.cluster_name,
                # Pods on Fargate have no instance metadata to learn these from.
                "region": cluster.network.environment.region,
                "vpcId": cluster.network.vpc_id,
                "serviceAccount": {"create": False, "name": CONTROLLER},
                **_image(cluster.controller_image),
                "replicaCount": 2,
                "podDisruptionBudget": {"maxUnavailable": 1},
                "resources": {"limits": SMALLEST_POD, "requests": SMALLEST_POD},
                # The chart drops no capability and names no seccomp profile.
                "securityContext": RESTRICTED,
                "podAnnotations": cluster.pod_annotations,
                "webhookBindPort": WEBHOOK_PORT,
                # The chart would make a new certificate at each upgrade, and bindings would fail
                # until the webhook has it.
                "keepTLSSecret": True,
                # The chart lets pods start without their readiness gate while the controller is
                # away: a rollout would then end the old ones before any new one is registered.
                "podMutatorWebhookConfig": {"failurePolicy": "Fail"},
                # Only bindings are served: no ingresses, gateways or services of type LoadBalancer.
                "createIngressClassResource": False,
                "ingressClassParams": {"create": False},
                "enableServiceMutatorWebhook": False,
                "enableBackendSecurityGroup": False,
                "enableShield": False,
                "enableWaf": False,
                "enableWafv2": False,
                "controllerConfig": {
                    "featureGates": {"ALBGatewayAPI": False, "NLBGatewayAPI": False}
                },
            },
            opts=pulumi.ResourceOptions(
                parent=self,
                provider=cluster.provider,
                depends_on=cluster.network.routes.apply(lambda routes: [*after, *routes]),
            ),
        )


def _image(image: str | None) -> Mapping[str, Mapping[str, str]]:
    """Return the chart's value for an image with a tag, or with a tag and a digest."""
    if image is None:
        return {}
    repository, tag = repository_and_tag(image)
    return {"image": {"repository": repository, "tag": tag}}
