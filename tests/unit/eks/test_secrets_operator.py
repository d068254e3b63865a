"""SecretsOperator: an operator for each namespace, which sees that namespace and no other."""

from collections.abc import Mapping
from typing import Any

import pytest

from components import SecretsOperator
from components.eks.secrets_operator import operator_account
from tests.unit.support import programs
from tests.unit.support.cloud import CLUSTER_GROUP
from tests.unit.support.engine import UNKNOWN, Recorder, Registration

RELEASE = "kubernetes:helm.sh/v3:Release"
PROFILE = "aws:eks/fargateProfile:FargateProfile"
GROUPS = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy"


def build(**settings: object) -> None:
    cluster = programs.eks(
        programs.network(), namespaces={"shop": {}, "office": {}, "lab": {}}, **settings
    )
    SecretsOperator("secrets-operator", cluster=cluster, namespaces=["office", "shop"])


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(build, preview=preview)


def release(run: Recorder, name: str) -> Registration:
    return run.one(RELEASE, f"secrets-operator-{name}")


def values(run: Recorder, namespace: str = "shop") -> Mapping[str, Any]:
    found: Mapping[str, Any] = release(run, f"secrets-{namespace}").inputs["values"]
    return found


def test_there_is_an_operator_for_each_namespace_with_secrets_and_for_no_other(
    run: Recorder,
) -> None:
    names = {found.inputs["name"] for found in run.of(RELEASE)}
    assert names == {"external-secrets-definitions", "secrets-office", "secrets-shop"}


def test_no_namespaces_operator_is_named_like_the_definitions() -> None:
    # Releases are told apart by their names, and a namespace may have any.
    assert not "external-secrets-definitions".startswith(operator_account(""))


@pytest.mark.parametrize("namespace", ["office", "shop"])
def test_it_serves_its_own_namespace_with_rights_there_only(run: Recorder, namespace: str) -> None:
    given = values(run, namespace)
    assert (given["scopedNamespace"], given["scopedRBAC"]) == (namespace, True)
    # Both would be rights in the whole cluster.
    assert given["rbac"] == {
        "serviceAccountTokenCreate": False,
        "servicebindings": {"create": False},
    }
    for cluster_wide in (
        "processClusterExternalSecret",
        "processClusterGenerator",
        "processClusterPushSecret",
        "processClusterStore",
        "processPushSecret",
    ):
        assert given[cluster_wide] is False


def test_it_has_a_service_account_of_its_own_without_a_role_of_aws(run: Recorder) -> None:
    account = values(run)["serviceAccount"]
    assert account == {"create": True, "name": "secrets-shop"}
    assert values(run)["fullnameOverride"] == "secrets-shop"


@pytest.mark.parametrize("name", ["secrets-shop", "external-secrets-definitions"])
def test_nothing_listens_on_the_kubelets_port(run: Recorder, name: str) -> None:
    given = release(run, name).inputs["values"]
    assert given["webhook"] == {"create": False}
    assert given["certController"] == {"create": False}


def test_it_is_one_pod_of_the_smallest_size(run: Recorder) -> None:
    amounts = {"cpu": "250m", "memory": "256M"}
    assert values(run)["replicaCount"] == 1
    assert values(run)["resources"] == {"limits": amounts, "requests": amounts}


def test_its_namespace_holds_pods_to_the_restricted_standard_which_its_own_meets(
    run: Recorder,
) -> None:
    metadata = run.named("secrets-operator-namespace").inputs["metadata"]
    assert metadata["name"] == "external-secrets"
    assert metadata["labels"] == {"pod-security.kubernetes.io/enforce": "restricted"}
    context = values(run)["securityContext"]
    assert context["allowPrivilegeEscalation"] is False
    assert context["capabilities"] == {"drop": ["ALL"]}
    assert context["runAsNonRoot"] is True
    assert context["readOnlyRootFilesystem"] is True
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}


def test_its_pod_starts_anew_when_the_logging_configuration_changes(
    run: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "components.eks.cluster.logging_config",
        lambda region, group: {"output.conf": region + group},
    )
    changed = values(programs.run(build, preview=False))["podAnnotations"]
    assert set(changed) == {"fargate/logging"}
    assert changed != values(run)["podAnnotations"]


def test_custom_resource_definitions_stay_whichever_operators_come_and_go(run: Recorder) -> None:
    definitions = release(run, "external-secrets-definitions").inputs["values"]
    assert definitions["installCRDs"] is True
    assert definitions["createOperator"] is False
    assert definitions["rbac"] == definitions["serviceAccount"] == {"create": False}
    assert values(run)["installCRDs"] is False
    assert run.depends(release(run, "secrets-shop"), release(run, "external-secrets-definitions"))


def test_its_profile_comes_after_all_others_since_a_cluster_changes_one_at_a_time(
    run: Recorder,
) -> None:
    *_, last, own = run.of(PROFILE)
    assert (last.inputs["fargateProfileName"], own.inputs["fargateProfileName"]) == (
        "shop",
        "external-secrets",
    )
    assert own.inputs["selectors"] == [{"namespace": "external-secrets"}]
    assert last.urn in own.dependencies


def test_all_pods_of_its_namespace_are_in_the_shared_group_and_never_in_the_clusters(
    run: Recorder, *, preview: bool
) -> None:
    policy = run.one(GROUPS)
    assert policy.inputs["spec"]["podSelector"] == {}
    groups = policy.inputs["spec"]["securityGroups"]["groupIds"]
    assert groups in ([UNKNOWN], UNKNOWN) if preview else groups == ["eks-pods-id"]
    assert CLUSTER_GROUP not in str(policy.inputs)


@pytest.mark.parametrize(
    "before",
    [
        "eks-profile-external-secrets",
        "secrets-operator-groups",
        "eks-namespace-shop",
        "eks-logging",
        "eks-coredns",
    ],
)
def test_it_starts_after(run: Recorder, before: str) -> None:
    assert run.depends(release(run, "secrets-shop"), run.named(before))


def test_it_starts_after_the_vpcs_routes(run: Recorder) -> None:
    direct = release(run, "secrets-shop").dependencies
    assert sum("aws:ec2/route:Route::" in urn for urn in direct) == 3


def test_one_version_of_a_chart_is_installed(run: Recorder) -> None:
    for found in run.of(RELEASE):
        assert (found.inputs["chart"], found.inputs["version"]) == ("external-secrets", "2.14.0")
        assert found.inputs["namespace"] == "external-secrets"
        assert found.inputs["repositoryOpts"] == {"repo": "https://charts.external-secrets.io"}


def test_its_image_is_the_charts_own_unless_another_is_named() -> None:
    own = values(programs.run(build, preview=False))
    assert "image" not in own
    assert "global" not in own
    copy = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/external-secrets/external-secrets"
    named = values(
        programs.run(lambda: build(secretsOperatorImage=f"{copy}:v2.14.0"), preview=False)
    )
    assert named["global"] == {"repository": copy}
    assert named["image"] == {"tag": "v2.14.0"}
