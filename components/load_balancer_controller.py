"""The AWS Load Balancer Controller: it registers pods with the target groups of this stack."""

from typing import Final

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s

from components.eks_cluster import EksCluster
from components.iam import allow, document, web_identity_trust
from components.load_balancer import STACK_TAG

CHART_VERSION: Final = "1.14.0"
NAMESPACE: Final = "kube-system"
SERVICE_ACCOUNT: Final = "aws-load-balancer-controller"

READ_ACTIONS: Final = (
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeInstances",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
)
"""What a TargetGroupBinding is looked up with; none of these has a resource to name."""


class LoadBalancerController(pulumi.ComponentResource):
    """The AWS Load Balancer Controller, for TargetGroupBinding only.

    The load balancer, its rules and target groups belong to this stack; the controller registers
    pods with them and takes them out again. Creates its role (IRSA), service account and Helm
    release. Helm installs the custom resource definitions with the chart and keeps the webhook's
    certificate from one upgrade to the next (`keepTLSSecret`).

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
        role, policy = self._create_role(name, cluster)
        account = self._create_service_account(name, cluster, role)
        self.release = self._install(name, cluster, [policy, account, *cluster.system])
        self.register_outputs({})

    def _create_role(
        self, name: str, cluster: EksCluster
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        environment = cluster.network.environment
        role = aws.iam.Role(
            f"{name}-role",
            name=environment.global_name(name),
            assume_role_policy=web_identity_trust(
                cluster.oidc_provider.arn, cluster.issuer, f"{NAMESPACE}:{SERVICE_ACCOUNT}"
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            role=role.name,
            policy=document(
                [
                    allow(READ_ACTIONS, ["*"]),
                    allow(
                        [
                            "elasticloadbalancing:DeregisterTargets",
                            "elasticloadbalancing:RegisterTargets",
                        ],
                        [environment.arn("elasticloadbalancing", "targetgroup/*")],
                        {
                            "StringEquals": {
                                f"aws:ResourceTag/{STACK_TAG}": environment.prefix,
                            }
                        },
                    ),
                ]
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return role, policy

    def _create_service_account(
        self, name: str, cluster: EksCluster, role: aws.iam.Role
    ) -> k8s.core.v1.ServiceAccount:
        return k8s.core.v1.ServiceAccount(
            f"{name}-account",
            metadata=k8s.meta.v1.ObjectMetaArgs(
                name=SERVICE_ACCOUNT,
                namespace=NAMESPACE,
                annotations={
                    "eks.amazonaws.com/role-arn": cluster.network.environment.role_arn(role)
                },
            ),
            opts=pulumi.ResourceOptions(parent=self, provider=cluster.provider),
        )

    def _install(
        self, name: str, cluster: EksCluster, after: list[pulumi.Resource]
    ) -> k8s.helm.v3.Release:
        return k8s.helm.v3.Release(
            f"{name}-release",
            name="aws-load-balancer-controller",
            namespace=NAMESPACE,
            chart="aws-load-balancer-controller",
            version=CHART_VERSION,
            repository_opts=k8s.helm.v3.RepositoryOptsArgs(repo="https://aws.github.io/eks-charts"),
            values={
                "clusterName": cluster.cluster_name,
                # Pods on Fargate have no instance metadata to learn these from.
                "region": cluster.network.environment.region,
                "vpcId": cluster.network.vpc_id,
                "serviceAccount": {"create": False, "name": SERVICE_ACCOUNT},
                "replicaCount": 2,
                "podDisruptionBudget": {"maxUnavailable": 1},
                "resources": {
                    "limits": {"cpu": "250m", "memory": "256Mi"},
                    "requests": {"cpu": "250m", "memory": "256Mi"},
                },
                "keepTLSSecret": True,
                # Only bindings are served: no ingresses, no services of type LoadBalancer.
                "createIngressClassResource": False,
                "ingressClassParams": {"create": False},
                "enableServiceMutatorWebhook": False,
                "enableBackendSecurityGroup": False,
                "enableShield": False,
                "enableWaf": False,
                "enableWafv2": False,
            },
            opts=pulumi.ResourceOptions(
                parent=self,
                provider=cluster.provider,
                depends_on=cluster.network.routes.apply(lambda routes: [*after, *routes]),
            ),
        )
