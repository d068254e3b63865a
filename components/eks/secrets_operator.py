"""The External Secrets Operator: it copies secrets of AWS into the namespaces that need them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
import pulumi_kubernetes as k8s

from components.eks.chart_values import RESTRICTED, SMALLEST_POD, repository_and_tag
from components.eks.cluster import EksCluster
from components.eks.pod_groups import join_security_groups
from components.settings.namespace import SECRETS_NAMESPACE

CHART_VERSION: Final = "2.14.0"
"""Of November 2026, with the operator of the same version (Apache License 2.0). For another version
compare the chart's values with those below, and the calls of its provider for AWS with what
components/eks/pod_secrets.py allows."""
REPOSITORY: Final = "https://charts.external-secrets.io"
NAMESPACE: Final = SECRETS_NAMESPACE

NAMESPACE_LABELS: Final = {"pod-security.kubernetes.io/enforce": "restricted"}

USER: Final = 1000
"""Whom the operator runs as, as its chart has it."""

NO_WEBHOOK: Final = {"webhook": {"create": False}, "certController": {"create": False}}
"""The webhook would check objects that this program alone makes, and its port is 10250, which on
Fargate is the kubelet's; the certificate controller is there for the webhook."""

DEFINITIONS_ONLY: Final[Mapping[str, Any]] = {
    **NO_WEBHOOK,
    "installCRDs": True,
    "createOperator": False,
    "rbac": {"create": False},
    "serviceAccount": {"create": False},
    "replicaCount": 0,
    "resources": {"limits": SMALLEST_POD, "requests": SMALLEST_POD},
}
"""The custom resource definitions without an operator: Helm upgrades them with the chart, and no
namespace's operator takes them away with itself."""


class SecretsOperator(pulumi.ComponentResource):
    """The External Secrets Operator, one pod for each namespace whose services have secrets.

    Creates a namespace of its own with a Fargate profile, the policy that puts the pods into the
    group that all pods share (the cluster's own would reach every system pod), a Helm release of
    the custom resource definitions, and one of an operator for each namespace.

    An operator sees the Kubernetes Secrets of its own namespace and no other's. It has no AWS
    rights, and may ask for tokens of no service account unless that account's service allows it.

    Cost (us-east-1): 9 USD a month for each namespace.
    """

    releases: Mapping[str, k8s.helm.v3.Release]
    """The operator of each namespace; its custom resources depend on it."""

    def __init__(
        self,
        name: str,
        *,
        cluster: EksCluster,
        namespaces: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:eks:SecretsOperator", name, None, opts)
        self._name = name
        self._cluster = cluster
        profile = cluster.add_profile(NAMESPACE, parent=self)
        self._namespace = self._create_namespace(profile)
        membership = self._join_security_group()
        definitions = self._install("external-secrets-definitions", DEFINITIONS_ONLY, [])
        self.releases = {
            namespace: self._install(
                operator_account(namespace),
                operator_values(namespace, cluster.secrets_operator_image, cluster.pod_annotations),
                [membership, definitions, cluster.namespaces[namespace]],
            )
            for namespace in namespaces
        }
        self.register_outputs({})

    def _options(
        self, depends_on: pulumi.Input[Sequence[pulumi.Input[pulumi.Resource]]]
    ) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self, provider=self._cluster.provider, depends_on=depends_on
        )

    def _create_namespace(self, profile: pulumi.Resource) -> k8s.core.v1.Namespace:
        return k8s.core.v1.Namespace(
            f"{self._name}-namespace",
            metadata=k8s.meta.v1.ObjectMetaArgs(name=NAMESPACE, labels=NAMESPACE_LABELS),
            opts=self._options([profile]),
        )

    def _join_security_group(self) -> k8s.apiextensions.CustomResource:
        """Put all pods of the namespace into the shared group: DNS, the Kubernetes API, HTTPS."""
        return join_security_groups(
            self._name,
            [self._cluster.pod_group_id],
            labels=None,
            metadata=k8s.meta.v1.ObjectMetaArgs(
                name=NAMESPACE, namespace=self._namespace.metadata.name
            ),
            opts=self._options([]),
        )

    def _install(
        self, release: str, values: Mapping[str, Any], after: Sequence[pulumi.Resource]
    ) -> k8s.helm.v3.Release:
        routes = self._cluster.network.routes
        return k8s.helm.v3.Release(
            f"{self._name}-{release}",
            name=release,
            # The name itself: an object's outputs are unknown until its cluster exists.
            namespace=NAMESPACE,
            chart="external-secrets",
            version=CHART_VERSION,
            repository_opts=k8s.helm.v3.RepositoryOptsArgs(repo=REPOSITORY),
            values=values,
            opts=self._options(routes.apply(lambda routes: [self._namespace, *after, *routes])),
        )


def operator_account(namespace: str) -> str:
    """Return the name of the service account, and of the release, of a namespace's operator."""
    return f"secrets-{namespace}"


def operator_values(
    namespace: str, image: str | None, pod_annotations: Mapping[str, pulumi.Input[str]]
) -> Mapping[str, Any]:
    """Return the chart's values for an operator that serves one namespace.

    Args:
        namespace: the namespace.
        image: instead of the chart's own.
        pod_annotations: of its pod; a change starts a new one.
    """
    account = operator_account(namespace)
    return {
        **NO_WEBHOOK,
        "installCRDs": False,
        "fullnameOverride": account,
        "serviceAccount": {"create": True, "name": account},
        "scopedNamespace": namespace,
        "scopedRBAC": True,
        # Tokens of which accounts it may ask for, each service's own role says.
        "rbac": {"serviceAccountTokenCreate": False, "servicebindings": {"create": False}},
        "processClusterExternalSecret": False,
        "processClusterGenerator": False,
        "processClusterPushSecret": False,
        "processClusterStore": False,
        "processPushSecret": False,
        "replicaCount": 1,
        "resources": {"limits": SMALLEST_POD, "requests": SMALLEST_POD},
        "securityContext": {**RESTRICTED, "runAsUser": USER},
        "podAnnotations": pod_annotations,
        **_image(image),
    }


def _image(image: str | None) -> Mapping[str, Any]:
    """Return the chart's values for an image; its global repository holds the registry too."""
    if image is None:
        return {}
    repository, tag = repository_and_tag(image)
    return {"global": {"repository": repository}, "image": {"tag": tag}}
