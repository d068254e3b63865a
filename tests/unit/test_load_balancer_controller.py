"""LoadBalancerController: it may register pods with this stack's target groups, and no more."""

import pytest

from tests.unit.support import programs
from tests.unit.support.cloud import ISSUER
from tests.unit.support.documents import statements, trust, web_identity_trust
from tests.unit.support.engine import Recorder

ACCOUNT = "aws-load-balancer-controller"
READS = {
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeInstances",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
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
    assert values["replicaCount"] == 2
    assert values["resources"]["limits"] == values["resources"]["requests"]


@pytest.mark.parametrize(
    "before", ["alb-controller-policy", "alb-controller-account", "eks-coredns", "eks-logging"]
)
def test_it_starts_after(run: Recorder, before: str) -> None:
    assert run.depends(run.one("kubernetes:helm.sh/v3:Release"), run.named(before))


def test_a_chart_of_one_version_is_installed(run: Recorder) -> None:
    release = run.one("kubernetes:helm.sh/v3:Release").inputs
    assert release["version"] == "1.14.0"
    assert release["repositoryOpts"] == {"repo": "https://aws.github.io/eks-charts"}
