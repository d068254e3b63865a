"""EksCluster: a private control plane, and pods that run on Fargate only and are logged."""

import json
from functools import partial
from typing import Any

import pytest

from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.documents import service_trust, statements, trust
from tests.unit.support.engine import UNKNOWN, Recorder, Registration
from tests.unit.support.reach import CLUSTER, Connection, halves, reach

NAME = "platform-test-eks"
PROFILE = "aws:eks/fargateProfile:FargateProfile"
ADMIN = "arn:aws:iam::111122223333:role/Admin"


def eks(**settings: object) -> None:
    programs.eks(programs.network(), **settings)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(
        lambda: eks(namespaces={"shop": {}, "office": {}}, adminRoleArns=[ADMIN]), preview=preview
    )


def cluster(run: Recorder) -> Registration:
    return run.one("eks:index:Cluster")


def test_nothing_but_the_control_plane_comes_from_pulumi_eks(run: Recorder) -> None:
    inputs = cluster(run).inputs
    assert inputs["skipDefaultNodeGroup"] is True
    assert inputs["skipDefaultSecurityGroups"] is True
    assert inputs["bootstrapSelfManagedAddons"] is False
    assert inputs["useDefaultVpcCni"] is True
    assert inputs["kubeProxyAddonOptions"]["enabled"] is False
    assert inputs["corednsAddonOptions"]["enabled"] is False
    assert inputs["createOidcProvider"] is False
    assert "publicSubnetIds" not in inputs
    assert "fargate" not in inputs
    assert "accessEntries" not in inputs


def test_the_kubernetes_api_is_reached_from_inside_the_vpc_only(run: Recorder) -> None:
    inputs = cluster(run).inputs
    assert inputs["endpointPrivateAccess"] is True
    assert inputs["endpointPublicAccess"] is False
    assert "publicAccessCidrs" not in inputs


def test_it_is_reached_from_the_internet_by_named_blocks_only() -> None:
    run = programs.run(lambda: eks(publicAccessCidrs=["203.0.113.0/24"]), preview=False)
    assert cluster(run).inputs["endpointPublicAccess"] is True
    assert cluster(run).inputs["publicAccessCidrs"] == ["203.0.113.0/24"]


def test_everything_that_the_control_plane_does_is_logged_in_a_group_made_before_it(
    run: Recorder,
) -> None:
    logs = cluster(run).inputs["enabledClusterLogTypes"]
    assert logs == ["api", "audit", "authenticator", "controllerManager", "scheduler"]
    group = run.named("eks-control-plane-logs")
    assert group.inputs["name"] == f"/aws/eks/{NAME}/cluster"
    assert group.inputs["retentionInDays"] == 30
    assert run.depends(cluster(run), group)


def test_kubernetes_secrets_are_encrypted_with_a_key_that_rotates(run: Recorder) -> None:
    key = run.one("aws:kms/key:Key")
    assert key.inputs["enableKeyRotation"] is True
    # That it is this key's ARN: only the key computes one here, so that the value is the proof.
    assert cluster(run).inputs["encryptionConfigKeyArn"] in (UNKNOWN, "arn:computed:eks-secrets")
    assert run.depends(cluster(run), key)


def test_the_cluster_has_a_version_in_standard_support_and_is_protected(run: Recorder) -> None:
    inputs = cluster(run).inputs
    assert inputs["version"] == "1.35"
    assert inputs["upgradePolicy"] == {"supportType": "STANDARD"}
    assert inputs["deletionProtection"] is True
    assert inputs["authenticationMode"] == "API"


def test_it_can_be_deleted_once_its_protection_is_switched_off() -> None:
    run = programs.run(partial(eks, deletionProtection=False), preview=False)
    assert cluster(run).inputs["deletionProtection"] is False


def test_only_this_cluster_can_have_the_cluster_role(run: Recorder) -> None:
    assert trust(run, "eks-cluster-role") == service_trust(
        "eks.amazonaws.com",
        f"arn:aws:eks:eu-west-1:111122223333:cluster/{NAME}",
        ENVIRONMENT.account,
    )
    assert run.depends(cluster(run), run.named("eks-cluster-policy"))


