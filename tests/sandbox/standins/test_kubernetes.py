from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.standins.kubernetes import schemas
from sandbox.standins.wire import UNKNOWN

if TYPE_CHECKING:
    from tests.sandbox.standins.conftest import Client

PREFIX = "urn:pulumi:dev::p::kubernetes:"
DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "apps"},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {
                "containers": [
                    {
                        "name": "web",
                        "image": "nginx",
                        "ports": [{"containerPort": 8080}],
                        "resources": {"limits": {"cpu": "250m", "memory": "512Mi"}},
                    }
                ]
            },
        },
    },
}
SERVICE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "apps"},
    "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": "http"}]},
}
BINDING: dict[str, Any] = {
    "apiVersion": "elbv2.k8s.aws/v1beta1",
    "kind": "TargetGroupBinding",
    "metadata": {"name": "web", "namespace": "apps"},
    "spec": {"targetGroupARN": "arn:x", "serviceRef": {"name": "web", "port": 80}},
}
POLICY: dict[str, Any] = {
    "apiVersion": "vpcresources.k8s.aws/v1beta1",
    "kind": "SecurityGroupPolicy",
    "metadata": {"name": "web", "namespace": "apps"},
    "spec": {
        "podSelector": {"matchLabels": {"app": "web"}},
        "securityGroups": {"groupIds": ["sg-1"]},
    },
}
AUTOSCALER: dict[str, Any] = {
    "apiVersion": "autoscaling/v2",
    "kind": "HorizontalPodAutoscaler",
    "metadata": {"name": "web", "namespace": "apps"},
    "spec": {
        "minReplicas": 1,
        "maxReplicas": 4,
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
    },
}
BUDGET: dict[str, Any] = {
    "apiVersion": "policy/v1",
    "kind": "PodDisruptionBudget",
    "metadata": {"name": "web", "namespace": "apps"},
    "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}},
}
NAMESPACE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {"name": "apps", "labels": {"aws-observability": "enabled"}},
}
CONFIG: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "aws-logging", "namespace": "apps"},
    "data": {"output.conf": "x"},
}
QUOTA: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "ResourceQuota",
    "metadata": {"name": "quota", "namespace": "apps"},
    "spec": {"hard": {"pods": "50", "requests.memory": "100Gi"}},
}
CLUSTER_ROLE: dict[str, Any] = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRole",
    "metadata": {"name": "collector"},
    "rules": [{"apiGroups": [""], "resources": ["nodes"], "verbs": ["get"]}],
}
ACCOUNT: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "ServiceAccount",
    "metadata": {"name": "web", "namespace": "apps", "annotations": {"a/b": "arn:x"}},
}
STORE: dict[str, Any] = {
    "apiVersion": "external-secrets.io/v1",
    "kind": "SecretStore",
    "metadata": {"name": "web", "namespace": "apps"},
    "spec": {
        "provider": {
            "aws": {
                "service": "SecretsManager",
                "region": "eu-west-1",
                "auth": {"jwt": {"serviceAccountRef": {"name": "web"}}},
            }
        }
    },
}
EXTERNAL_SECRET: dict[str, Any] = {
    "apiVersion": "external-secrets.io/v1",
    "kind": "ExternalSecret",
    "metadata": {"name": "web", "namespace": "apps"},
    "spec": {
        "refreshInterval": "1h0m0s",
        "secretStoreRef": {"kind": "SecretStore", "name": "web"},
        "target": {"name": "web", "creationPolicy": "Owner"},
        "data": [{"secretKey": "A", "remoteRef": {"key": "arn:x", "property": "a"}}],
    },
}
OBJECTS = [
    DEPLOYMENT,
    SERVICE,
    BINDING,
    POLICY,
    AUTOSCALER,
    BUDGET,
    NAMESPACE,
    CONFIG,
    ACCOUNT,
    QUOTA,
    CLUSTER_ROLE,
    STORE,
    EXTERNAL_SECRET,
]
AWS = "spec.provider.aws"


def urn(manifest: dict[str, Any], name: str = "web") -> str:
    return f"{PREFIX}{manifest['apiVersion']}:{manifest['kind']}::{name}"


