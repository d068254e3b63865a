"""EksService: pods with a role and groups of their own, registered with the load balancer."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from components import EksService, Queue
from components.settings import QueueSettings
from tests.unit.support import programs
from tests.unit.support.cloud import CLUSTER_GROUP, ENVIRONMENT, ISSUER
from tests.unit.support.documents import statements, trust, web_identity_trust
from tests.unit.support.engine import UNKNOWN, Recorder

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
GROUPS = "kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy"
ROUTED = {"runtime": "eks", "port": 8080, "route": {"path": "/*"}}


def web(*, namespaces: tuple[str, ...] = ("shop",), **settings: object) -> None:
    network = programs.network()
    cluster = programs.eks(network, namespaces={name: {} for name in namespaces})
    EksService(
        "web",
        programs.service(runtime="eks", **settings),
        cluster=cluster,
        controller=programs.controller(cluster),
        balancer=programs.balancer(network),
        grantables={"orders": Queue("orders", QueueSettings(), environment=ENVIRONMENT).grantable},
    )


def known(**settings: Any) -> Recorder:  # noqa: ANN401 - a service's settings
    return programs.run(partial(web, **settings), preview=False)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    settings: dict[str, Any] = {
        "port": 8080,
        "route": {"path": "/*"},
        "grants": {"orders": ["receive"]},
    }
    return programs.run(partial(web, **settings), preview=preview)


def pod(run: Recorder) -> Mapping[str, Any]:
    template: Mapping[str, Any] = run.one(DEPLOYMENT).inputs["spec"]["template"]
    return template


def test_only_the_services_own_account_in_its_own_namespace_can_have_the_role() -> None:
    for namespace in ("shop", "office"):
        run = known(namespaces=("shop", "office"), namespace=namespace)
        assert trust(run, "web-role") == web_identity_trust(
            "arn:computed:eks-oidc", ISSUER, f"{namespace}:web"
        )


def test_its_pods_have_its_role_by_its_account_and_no_token_of_kubernetes(run: Recorder) -> None:
    account = run.one("kubernetes:core/v1:ServiceAccount", "web-account").inputs
    assert account["metadata"]["annotations"] == {
        "eks.amazonaws.com/role-arn": (
            "arn:aws:iam::111122223333:role/platform-test-eu-west-1-web-pod"
        ),
        # The global endpoint is outside of a network without a way to the internet.
        "eks.amazonaws.com/sts-regional-endpoints": "true",
    }
    assert account["automountServiceAccountToken"] is False
    assert pod(run)["spec"]["automountServiceAccountToken"] is False
    assert pod(run)["spec"]["serviceAccountName"] == account["metadata"]["name"] == "web"


def test_a_grant_becomes_one_statement_on_one_queue_before_the_pods_start(run: Recorder) -> None:
    (statement,) = statements(run, "web-policy")
    assert statement["Resource"] == ["arn:aws:sqs:eu-west-1:111122223333:platform-test-orders"]
    assert "sqs:ReceiveMessage" in statement["Action"]
    assert "sqs:SendMessage" not in statement["Action"]
    assert run.depends(run.one(DEPLOYMENT), run.named("web-policy"))


def test_without_grants_the_role_may_do_nothing() -> None:
    run = known()
    name = run.one("aws:iam/role:Role", "web-role").inputs["name"]
    assert name not in {p.inputs["role"] for p in run.of("aws:iam/rolePolicy:RolePolicy")}


def test_its_pods_are_in_the_shared_group_and_their_own_and_never_in_the_clusters(
    run: Recorder, *, preview: bool
) -> None:
    policy = run.one(GROUPS, "web-groups")
    assert policy.inputs["spec"]["podSelector"] == {"matchLabels": pod(run)["metadata"]["labels"]}
    groups = policy.inputs["spec"]["securityGroups"]["groupIds"]
    if preview:
        assert len(groups) == 2 or groups == UNKNOWN
    else:
        assert groups == ["eks-pods-id", "web-group-id"]
    assert CLUSTER_GROUP not in str(policy.inputs)
    sources = {urn.rpartition("::")[2] for urn in policy.sources["spec"]}
    assert sources & {"eks-pods", "web-group", "platform-test-eks"} == {"eks-pods", "web-group"}


@pytest.mark.parametrize(
    "before",
    [
        "eks-namespace-shop",
        "web-account",
        "web-binding",
        "web-from-balancer-egress",
        "web-from-balancer-ingress",
        "web-groups",
        "web-rule",
        "web-service",
    ],
)
def test_its_pods_start_after(run: Recorder, before: str) -> None:
    assert run.depends(run.one(DEPLOYMENT), run.named(before))


def test_pods_without_a_route_too_start_after_the_controller_whose_webhook_answers_for_them() -> (
    None
):
    run = known()
    assert run.depends(run.one(DEPLOYMENT), run.named("alb-controller-release"))


def test_its_pods_start_after_the_vpcs_routes(run: Recorder) -> None:
    direct = run.one(DEPLOYMENT).dependencies
    assert sum("aws:ec2/route:Route::" in urn for urn in direct) == 3


def test_the_binding_comes_after_controller_service_and_rule(run: Recorder) -> None:
    binding = run.one(BINDING)
    for before in ("alb-controller-release", "web-service", "web-rule"):
        assert run.depends(binding, run.named(before))


def test_the_binding_leaves_networking_to_this_stack_and_is_replaced_with_its_target_group(
    run: Recorder,
) -> None:
    binding = run.one(BINDING)
    assert binding.inputs["spec"].keys() == {"serviceRef", "targetGroupARN", "targetType"}
    assert binding.inputs["spec"]["serviceRef"] == {"name": "web", "port": 8080}
    assert binding.inputs["spec"]["targetType"] == "ip"
    assert binding.replace_on_changes == ("spec.targetGroupARN",)
    assert run.one("aws:lb/targetGroup:TargetGroup").urn in binding.sources["spec"]


def test_scaling_owns_the_number_of_pods(run: Recorder) -> None:
    assert "replicas" not in run.one(DEPLOYMENT).inputs["spec"]
    scaler = run.one("kubernetes:autoscaling/v2:HorizontalPodAutoscaler").inputs["spec"]
    assert scaler["scaleTargetRef"] == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": "web",
    }
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (1, 4)
    (metric,) = scaler["metrics"]
    assert metric["resource"] == {
        "name": "cpu",
        "target": {"type": "Utilization", "averageUtilization": 60},
    }


def test_a_deployment_never_has_fewer_pods_than_before(run: Recorder) -> None:
    assert run.one(DEPLOYMENT).inputs["spec"]["strategy"] == {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxSurge": "100%", "maxUnavailable": "0%"},
    }
    budget = run.one("kubernetes:policy/v1:PodDisruptionBudget").inputs["spec"]
    assert budget["maxUnavailable"] == 1
    assert budget["selector"] == {"matchLabels": pod(run)["metadata"]["labels"]}


def test_the_service_finds_the_pods_and_is_not_awaited_before_they_exist(run: Recorder) -> None:
    service = run.one("kubernetes:core/v1:Service").inputs
    assert service["spec"]["type"] == "ClusterIP"
    assert service["spec"]["selector"] == pod(run)["metadata"]["labels"]
    assert service["spec"]["ports"] == [
        {"name": "http", "port": 8080, "targetPort": "http", "protocol": "TCP"}
    ]
    assert service["metadata"]["annotations"] == {"pulumi.com/skipAwait": "true"}


def test_pods_restart_when_the_logging_configuration_changes(
    run: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "components.eks.cluster.logging_config",
        lambda region, group: {"output.conf": region + group},
    )
    changed = pod(known())["metadata"]["annotations"]["fargate/logging"]
    assert changed != pod(run)["metadata"]["annotations"]["fargate/logging"]


def test_objects_live_in_the_named_namespace_or_the_clusters_only_one(run: Recorder) -> None:
    named = known(namespaces=("office", "shop"), namespace="office")
    for given, expected in ((run, "shop"), (named, "office")):
        objects = [
            found
            for found in given.registrations
            if found.type.startswith("kubernetes:") and found.name.startswith("web-")
        ]
        assert {found.inputs["metadata"]["namespace"] for found in objects} == {expected}


def test_a_service_without_a_port_has_no_service_route_or_binding() -> None:
    run = known()
    for absent in (BINDING, "kubernetes:core/v1:Service", "aws:lb/targetGroup:TargetGroup"):
        assert not run.of(absent)


def test_a_budget_is_an_annotation_of_the_deployment() -> None:
    assert "annotations" not in known().one(DEPLOYMENT).inputs["metadata"]
    metadata = known(monthlyBudget=50).one(DEPLOYMENT).inputs["metadata"]
    assert metadata["annotations"] == {"monthly-budget-usd": "50"}
