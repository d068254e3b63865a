"""Who pods are to AWS: a role for exactly their service account (IRSA)."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as k8s

from components.eks.cluster import EksCluster
from components.iam import Statement, create_role, web_identity_trust


def create_pod_identity(
    name: str,
    *,
    cluster: EksCluster,
    namespace: str,
    statements: Sequence[Statement],
    opts: pulumi.ResourceOptions,
    parent: pulumi.Resource,
) -> Sequence[pulumi.Resource]:
    """Create a service account of the pods' name, and the role that it alone can have.

    Args:
        name: the service's or job's.
        cluster: where its pods run.
        namespace: name of the namespace that they are in.
        statements: what its code may do.
        opts: options of an object in the cluster.
        parent: the service's or job's component.

    Returns:
        The account and the role's policy, for the pods to depend on.
    """
    environment = cluster.network.environment
    role, policies = create_role(
        name,
        fixed_name=environment.global_name(name, "pod"),
        trust=web_identity_trust(cluster.oidc_provider.arn, cluster.issuer, f"{namespace}:{name}"),
        environment=environment,
        parent=parent,
        statements=statements,
    )
    account = k8s.core.v1.ServiceAccount(
        f"{name}-account",
        metadata=k8s.meta.v1.ObjectMetaArgs(
            name=name,
            namespace=cluster.namespaces[namespace].metadata.name,
            labels={"app.kubernetes.io/name": name},
            annotations={
                "eks.amazonaws.com/role-arn": environment.role_arn(role),
                # The region's own endpoint: inside the VPC with an endpoint for STS.
                "eks.amazonaws.com/sts-regional-endpoints": "true",
            },
        ),
        # The role's token is mounted by EKS, with its own audience; Kubernetes' isn't needed.
        automount_service_account_token=False,
        opts=opts,
    )
    return [account, *policies]