def test_the_control_plane_runs_with_that_role_and_not_with_one_of_pulumi_ekss_making(
    run: Recorder,
) -> None:
    assert cluster(run).inputs["serviceRole"] == run.named("eks-cluster-role").urn


def test_the_cluster_role_has_what_a_control_plane_needs_and_nothing_for_nodes(
    run: Recorder,
) -> None:
    attached = {
        attachment.name: attachment.inputs["policyArn"].rpartition("/")[2]
        for attachment in run.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    }
    assert attached == {
        "eks-cluster-policy": "AmazonEKSClusterPolicy",
        "eks-pod-execution-policy": "AmazonEKSFargatePodExecutionRolePolicy",
    }


def test_only_this_clusters_pods_are_started_with_the_pod_execution_role(run: Recorder) -> None:
    assert trust(run, "eks-pod-execution-role") == service_trust(
        "eks-fargate-pods.amazonaws.com",
        f"arn:aws:eks:eu-west-1:111122223333:fargateprofile/{NAME}/*",
        ENVIRONMENT.account,
    )
    assert "path" not in run.named("eks-pod-execution-role").inputs


def test_the_pod_execution_role_writes_the_pods_logs_only(run: Recorder) -> None:
    group = f"arn:aws:logs:eu-west-1:111122223333:log-group:/aws/eks/{NAME}/pods"
    assert statements(run, "eks-pod-logs-policy") == [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": [group, f"{group}:*"],
        }
    ]
    attached = run.named("eks-pod-execution-policy").inputs["policyArn"]
    assert attached == "arn:aws:iam::aws:policy/AmazonEKSFargatePodExecutionRolePolicy"


def test_the_system_and_each_namespace_have_a_profile_in_private_subnets(run: Recorder) -> None:
    profiles = [profile.inputs for profile in run.of(PROFILE)]
    assert {p["fargateProfileName"]: p["selectors"] for p in profiles} == {
        name: [{"namespace": name}] for name in ("kube-system", "shop", "office")
    }
    for profile in profiles:
        assert profile["subnetIds"] in (UNKNOWN, [f"subnet-private-{zone}" for zone in (1, 2, 3)])


def test_profiles_are_created_one_after_another_and_after_their_roles_policies(
    run: Recorder,
) -> None:
    system, office, shop = (
        run.one(PROFILE, f"eks-profile-{name}") for name in ("kube-system", "office", "shop")
    )
    assert system.urn in office.dependencies
    assert office.urn in shop.dependencies
    for policy in ("eks-pod-execution-policy", "eks-pod-logs-policy"):
        assert run.depends(system, run.named(policy))


def test_roles_trust_service_accounts_by_the_clusters_own_provider(run: Recorder) -> None:
    provider = run.one("aws:iam/openIdConnectProvider:OpenIdConnectProvider").inputs
    assert provider["clientIdLists"] == ["sts.amazonaws.com"]
    assert "thumbprintLists" not in provider


def test_profiles_are_created_in_the_same_order_however_a_stack_file_is_sorted() -> None:
    sortings: list[dict[str, Any]] = [{"shop": {}, "office": {}}, {"office": {}, "shop": {}}]
    created = [
        [
            profile.name
            for profile in programs.run(partial(eks, namespaces=names), preview=False).of(PROFILE)
        ]
        for names in sortings
    ]
    assert created[0] == created[1]


def test_a_namespace_has_a_profile_for_each_zone_where_it_asks_for_them(*, preview: bool) -> None:
    def program() -> None:
        inside = programs.network(zones=2)
        programs.eks(inside, namespaces={"shop": {"zoneProfiles": True}, "office": {}})

    found = programs.run(program, preview=preview).of(PROFILE)
    assert [profile.inputs["fargateProfileName"] for profile in found] == [
        "kube-system", "office", "shop", "shop-zone-1", "shop-zone-2",
    ]  # fmt: skip
    for number, profile in enumerate(found[-2:], start=1):
        labels = {"fargate/zone": f"zone-{number}"}
        assert profile.inputs["selectors"] == [{"namespace": "shop", "labels": labels}]
        assert profile.inputs["subnetIds"] in (UNKNOWN, [f"subnet-private-{number}"])
        assert found[-4 + number].urn in profile.dependencies


