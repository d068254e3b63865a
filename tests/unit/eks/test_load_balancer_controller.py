"""LoadBalancerController: it may register pods with this stack's target groups, and no more."""

import pytest

from tests.unit.support import programs
from tests.unit.support.cloud import CLUSTER_GROUP, ISSUER
from tests.unit.support.documents import statements, trust, web_identity_trust
from tests.unit.support.engine import UNKNOWN, Recorder

ACCOUNT = "aws-load-balancer-controller"
READS = {
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVpcs",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
}


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(
        lambda: programs.controller(programs.eks(programs.network())), preview=preview
    )


def test_only_the_controllers_service_account_can_have_its_role() -> None:
    run = programs.run(lambda: programs.controller(programs.eks(programs.network())), preview=False)
    assert trust(run, "alb-controller-role") == web_identity_trust(
        "arn:computed:eks-oidc", ISSUER, f"kube-system:{ACCOUNT}"
    )


def test_it_changes_targets_of_this_stacks_target_groups_only(run: Recorder) -> None:
    read, change = statements(run, "alb-controller-policy")
    assert set(read["Action"]) == READS
    assert change == {
        "Effect": "Allow",
        "Action": [
            "elasticloadbalancing:DeregisterTargets",
            "elasticloadbalancing:RegisterTargets",
        ],
        "Resource": ["arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/*"],
        "Condition": {"StringEquals": {"aws:ResourceTag/stack": "platform-test"}},
    }


def test_its_service_account_has_its_role(run: Recorder) -> None:
    metadata = run.one("kubernetes:core/v1:ServiceAccount").inputs["metadata"]
    assert (metadata["namespace"], metadata["name"]) == ("kube-system", ACCOUNT)
    assert metadata["annotations"] == {
        "eks.amazonaws.com/role-arn": (
            "arn:aws:iam::111122223333:role/platform-test-eu-west-1-alb-controller"
        )
    }


def test_it_is_told_what_it_cannot_find_out_on_fargate(run: Recorder, *, preview: bool) -> None:
    values = run.one("kubernetes:helm.sh/v3:Release").inputs["values"]
    assert values["region"] == "eu-west-1"
    assert values["clusterName"] == "platform-test-eks"
    if not preview:
        assert values["vpcId"] == "vpc-1"


def test_it_serves_bindings_only_and_keeps_its_webhooks_certificate(run: Recorder) -> None:
    values = run.one("kubernetes:helm.sh/v3:Release").inputs["values"]
    assert values["serviceAccount"] == {"create": False, "name": ACCOUNT}
    assert values["keepTLSSecret"] is True
    for off in (
        "createIngressClassResource",
        "enableServiceMutatorWebhook",
        "enableBackendSecurityGroup",
        "enableShield",
        "enableWaf",
        "enableWafv2",
    ):
        assert values[off] is False
    assert values["ingressClassParams"] == {"create": False}
    assert values["controllerConfig"]["featureGates"] == {
        "ALBGatewayAPI": False,
        "NLBGatewayAPI": False,
    }


def test_no_pod_starts_without_the_readiness_gate_that_the_controller_gives_it(
    run: Recorder,
) -> None:
    values = run.one("kubernetes:helm.sh/v3:Release").inputs["values"]
    assert values["podMutatorWebhookConfig"] == {"failurePolicy": "Fail"}


def test_its_pods_meet_the_restricted_standard_to_which_kube_system_holds_nobody(
    run: Recorder,
) -> None:
    values = run.one("kubernetes:helm.sh/v3:Release").inputs["values"]
    assert values["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def test_its_pods_are_in_the_shared_group_and_their_own_and_never_in_the_clusters(
    run: Recorder, *, preview: bool
) -> None:
    policy = run.one("kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy").inputs
    assert policy["metadata"]["namespace"] == "kube-system"
    # What the chart's helpers call `selectorLabels`, less the release's name.
    assert policy["spec"]["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": ACCOUNT}}
    groups = policy["spec"]["securityGroups"]["groupIds"]
    if preview:
        assert groups in ([UNKNOWN, UNKNOWN], UNKNOWN)
    else:
        assert groups == ["eks-pods-id", "alb-controller-group-id"]
    assert CLUSTER_GROUP not in str(policy)


def test_the_kubernetes_api_reaches_its_webhook_and_nobody_else_reaches_anything() -> None:
    run = programs.run(lambda: programs.controller(programs.eks(programs.network())), preview=False)
    (admitted,) = [
        rule.inputs
        for rule in run.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if rule.inputs["securityGroupId"] == "alb-controller-group-id"
    ]
    assert admitted["referencedSecurityGroupId"] == CLUSTER_GROUP
    port = run.one("kubernetes:helm.sh/v3:Release").inputs["values"]["webhookBindPort"]
    assert (admitted["fromPort"], admitted["toPort"], port) == (9443, 9443, 9443)
    assert admitted["ipProtocol"] == "tcp"


def test_its_pods_start_anew_when_the_logging_configuration_changes(
    run: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def annotations(run: Recorder) -> dict[str, str]:
        values = run.one("kubernetes:helm.sh/v3:Release").inputs["values"]
        return dict(values["podAnnotations"])

    monkeypatch.setattr(
        "components.eks.cluster.logging_config",
        lambda region, group: {"output.conf": region + group},
    )
    changed = programs.run(
        lambda: programs.controller(programs.eks(programs.network())), preview=False
    )
    assert set(annotations(run)) == {"fargate/logging"}
    assert annotations(changed) != annotations(run)


def test_it_is_two_pods_of_the_smallest_size_that_are_not_evicted_together(run: Recorder) -> None:
    values = run.one("kubernetes:helm.sh/v3:Release").inputs["values"]
    assert values["replicaCount"] == 2
    assert values["podDisruptionBudget"] == {"maxUnavailable": 1}
    amounts = {"cpu": "250m", "memory": "256M"}
    assert values["resources"] == {"limits": amounts, "requests": amounts}


@pytest.mark.parametrize(
    "before",
    [
        "alb-controller-account",
        "alb-controller-groups",
        "alb-controller-policy",
        "alb-controller-webhook-egress",
        "alb-controller-webhook-ingress",
        "eks-coredns",
        "eks-logging",
        "eks-pods-api-ingress",
    ],
)
def test_it_starts_after(run: Recorder, before: str) -> None:
    assert run.depends(run.one("kubernetes:helm.sh/v3:Release"), run.named(before))


def test_a_chart_of_one_version_is_installed(run: Recorder) -> None:
    release = run.one("kubernetes:helm.sh/v3:Release").inputs
    assert release["version"] == "3.6.0"
    assert release["repositoryOpts"] == {"repo": "https://aws.github.io/eks-charts"}


def test_its_image_is_the_charts_own_unless_another_is_named() -> None:
    def values(**settings: object) -> dict[str, object]:
        def program() -> None:
            programs.controller(programs.eks(programs.network(), **settings))

        run = programs.run(program, preview=False)
        found: dict[str, object] = run.one("kubernetes:helm.sh/v3:Release").inputs["values"]
        return found

    assert "image" not in values()
    host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
    assert values(controllerImage=f"{host}/eks/controller:v2.14.0")["image"] == {
        "repository": f"{host}/eks/controller",
        "tag": "v2.14.0",
    }
