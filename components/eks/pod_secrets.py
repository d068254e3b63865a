"""Secrets and parameters that pods of a service or job on EKS read from their environment.

What ECS does with the execution role when a task starts, the External Secrets Operator does here:
it takes a role that may read exactly the service's secrets, and keeps their values in a Kubernetes
Secret for the pods.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s

from components.eks.cluster import EksCluster
from components.eks.secrets_operator import NAMESPACE, SecretsOperator, operator_account
from components.grants import GrantableSecret
from components.iam import create_role, web_identity_trust
from components.secret_sources import SecretSource, reading_statements

API_VERSION: Final = "external-secrets.io/v1"

REFRESH_INTERVAL: Final = "1h0m0s"
"""How often values are read again, for pods that start later: 0.004 USD a month for each secret."""

WHEN_READY: Final = {"pulumi.com/waitFor": "condition=Ready"}
"""Wait for the operator: a secret that can't be read fails here, and not as a pod that hangs."""


class PodSecrets:
    """A service's secrets in its namespace, and who may read them.

    Creates a service account with a role (IRSA) that may read exactly these secrets, the right of
    the namespace's operator to ask for that account's token, and for each store of AWS and region
    a SecretStore and an ExternalSecret, from which the operator makes a Kubernetes Secret. The
    pods' own role can't read the secrets. A service without secrets gets none of these.

    It is no component of its own: its resources are children of the service.

    Attributes:
        names: name of the Kubernetes Secret by environment variable; the variable is the key in it.
        ready: what the pods depend on.

    Raises:
        pulumi.RunError: there are secrets, and no operator.
    """

    names: dict[str, pulumi.Input[str]]
    ready: list[pulumi.Resource]

    def __init__(
        self,
        name: str,
        sources: Sequence[SecretSource],
        *,
        cluster: EksCluster,
        namespace: str,
        operator: SecretsOperator | None,
        parent: pulumi.Resource,
    ) -> None:
        self.names, self.ready = {}, []
        if not sources:
            return
        if operator is None:
            raise pulumi.RunError(f"{name}: its secrets need the secrets operator")
        self._name = name
        self._cluster = cluster
        self._namespace = namespace
        self._parent = parent
        # No service can be named so: two services never share an account.
        self._account = f"{name}.secrets"
        role, policies = self._create_role(sources)
        self._before = [
            *policies,
            self._create_service_account(role),
            self._let_operator_ask_for_tokens(),
            operator.releases[namespace],
        ]
        for place, found in groupby(sorted(sources, key=_place), _place):
            members = list(found)
            secret = _secret_name(name, members)
            self.names |= {each.variable: secret for each in members}
            self.ready.append(self._copy(place, members, secret))

    def _metadata(
        self, name: pulumi.Input[str], annotations: Mapping[str, pulumi.Input[str]] | None = None
    ) -> k8s.meta.v1.ObjectMetaArgs:
        return k8s.meta.v1.ObjectMetaArgs(
            name=name,
            namespace=self._cluster.namespaces[self._namespace].metadata.name,
            labels={"app.kubernetes.io/name": self._name},
            annotations=annotations,
        )

    def _options(self, depends_on: Sequence[pulumi.Resource] = ()) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self._parent, provider=self._cluster.provider, depends_on=depends_on
        )

    def _create_role(
        self, sources: Sequence[SecretSource]
    ) -> tuple[aws.iam.Role, Sequence[aws.iam.RolePolicy]]:
        environment = self._cluster.network.environment
        return create_role(
            f"{self._name}-secrets",
            fixed_name=environment.global_name(self._name, "secrets"),
            trust=web_identity_trust(
                self._cluster.oidc_provider.arn,
                self._cluster.issuer,
                f"{self._namespace}:{self._account}",
            ),
            environment=environment,
            parent=self._parent,
            statements=reading_statements(sources, parameter_action="ssm:GetParameter"),
        )

    def _create_service_account(self, role: aws.iam.Role) -> k8s.core.v1.ServiceAccount:
        """Create the account whose token the operator takes to AWS; no pod runs as it."""
        role_arn = self._cluster.network.environment.role_arn(role)
        return k8s.core.v1.ServiceAccount(
            f"{self._name}-secrets-account",
            metadata=self._metadata(self._account, {"eks.amazonaws.com/role-arn": role_arn}),
            automount_service_account_token=False,
            opts=self._options(),
        )

    def _let_operator_ask_for_tokens(self) -> k8s.rbac.v1.RoleBinding:
        role = k8s.rbac.v1.Role(
            f"{self._name}-secrets-token",
            metadata=self._metadata(self._account),
            rules=[
                k8s.rbac.v1.PolicyRuleArgs(
                    api_groups=[""],
                    resources=["serviceaccounts/token"],
                    resource_names=[self._account],
                    verbs=["create"],
                )
            ],
            opts=self._options(),
        )
        return k8s.rbac.v1.RoleBinding(
            f"{self._name}-secrets-operator",
            metadata=self._metadata(self._account),
            role_ref=k8s.rbac.v1.RoleRefArgs(
                api_group="rbac.authorization.k8s.io", kind="Role", name=role.metadata.name
            ),
            subjects=[
                k8s.rbac.v1.SubjectArgs(
                    kind="ServiceAccount",
                    name=operator_account(self._namespace),
                    namespace=NAMESPACE,
                )
            ],
            opts=self._options(),
        )

    def _copy(
        self, place: tuple[str, str], sources: Sequence[SecretSource], secret: pulumi.Input[str]
    ) -> k8s.apiextensions.CustomResource:
        """Have the operator copy what is in one store of AWS in one region.

        A new version is another ExternalSecret with another Secret: the old one stays until the
        pods that read it are gone, since Pulumi deletes what it replaced at the end.
        """
        service, region = place
        suffix = f"{service}-{region}".lower()
        store = k8s.apiextensions.CustomResource(
            f"{self._name}-{suffix}",
            api_version=API_VERSION,
            kind="SecretStore",
            metadata=self._metadata(f"{self._name}-{suffix}", WHEN_READY),
            spec={
                "provider": {
                    "aws": {
                        "service": service,
                        "region": region,
                        "auth": {"jwt": {"serviceAccountRef": {"name": self._account}}},
                    }
                }
            },
            opts=self._options(self._before),
        )
        return k8s.apiextensions.CustomResource(
            f"{self._name}-{suffix}-secret",
            api_version=API_VERSION,
            kind="ExternalSecret",
            metadata=self._metadata(secret, WHEN_READY),
            spec={
                "refreshPolicy": "Periodic",
                "refreshInterval": REFRESH_INTERVAL,
                "secretStoreRef": {"kind": "SecretStore", "name": f"{self._name}-{suffix}"},
                "target": {"name": secret, "creationPolicy": "Owner", "deletionPolicy": "Retain"},
                "data": [
                    {"secretKey": each.variable, "remoteRef": _remote_reference(each)}
                    for each in sources
                ],
            },
            opts=self._options([store]),
        )


def _place(secret: SecretSource) -> tuple[str, str]:
    """Return the store of AWS that a secret is in, as the operator calls it, and its region."""
    if isinstance(secret.source, GrantableSecret):
        return "SecretsManager", secret.region
    return "ParameterStore", secret.region


def _remote_reference(secret: SecretSource) -> Mapping[str, Any]:
    if not isinstance(secret.source, GrantableSecret):
        return {"key": secret.source.name}
    whole = {"key": secret.source.arn}
    return {**whole, "property": secret.key} if secret.key else whole


def _secret_name(name: str, sources: Iterable[SecretSource]) -> pulumi.Output[str]:
    """Return a name that is another one for each content: variables, sources and their versions."""
    content = [
        pulumi.Output.all(each.variable, each.source.arn, each.key, each.version())
        for each in sources
    ]
    return pulumi.Output.all(*content).apply(
        lambda known: f"{name}-{hashlib.sha256(json.dumps(known).encode()).hexdigest()[:16]}"
    )