def test_coredns_runs_on_fargate_in_the_smallest_size_after_its_profile(run: Recorder) -> None:
    addon = run.one("aws:eks/addon:Addon", "eks-coredns")
    configuration = json.loads(addon.inputs["configurationValues"])
    amounts = {"cpu": "0.25", "memory": "256M"}
    assert configuration == {
        "computeType": "Fargate",
        "resources": {"limits": amounts, "requests": amounts},
    }
    assert addon.inputs["resolveConflictsOnCreate"] == "OVERWRITE"
    assert run.one(PROFILE, "eks-profile-kube-system").urn in addon.dependencies


def test_addons_come_after_the_routes_by_which_their_images_are_pulled(run: Recorder) -> None:
    for addon in run.of("aws:eks/addon:Addon"):
        assert sum("aws:ec2/route:Route::" in urn for urn in addon.dependencies) == 3


def test_metrics_for_scaling_come_from_two_pods_of_the_eks_addon_in_the_smallest_size(
    run: Recorder,
) -> None:
    addons = {addon.inputs["addonName"] for addon in run.of("aws:eks/addon:Addon")}
    assert addons == {"coredns", "metrics-server"}
    configuration = json.loads(run.named("eks-metrics-server").inputs["configurationValues"])
    amounts = {"cpu": "0.25", "memory": "256M"}
    assert configuration == {
        "replicas": 2,
        "resources": {"limits": amounts, "requests": amounts},
    }


def test_logging_is_configured_before_any_addon_or_namespace(run: Recorder) -> None:
    config = run.one("kubernetes:core/v1:ConfigMap", "eks-logging")
    assert config.inputs["metadata"] == {"name": "aws-logging", "namespace": "aws-observability"}
    observability = run.named("eks-observability")
    assert observability.inputs["metadata"]["labels"] == {"aws-observability": "enabled"}
    assert run.depends(config, observability)
    for later in ("eks-coredns", "eks-metrics-server", "eks-namespace-shop"):
        assert run.depends(run.named(later), config)
    assert run.named("eks-pod-logs").inputs["retentionInDays"] == 30
    assert run.depends(config, run.named("eks-pod-logs"))


def test_namespaces_hold_pods_to_the_restricted_standard_and_gate_their_readiness(
    run: Recorder,
) -> None:
    for name in ("shop", "office"):
        namespace = run.named(f"eks-namespace-{name}").inputs["metadata"]
        assert namespace["name"] == name
        assert namespace["labels"] == {
            "pod-security.kubernetes.io/enforce": "restricted",
            "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
        }


def test_a_namespace_has_a_quota_and_no_service_that_opens_nodes_or_makes_a_load_balancer(
    run: Recorder,
) -> None:
    quota = run.one("kubernetes:core/v1:ResourceQuota", "eks-quota-shop")
    assert quota.inputs["metadata"]["namespace"] == "shop"
    assert quota.inputs["spec"]["hard"] == {
        "pods": "50",
        "requests.cpu": "25",
        "requests.memory": "100Gi",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
    }
    assert run.depends(quota, run.named("eks-namespace-shop"))


def test_a_quota_is_what_its_namespace_says() -> None:
    quota = {"pods": 8, "cpu": 4, "memory": 12}
    run = programs.run(lambda: eks(namespaces={"shop": {"quota": quota}}), preview=False)
    hard = run.one("kubernetes:core/v1:ResourceQuota").inputs["spec"]["hard"]
    assert (hard["pods"], hard["requests.cpu"], hard["requests.memory"]) == ("8", "4", "12Gi")


def test_pods_share_a_group_for_names_the_api_and_https_out_and_metrics_in_only(
    run: Recorder,
) -> None:
    assert reach(run) == {
        Connection("eks-pods", "0.0.0.0/0", 443),
        Connection("eks-pods", CLUSTER, 53, "udp"),
        Connection("eks-pods", CLUSTER, 53, "tcp"),
        Connection("eks-pods", CLUSTER, 443),
        Connection(CLUSTER, "eks-pods", 10250),
    }
    assert halves(run) == set()
