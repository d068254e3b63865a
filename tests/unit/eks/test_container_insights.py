"""ContainerInsights: a collector that may read kubelets, write one log, and do nothing else."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components import ContainerInsights
from components.eks.container_insights_config import collector_config
from components.settings import ContainerInsightsSettings
from tests.unit.support import programs
from tests.unit.support.cloud import CLUSTER_GROUP, ISSUER
from tests.unit.support.documents import statements, trust, web_identity_trust
from tests.unit.support.engine import UNKNOWN, Recorder
from tests.unit.support.programs import IMAGE, page
from tests.unit.support.reach import reach

NAMESPACE = "fargate-container-insights"
LOG_GROUP = "/aws/containerinsights/platform-test-eks/performance"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
CONFIG = collector_config("the-cluster", "eu-west-1", LOG_GROUP)


def collect(**settings: object) -> None:
    cluster = programs.eks(programs.network(), containerInsights={"enabled": True})
    given = programs.section(ContainerInsightsSettings, settings)
    ContainerInsights("container-insights", given, cluster=cluster)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(collect, preview=preview)


def pod(run: Recorder) -> Mapping[str, Any]:
    template: Mapping[str, Any] = run.one(DEPLOYMENT).inputs["spec"]["template"]
    return template


def test_there_is_none_unless_it_is_asked_for() -> None:
    for enabled in (False, True):
        insights = {"enabled": enabled}
        eks = {"enabled": True, "containerInsights": insights}
        run = page({"eks": eks}, preview=False)
        assert bool(run.of("fargate:eks:ContainerInsights")) is enabled
        profiles = [each.name for each in run.of("aws:eks/fargateProfile:FargateProfile")]
        assert (f"eks-profile-{NAMESPACE}" in profiles) is enabled


def test_its_objects_are_alone_in_a_restricted_namespace(run: Recorder) -> None:
    namespace = run.named("container-insights-namespace").inputs["metadata"]
    assert namespace == {
        "name": NAMESPACE,
        "labels": {"pod-security.kubernetes.io/enforce": "restricted"},
    }
    there = [
        found.name
        for found in run.registrations
        if found.inputs.get("metadata", {}).get("namespace") == NAMESPACE
    ]
    assert there
    assert all(name.startswith("container-insights-") for name in there)


def test_its_role_writes_the_performance_log_and_nothing_else(run: Recorder) -> None:
    assert statements(run, "container-insights-policy") == [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": [f"arn:aws:logs:eu-west-1:111122223333:log-group:{LOG_GROUP}:*"],
        }
    ]
    attached = run.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert not [each for each in attached if each.name.startswith("container-insights")]


def test_only_its_service_account_can_have_its_role() -> None:
    known = programs.run(collect, preview=False)
    assert trust(known, "container-insights-role") == web_identity_trust(
        "arn:computed:eks-oidc", ISSUER, f"{NAMESPACE}:adot-collector"
    )


def test_its_pod_has_its_role_by_its_account(run: Recorder) -> None:
    account = run.named("container-insights-account").inputs["metadata"]
    assert account["name"] == pod(run)["spec"]["serviceAccountName"] == "adot-collector"
    assert account["annotations"]["eks.amazonaws.com/role-arn"] == (
        "arn:aws:iam::111122223333:role/platform-test-eu-west-1-container-insights"
    )


def test_it_may_find_nodes_and_read_their_kubelets_through_the_api(run: Recorder) -> None:
    role = run.one("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole").inputs
    assert role["rules"] == [
        {"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": [""], "resources": ["nodes/proxy"], "verbs": ["get"]},
    ]
    binding = run.one("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding").inputs
    assert binding["roleRef"]["name"] == role["metadata"]["name"]
    assert binding["subjects"] == [
        {"kind": "ServiceAccount", "name": "adot-collector", "namespace": NAMESPACE}
    ]


def test_its_log_is_kept_for_a_time_in_a_group_made_before_it(run: Recorder) -> None:
    group = run.named("container-insights-performance")
    assert group.inputs["name"] == LOG_GROUP
    assert group.inputs["retentionInDays"] == 30
    assert run.depends(run.one(DEPLOYMENT), group)
    longer = programs.run(lambda: collect(logRetentionDays=90), preview=False)
    assert longer.named("container-insights-performance").inputs["retentionInDays"] == 90


def test_it_is_in_the_pods_group_and_one_of_its_own_without_rules(
    run: Recorder, *, preview: bool
) -> None:
    policy = run.named("container-insights-groups")
    labels = pod(run)["metadata"]["labels"]
    assert policy.inputs["spec"]["podSelector"] == {"matchLabels": labels}
    if not preview:
        groups = policy.inputs["spec"]["securityGroups"]["groupIds"]
        assert groups == ["eks-pods-id", "container-insights-group-id"]
    assert CLUSTER_GROUP not in str(policy.inputs)
    assert not [c for c in reach(run) if "container-insights-group" in (c.source, c.target)]


@pytest.mark.parametrize(
    "before",
    ["groups", "account", "policy", "binding", "cluster-role", "namespace", "config"],
)
def test_it_starts_after(run: Recorder, before: str) -> None:
    assert run.depends(run.one(DEPLOYMENT), run.named(f"container-insights-{before}"))


def test_it_starts_after_its_profile_logging_and_the_vpcs_routes(run: Recorder) -> None:
    deployment = run.one(DEPLOYMENT)
    for before in (f"eks-profile-{NAMESPACE}", "eks-logging", "eks-coredns"):
        assert run.depends(deployment, run.named(before))
    assert sum("aws:ec2/route:Route::" in urn for urn in deployment.dependencies) == 3


def test_there_is_one_of_it_at_any_time(run: Recorder) -> None:
    spec = run.one(DEPLOYMENT).inputs["spec"]
    assert spec["replicas"] == 1
    assert spec["strategy"] == {"type": "Recreate"}


def test_its_pod_takes_a_quarter_of_a_vcpu_and_one_gb(run: Recorder) -> None:
    (container,) = pod(run)["spec"]["containers"]
    amounts = {"cpu": "250m", "memory": "768Mi"}
    assert container["resources"] == {"requests": amounts, "limits": amounts}


def test_its_container_meets_the_restricted_standard_with_a_read_only_root(run: Recorder) -> None:
    spec = pod(run)["spec"]
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    (container,) = spec["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "privileged": False,
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "runAsUser": 65_534,
    }


@pytest.mark.parametrize(
    ("settings", "image"),
    [
        ({}, "public.ecr.aws/aws-observability/aws-otel-collector:v0.50.0"),
        ({"image": IMAGE}, IMAGE),
    ],
)
def test_its_image_is_pinned_and_can_be_a_copy(settings: dict[str, str], image: str) -> None:
    run = programs.run(lambda: collect(**settings), preview=False)
    (container,) = pod(run)["spec"]["containers"]
    assert container["image"] == image


def test_it_reads_its_configuration_from_a_config_map(run: Recorder, *, preview: bool) -> None:
    config = run.named("container-insights-config")
    (volume,) = pod(run)["spec"]["volumes"]
    assert volume["configMap"]["name"] == config.inputs["metadata"]["name"]
    (container,) = pod(run)["spec"]["containers"]
    assert container["args"] == ["--config=/etc/collector/collector.yaml"]
    assert container["volumeMounts"][0]["mountPath"] == "/etc/collector"
    assert config.inputs["data"].keys() == {"collector.yaml"}
    if not preview:
        read = json.loads(config.inputs["data"]["collector.yaml"])
        assert read["exporters"]["awsemf"]["log_group_name"] == LOG_GROUP


def test_it_restarts_when_its_configuration_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    def annotation() -> str:
        known = programs.run(collect, preview=False)
        return str(pod(known)["metadata"]["annotations"]["fargate/config"])

    before = annotation()
    monkeypatch.setattr("components.eks.container_insights.collector_config", lambda *_: {})
    assert annotation() not in (before, UNKNOWN)


def scrape() -> Mapping[str, Any]:
    (found,) = CONFIG["receivers"]["prometheus"]["config"]["scrape_configs"]
    scraped: Mapping[str, Any] = found
    return scraped


def test_kubelets_are_read_through_the_kubernetes_api() -> None:
    labels = {rule["target_label"]: rule.get("replacement") for rule in scrape()["relabel_configs"]}
    assert labels["__address__"] == "kubernetes.default.svc:443"
    # The collector makes one $ of two, which Prometheus reads as the node's name.
    assert labels["__metrics_path__"] == "/api/v1/nodes/$$1/proxy/metrics/cadvisor"
    assert scrape()["scheme"] == "https"
    assert "insecure_skip_verify" not in scrape()["tls_config"]


def test_every_metric_is_made_in_the_order_of_the_processors() -> None:
    series: set[str] = set()
    for name in CONFIG["service"]["pipelines"]["metrics"]["processors"]:
        processor = CONFIG["processors"][name]
        for transform in processor.get("transforms", ()):
            series.add(transform["new_name"])
        for rule in processor.get("rules", ()):
            assert {rule["metric1"], rule.get("metric2", rule["metric1"])} <= series
            series.add(rule["name"])
        assert set(processor.get("metrics", ())) <= series
        assert set(processor.get("include", {}).get("metrics", ())) <= series
    (declared,) = CONFIG["exporters"]["awsemf"]["metric_declarations"]
    assert set(declared["metric_name_selectors"]) <= series
    assert len(declared["metric_name_selectors"]) == 8


def test_every_dimension_is_a_label_of_what_is_scraped() -> None:
    rules = [*scrape()["relabel_configs"], *scrape()["metric_relabel_configs"]]
    labels = {rule["target_label"] for rule in rules if "target_label" in rule}
    (declared,) = CONFIG["exporters"]["awsemf"]["metric_declarations"]
    assert {label for labels in declared["dimensions"] for label in labels} <= labels
    # The exporter knows by it which log events are pods'.
    assert "Type" in labels


def test_all_parts_of_the_pipeline_are_configured_and_nothing_listens_outside() -> None:
    pipeline = CONFIG["service"]["pipelines"]["metrics"]
    for part in ("receivers", "processors", "exporters"):
        assert set(pipeline[part]) == set(CONFIG[part])
    assert CONFIG["extensions"] == {"health_check": {"endpoint": "localhost:13133"}}
    assert CONFIG["service"]["telemetry"] == {"metrics": {"level": "none"}}