def changed(manifest: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    result = copy.deepcopy(manifest)
    place: Any = result
    *steps, last = path.split(".")
    for step in steps:
        place = place[int(step)] if step.isdigit() else place[step]
    place[last] = value
    return result


@pytest.mark.parametrize("manifest", OBJECTS, ids=lambda m: m["kind"])
def test_a_valid_object_is_created_under_namespace_and_name(
    manifest: dict[str, Any], kubernetes: Client
) -> None:
    id_, state, _ = kubernetes.deploy(urn(manifest), **manifest)
    assert id_ == "/".join(
        filter(None, (manifest["metadata"].get("namespace"), manifest["metadata"]["name"]))
    )
    assert re.fullmatch(r"[0-9a-f-]{36}", state["metadata"]["uid"])


def test_a_preview_leaves_uid_and_status_unknown(kubernetes: Client) -> None:
    inputs, _ = kubernetes.check(urn(DEPLOYMENT), DEPLOYMENT)
    id_, state = kubernetes.create(urn(DEPLOYMENT), inputs, preview=True)
    assert (id_, state["metadata"]["uid"], state["status"]) == ("", UNKNOWN, UNKNOWN)
    assert state["spec"] == DEPLOYMENT["spec"]
    assert "status" not in kubernetes.create(urn(CONFIG), CONFIG, preview=True)[1]


def test_an_object_without_a_name_is_named_once(kubernetes: Client) -> None:
    manifest = {**CONFIG, "metadata": {}}
    inputs, _ = kubernetes.check(urn(CONFIG, "settings"), manifest)
    assert re.fullmatch(r"settings-[0-9a-f]{8}", inputs["metadata"]["name"])
    assert inputs["metadata"]["namespace"] == "default"
    again, _ = kubernetes.check(urn(CONFIG, "settings"), manifest, inputs, seed=b"other")
    assert again == inputs


def test_a_namespace_is_in_no_namespace(kubernetes: Client) -> None:
    inputs, _ = kubernetes.check(urn(NAMESPACE), NAMESPACE)
    assert "namespace" not in inputs["metadata"]


REFUSED = [
    (changed(DEPLOYMENT, "spec.replicas", "two"), "spec.replicas: must be of type integer"),
    (changed(DEPLOYMENT, "spec.replica", 2), "spec: has no replica"),
    (changed(DEPLOYMENT, "spec", {"replicas": 1}), "spec: must have selector, template"),
    (
        changed(DEPLOYMENT, "spec.template.metadata.labels", {"app": "api"}),
        "spec.selector.matchLabels: must be among spec.template.metadata.labels",
    ),
    (
        changed(DEPLOYMENT, "spec.template.spec.containers.0.resources.limits.cpu", "a lot"),
        "resources.limits.cpu: must be a quantity",
    ),
    (
        changed(DEPLOYMENT, "spec.template.spec.containers.0.name", "Web"),
        "containers[0].name: must be 1 to 63 lower-case",
    ),
    (
        changed(DEPLOYMENT, "spec.template.spec.containers.0.ports.0.containerPort", 70000),
        "containerPort: must be 1 to 65535",
    ),
    (changed(DEPLOYMENT, "metadata.name", "Web"), "metadata.name: must be 1 to 253 lower-case"),
    (changed(DEPLOYMENT, "metadata.labels", {"a b": "c"}), "metadata.labels, the key 'a b'"),
    (changed(DEPLOYMENT, "metadata.labels", {"a": "b c"}), "metadata.labels.a: must be at most 63"),
    (changed(SERVICE, "metadata.name", "1web"), "a letter first"),
    (changed(SERVICE, "spec.ports", [{"port": 0}]), "spec.ports[0].port: must be 1 to 65535"),
    (
        changed(SERVICE, "spec.ports", [{"port": 1}, {"port": 2}]),
        "spec.ports[0].name: must be given",
    ),
    (changed(NAMESPACE, "metadata.name", "a.b"), "metadata.name: must be 1 to 63"),
    (changed(CONFIG, "data", {"a": 1}), "data.a: must be of type string"),
    (changed(CONFIG, "data", {"a": "x" * 1048577}), "data: must be at most 1 MiB"),
    (changed(AUTOSCALER, "spec.maxReplicas", 0), "spec.maxReplicas: must be at least"),
    (changed(BUDGET, "spec.maxUnavailable", 1), "minAvailable and maxUnavailable can't both"),
    (changed(QUOTA, "spec.hard", {"pods": "fifty"}), "spec.hard.pods: must be a quantity"),
    (changed(CLUSTER_ROLE, "rules", [{"resources": ["nodes"]}]), "rules[0]: must have verbs"),
    (changed(ACCOUNT, "automountServiceAccountToken", "no"), "must be of type boolean"),
    (changed(BINDING, "spec.targetGroupARN", None), "spec.targetGroupARN: must be given"),
    (changed(BINDING, "spec.targetType", "pod"), "spec.targetType: must be one of instance, ip"),
    (changed(BINDING, "spec.serviceRef", {"name": "web"}), "serviceRef: must have name and port"),
    (changed(POLICY, "spec.securityGroups.groupIds", []), "groupIds: must be 1 to 5"),
    (changed(POLICY, "spec.podSelector", None), "must have podSelector or serviceAccountSelector"),
    (changed(STORE, "apiVersion", "external-secrets.io/v1beta1"), "must be external-secrets.io/v1"),
    (changed(STORE, "spec", {}), "spec.provider: must be exactly one provider"),
    (changed(STORE, "spec", {"controller": "a"}), "spec: must have provider"),
    (changed(STORE, "spec.provider.vault", {}), "spec.provider: must be exactly one provider"),
    (changed(STORE, f"{AWS}.region", ""), f"{AWS}: must have region"),
    (changed(STORE, f"{AWS}.regions", "a"), f"{AWS}: has no regions; known are"),
    (changed(STORE, f"{AWS}.service", "SSM"), "service: must be one of SecretsManager, Parameter"),
    (changed(STORE, f"{AWS}.auth.irsa", {}), f"{AWS}.auth: has no irsa"),
    (changed(STORE, f"{AWS}.auth.jwt.account", {}), f"{AWS}.auth.jwt: has no account"),
    (
        changed(STORE, f"{AWS}.auth.jwt.serviceAccountRef", {"namespace": "apps"}),
        "serviceAccountRef: must have name",
    ),
    (changed(EXTERNAL_SECRET, "apiVersion", "external-secrets.io/v1beta1"), "must be external-"),
    (changed(EXTERNAL_SECRET, "spec.refresh", "1h"), "spec: has no refresh; known are"),
    (changed(EXTERNAL_SECRET, "spec.refreshInterval", "hourly"), "must be a duration"),
    (changed(EXTERNAL_SECRET, "spec.refreshPolicy", "Always"), "must be one of CreatedOnce"),
    (changed(EXTERNAL_SECRET, "spec.secretStoreRef", {"kind": "SecretStore"}), "must have name"),
    (changed(EXTERNAL_SECRET, "spec.secretStoreRef.kind", "Store"), "must be one of SecretStore"),
    (changed(EXTERNAL_SECRET, "spec.target.creationPolicy", "Owned"), "must be one of Owner"),
    (changed(EXTERNAL_SECRET, "spec.target.secretName", "a"), "spec.target: has no secretName"),
    (changed(EXTERNAL_SECRET, "spec.data", []), "spec: must have data or dataFrom"),
    (changed(EXTERNAL_SECRET, "spec.data", [{"secretKey": "A"}]), "[0]: must have remoteRef"),
    (changed(EXTERNAL_SECRET, "spec.data.0.secretKey", "a b"), "secretKey: must be 1 to 253"),
    (changed(EXTERNAL_SECRET, "spec.data.0.remoteRef.name", "a"), "remoteRef: has no name"),
    (changed(EXTERNAL_SECRET, "spec.data.0.remoteRef", {"property": "a"}), "must have key"),
]


def test_an_empty_pod_selector_selects_all_pods_of_the_namespace(kubernetes: Client) -> None:
    policy = changed(POLICY, "spec.podSelector", {})
    assert kubernetes.check(urn(policy), policy)[1] == []


@pytest.mark.parametrize(("manifest", "message"), REFUSED)
def test_what_the_api_server_refuses_is_refused_by_property(
    manifest: dict[str, Any], message: str, kubernetes: Client
) -> None:
    _, failures = kubernetes.check(urn(manifest), manifest)
    assert [text for text in failures if message in text]


def test_no_message_holds_a_value(kubernetes: Client) -> None:
    secret = {**CONFIG, "kind": "Secret", "data": {"a": 1}, "type": ["canary"]}
    _, failures = kubernetes.check(urn(secret), secret)
    assert failures
    assert "canary" not in str(failures)


def test_unknown_values_are_not_judged(kubernetes: Client) -> None:
    manifest = changed(DEPLOYMENT, "spec.replicas", UNKNOWN)
    manifest = changed(manifest, "metadata.namespace", UNKNOWN)
    manifest = changed(manifest, "spec.template.spec.containers.0.image", UNKNOWN)
    manifest = changed(manifest, "spec.template.spec.containers.0.resources", UNKNOWN)
    assert kubernetes.check(urn(manifest), manifest)[1] == []
    for path in ("spec", "metadata.labels", "spec.template", "spec.template.spec.containers"):
        manifest = changed(DEPLOYMENT, path, UNKNOWN)
        assert kubernetes.check(urn(manifest), manifest)[1] == []
    binding = changed(BINDING, "spec.targetGroupARN", UNKNOWN)
    assert kubernetes.check(urn(binding), binding)[1] == []
    policy = changed(POLICY, "spec.securityGroups.groupIds", [UNKNOWN])
    assert kubernetes.check(urn(policy), policy)[1] == []
    for given, path in (
        (STORE, "spec"),
        (STORE, "spec.provider"),
        (STORE, f"{AWS}.region"),
        (STORE, f"{AWS}.service"),
        (EXTERNAL_SECRET, "spec"),
        (EXTERNAL_SECRET, "spec.data"),
        (EXTERNAL_SECRET, "spec.data.0.remoteRef"),
        (EXTERNAL_SECRET, "spec.data.0.remoteRef.key"),
        (EXTERNAL_SECRET, "spec.refreshInterval"),
        (EXTERNAL_SECRET, "spec.secretStoreRef.name"),
        (EXTERNAL_SECRET, "spec.target.name"),
    ):
        manifest = changed(given, path, UNKNOWN)
        assert kubernetes.check(urn(manifest), manifest)[1] == []


REPLACED: list[tuple[dict[str, Any], str, object, list[str], bool]] = [
    (DEPLOYMENT, "spec.selector", {"matchLabels": {"app": "x"}}, ["spec"], True),
    (DEPLOYMENT, "metadata.namespace", "other", ["metadata"], False),
    (SERVICE, "spec.clusterIP", "10.0.0.1", ["spec"], True),
    (CONFIG, "metadata.name", "other", ["metadata"], False),
    (CONFIG, "data", {"a": "c"}, [], False),
    (DEPLOYMENT, "spec.replicas", 3, [], False),
    (BINDING, "spec.targetGroupARN", "arn:y", [], False),
]


@pytest.mark.parametrize("case", REPLACED, ids=lambda case: case[1])
def test_immutable_fields_replace_and_explicit_names_go_first(
    case: tuple[dict[str, Any], str, object, list[str], bool], kubernetes: Client
) -> None:
    manifest, path, value, replaces, first = case
    olds, _ = kubernetes.check(urn(manifest), manifest)
    news, _ = kubernetes.check(urn(manifest), changed(manifest, path, value), olds)
    response = kubernetes.diff(urn(manifest), olds, news)
    assert response.changes == response.DIFF_SOME
    assert list(response.replaces) == replaces
    assert response.deleteBeforeReplace is first


def test_an_immutable_config_map_is_replaced(kubernetes: Client) -> None:
    olds = {**CONFIG, "immutable": True}
    response = kubernetes.diff(urn(CONFIG), olds, {**olds, "data": {"a": "c"}})
    assert list(response.replaces) == ["data"]


def test_an_object_with_a_made_up_name_needs_no_deletion_first(kubernetes: Client) -> None:
    manifest = {**CONFIG, "metadata": {"namespace": "apps"}, "immutable": True}
    olds, _ = kubernetes.check(urn(CONFIG), manifest)
    news, _ = kubernetes.check(urn(CONFIG), {**manifest, "data": {"a": "c"}}, olds)
    response = kubernetes.diff(urn(CONFIG), olds, news)
    assert list(response.replaces) == ["data"]
    assert response.deleteBeforeReplace is False


def test_a_second_object_of_the_same_name_already_exists(kubernetes: Client) -> None:
    kubernetes.deploy(urn(CONFIG), **CONFIG)
    with pytest.raises(Exception, match=r"AlreadyExists: .*ConfigMap apps/aws-logging"):
        kubernetes.deploy(urn(CONFIG, "other"), **CONFIG)


def test_a_helm_release_needs_a_chart_and_gets_a_status(kubernetes: Client) -> None:
    release = f"{PREFIX}helm.sh/v3:Release::controller"
    assert kubernetes.check(release, {})[1] == ["chart: a Helm release needs a chart"]
    given = {"chart": "aws-load-balancer-controller", "namespace": "kube-system", "version": "1.13"}
    id_, state, inputs = kubernetes.deploy(release, **given)
    assert id_.startswith("kube-system/controller-")
    assert state["status"]["version"] == "1.13"
    assert kubernetes.create(release, inputs, preview=True)[1]["status"] == UNKNOWN


def test_a_lookup_is_refused_by_name(kubernetes: Client) -> None:
    with pytest.raises(Exception, match=r"kubernetes:yaml:decode: there is no cluster"):
        kubernetes.invoke("kubernetes:yaml:decode")


def test_the_schemas_of_the_version_are_installed() -> None:
    assert schemas.has_status("apps/v1", "Deployment")
