"""Roles of pods, as deployed: each one is for exactly one service account (IRSA)."""

import json
from typing import Any

import pytest

from tests.sandbox.cluster import ROLE_ARN, Cluster, at, name, namespace
from tests.sandbox.deployments import WITH_EKS, Deployments, stack_name
from tests.sandbox.edges import Resource

pytestmark = pytest.mark.engine

ACCOUNT = "kubernetes:core/v1:ServiceAccount"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
BY_TOKEN = "sts:AssumeRoleWithWebIdentity"  # noqa: S105 - an action's name


@pytest.fixture(scope="module", params=WITH_EKS, ids=stack_name)
def cluster(request: pytest.FixtureRequest, deployments: Deployments) -> Cluster:
    """A stack's cluster, as it was deployed."""
    return Cluster(deployments.of(request.param).state.resources)


def accounts(cluster: Cluster) -> list[Resource]:
    """Return the service accounts that have a role."""
    return [
        account
        for account in cluster.of(ACCOUNT)
        if ROLE_ARN in (at(account, "metadata", "annotations") or {})
    ]


def trust(role: Resource) -> Any:  # noqa: ANN401 - a JSON document
    return json.loads(at(role, "assumeRolePolicy"))


def test_a_role_trusts_one_service_account_of_this_cluster_and_nobody_else(
    cluster: Cluster,
) -> None:
    (provider,) = cluster.of(PROVIDER)
    issuer = at(provider, "url").removeprefix("https://")
    assert issuer
    assert accounts(cluster)
    for account in accounts(cluster):
        subject = f"{namespace(account)}:{at(account, 'metadata', 'name')}"
        assert trust(cluster.role(account)) == {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": BY_TOKEN,
                    "Principal": {"Federated": provider["outputs"]["arn"]},
                    "Condition": {
                        "StringEquals": {
                            f"{issuer}:aud": "sts.amazonaws.com",
                            f"{issuer}:sub": f"system:serviceaccount:{subject}",
                        }
                    },
                }
            ],
        }


def test_each_role_for_pods_belongs_to_one_account_and_each_account_has_its_own(
    cluster: Cluster,
) -> None:
    by_token = {
        name(role) for role in cluster.of("aws:iam/role:Role") if BY_TOKEN in str(trust(role))
    }
    owned = [name(cluster.role(account)) for account in accounts(cluster)]
    assert sorted(owned) == sorted(by_token)


def test_no_identity_reaches_pods_in_a_way_that_fargate_does_not_have(cluster: Cluster) -> None:
    # Pod Identity needs an agent on each node.
    assert cluster.of("aws:eks/podIdentityAssociation:PodIdentityAssociation") == []
    addons = {at(addon, "addonName") for addon in cluster.of("aws:eks/addon:Addon")}
    assert "eks-pod-identity-agent" not in addons
