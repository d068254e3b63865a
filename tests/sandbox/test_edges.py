"""The search for missing dependency edges finds them, and nothing else."""

from typing import Any

import pytest

from tests.sandbox.edges import missing_edges, named_pairs, reached

PREFIX = "platform-dev"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:platform-dev-orders"


def resource(type_: str, name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"urn": f"urn:pulumi:dev::platform::{type_}::{name}", "type": type_, **more}


def queue() -> dict[str, Any]:
    return resource("aws:sqs/queue:Queue", "orders", inputs={"name": "platform-dev-orders"})


def policy(document: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return resource(
        "aws:iam/rolePolicy:RolePolicy", "web-policy", inputs={"policy": document}, **more
    )


def test_a_name_without_an_edge_is_found() -> None:
    said = ["RolePolicy web-policy names platform-dev-orders and doesn't depend on it"]
    assert missing_edges([queue(), policy(QUEUE)], PREFIX) == said


@pytest.mark.parametrize("how", ["dependencies", "propertyDependencies"])
def test_an_edge_to_the_named_resource_will_do(how: str) -> None:
    urns = [queue()["urn"]]
    edge = {how: urns if how == "dependencies" else {"policy": urns}}
    assert missing_edges([queue(), policy(QUEUE, **edge)], PREFIX) == []
    assert named_pairs([queue(), policy(QUEUE, **edge)], PREFIX) == 1


def test_an_edge_over_another_resource_or_the_parent_will_do() -> None:
    between = resource("aws:sqs/queuePolicy:QueuePolicy", "tls", dependencies=[queue()["urn"]])
    assert missing_edges([queue(), between, policy(QUEUE, parent=between["urn"])], PREFIX) == []


def test_an_object_in_a_cluster_depends_on_what_its_provider_needs() -> None:
    cluster = resource("aws:eks/cluster:Cluster", "c")
    provider = resource("pulumi:providers:kubernetes", "k", dependencies=[cluster["urn"]])
    inside = resource("kubernetes:core/v1:Namespace", "n", provider=f"{provider['urn']}::an-id")
    by_urn = {found["urn"]: found for found in (cluster, provider, inside)}
    assert reached(inside["urn"], by_urn) == {provider["urn"], cluster["urn"]}


def test_a_longer_name_is_another_name() -> None:
    assert missing_edges([queue(), policy(f"{QUEUE}-dead")], PREFIX) == []
    assert missing_edges([queue(), policy("x-platform-dev-orders")], PREFIX) == []


def test_an_automatic_name_and_a_label_are_no_references() -> None:
    automatic = resource(
        "aws:lb/targetGroup:TargetGroup",
        "web",
        inputs={"name": "platform-dev-web", "__defaults": ["name"]},
    )
    labelled = resource("aws:sqs/queue:Queue", "b", inputs={"tags": {"for": "platform-dev-orders"}})
    assert missing_edges([automatic, queue(), policy("platform-dev-web"), labelled], PREFIX) == []


def test_a_service_is_named_together_with_its_cluster() -> None:
    service = resource(
        "aws:ecs/service:Service",
        "web",
        inputs={"name": "web", "cluster": "arn:aws:ecs:r:1:cluster/platform-dev-ecs"},
    )
    target = resource(
        "aws:appautoscaling/target:Target",
        "web",
        inputs={"resourceId": "service/platform-dev-ecs/web"},
    )
    assert missing_edges([service, target], PREFIX) == [
        "Target web names platform-dev-ecs/web and doesn't depend on it"
    ]


def test_a_name_inside_of_a_longer_one_is_no_reference_of_its_own() -> None:
    group = resource(
        "aws:cloudwatch/logGroup:LogGroup", "logs", inputs={"name": "/aws/platform-dev-orders/logs"}
    )
    writing = policy("log-group:/aws/platform-dev-orders/logs:*", dependencies=[group["urn"]])
    assert missing_edges([queue(), group, writing], PREFIX) == []
    assert named_pairs([queue(), group, writing], PREFIX) == 1


def test_a_key_may_name_the_log_group_that_depends_on_it_and_nothing_else_may() -> None:
    group = resource("aws:cloudwatch/logGroup:LogGroup", "g", inputs={"name": "/platform-dev/g"})
    for type_, missing in (("aws:kms/key:Key", 0), ("aws:sqs/queuePolicy:QueuePolicy", 1)):
        namer = resource(type_, "namer", inputs={"policy": "log-group:/platform-dev/g"})
        needing = {**group, "dependencies": [namer["urn"]]}
        assert len(missing_edges([namer, needing], PREFIX)) == missing
        assert len(missing_edges([namer, group], PREFIX)) == 1


def kubernetes(kind: str, name: str, spec: object = None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    metadata = {"name": name} | ({"namespace": "apps"} if kind != "Namespace" else {})
    inputs = {"kind": kind, "metadata": metadata, "spec": spec}
    return resource(f"kubernetes:core/v1:{kind}", f"{kind}-{name}", inputs=inputs, **more)


@pytest.mark.parametrize(
    ("kind", "spec", "named"),
    [
        ("ConfigMap", None, "Namespace apps"),
        ("Deployment", {"template": {"spec": {"serviceAccountName": "web"}}}, "ServiceAccount"),
        ("TargetGroupBinding", {"serviceRef": {"name": "web", "port": 80}}, "Service"),
        ("Scaler", {"scaleTargetRef": {"kind": "Deployment", "name": "web"}}, "Deployment"),
    ],
)
def test_a_kubernetes_object_depends_on_those_that_it_names(
    kind: str, spec: object, named: str
) -> None:
    space = kubernetes("Namespace", "apps")
    owner = space if kind == "ConfigMap" else kubernetes(named, "web", dependencies=[space["urn"]])
    name = named if kind == "ConfigMap" else f"{named} apps/web"
    needed = [space["urn"]] if kind != "ConfigMap" else []
    namer = kubernetes(kind, "namer", spec, dependencies=needed)
    both = [space, owner] if owner is not space else [space]
    assert missing_edges([*both, namer], PREFIX) == [
        f"{kind} {kind}-namer names {name} and doesn't depend on it"
    ]
    namer["dependencies"] = [owner["urn"]]
    assert missing_edges([*both, namer], PREFIX) == []
