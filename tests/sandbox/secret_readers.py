"""Who reads the secrets of a service, and which: on ECS and on EKS, read from a deployment."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.sandbox.cluster import ROLE_ARN, Cluster, at, name, namespace
from tests.sandbox.edges import Resource

ACTIONS = ("secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParameters")
COPY = "kubernetes:external-secrets.io/v1:ExternalSecret"
STORE = "kubernetes:external-secrets.io/v1:SecretStore"

Description = dict[str, Any]


def of_task(
    cluster: Cluster, container: Mapping[str, Any], execution_role: Resource
) -> Description:
    """Describe the secrets of a container on ECS, which its execution role reads."""
    if not container.get("secrets"):
        return _described(cluster, [], None)
    return _described(cluster, [execution_role], "the task")


def of_pod(cluster: Cluster, container: Mapping[str, Any], workload: Resource) -> Description:
    """Describe the secrets of a container on EKS: from its Kubernetes Secrets to who fills them."""
    space = namespace(workload)

    def here(type_: str) -> list[Resource]:
        return [found for found in cluster.of(type_) if namespace(found) == space]

    read = {e["valueFrom"]["secretKeyRef"]["name"] for e in container["env"] if "valueFrom" in e}
    copies = [copy for copy in here(COPY) if at(copy, "spec", "target", "name") in read]
    named = {at(copy, "spec", "secretStoreRef", "name") for copy in copies}
    stores = [store for store in here(STORE) if at(store, "metadata", "name") in named]
    path = ("spec", "provider", "aws", "auth", "jwt", "serviceAccountRef", "name")
    accounts = {at(store, *path) for store in stores}
    arns = {
        at(account, "metadata", "annotations", ROLE_ARN)
        for account in here("kubernetes:core/v1:ServiceAccount")
        if at(account, "metadata", "name") in accounts
    }
    roles = [role for role in cluster.of("aws:iam/role:Role") if role["outputs"]["arn"] in arns]
    return _described(cluster, roles, "a Kubernetes Secret" if read else None)


def _described(cluster: Cluster, roles: Sequence[Resource], kept: str | None) -> Description:
    statements = [
        statement
        for role in roles
        for policy in cluster.role_policies(role)
        for statement in json.loads(at(policy, "policy") or "{}").get("Statement", [])
        if set(statement["Action"]) & set(ACTIONS)
    ]
    return {
        "secrets that are read": sorted(
            resource for statement in statements for resource in statement["Resource"]
        ),
        "Who reads secrets": [name(role) for role in roles],
        "Where values of secrets are": kept,
    }
