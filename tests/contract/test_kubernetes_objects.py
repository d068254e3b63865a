"""Every Kubernetes object of every stack file is valid for its cluster, and every pod safe."""

import copy
from typing import Any, get_args

import jsonschema
import kubernetes_validate  # type: ignore[import-untyped]  # publishes no types
import pytest

from components.settings import EksSettings
from tests.contract.kubernetes_schemas import CUSTOM, validate, validate_values
from tests.unit.support.engine import Recorder
from tests.unit.support.pod_security import violations
from tests.unit.support.programs import EVERY_STACK, platform, read_stack, settings

CLUSTER_SCOPED = {"ClusterRole", "ClusterRoleBinding", "Namespace"}


def objects(run: Recorder) -> list[dict[str, Any]]:
    """Return the objects of a run; a Helm release is none."""
    return [
        dict(found.inputs)
        for found in run.registrations
        if found.type.startswith("kubernetes:") and "kind" in found.inputs
    ]


def version(run: Recorder) -> str:
    """Return the Kubernetes version of a run's cluster."""
    found: str = run.one("eks:index:Cluster").inputs["version"]
    return found


WITH_EKS = [stack for stack in EVERY_STACK if settings(**read_stack(stack)).eks.enabled]


@pytest.mark.parametrize("stack", WITH_EKS)
def test_every_object_is_valid_and_has_no_unknown_key(stack: str) -> None:
    run = platform(stack, preview=False)
    assert objects(run)
    for found in objects(run):
        validate(found, version(run))


@pytest.mark.parametrize("newer", get_args(EksSettings.model_fields["version"].annotation))
def test_every_object_is_valid_for_the_other_versions_that_a_cluster_can_have(newer: str) -> None:
    for stack in WITH_EKS:
        for found in objects(platform(stack, preview=False)):
            validate(found, newer)


def test_an_object_of_a_kind_without_a_schema_is_refused() -> None:
    unheard = {"apiVersion": "example.com/v1", "kind": "Unheard", "metadata": {"name": "of"}}
    with pytest.raises(kubernetes_validate.SchemaNotFoundError):
        validate(unheard, get_args(EksSettings.model_fields["version"].annotation)[0])


def test_every_schema_of_a_controllers_kind_is_of_a_kind_that_some_stack_has() -> None:
    kinds = {
        found["kind"] for stack in WITH_EKS for found in objects(platform(stack, preview=False))
    }
    assert kinds >= CUSTOM


def custom(kind: str) -> dict[str, Any]:
    """Return an object of a controller's kind."""
    found = next(
        found
        for stack in WITH_EKS
        for found in objects(platform(stack, preview=False))
        if found["kind"] == kind
    )
    return copy.deepcopy(found)


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("SecurityGroupPolicy", ("podSelectors",), {}),
        ("SecurityGroupPolicy", ("securityGroups", "groupIds"), []),
        ("TargetGroupBinding", ("targetGroupArn",), "arn"),
        ("TargetGroupBinding", ("targetType",), "IP"),
        ("TargetGroupBinding", ("serviceRef", "namespace"), "apps"),
        ("SecretStore", ("provider", "vault"), {}),
        ("SecretStore", ("provider", "aws", "service"), "SSM"),
        ("SecretStore", ("provider", "aws", "auth", "jwt", "serviceAccount"), {}),
        ("ExternalSecret", ("target", "creationPolicy"), "owner"),
        ("ExternalSecret", ("refreshInterval",), "1 hour"),
        ("ExternalSecret", ("data", 0, "remoteRef", "versionId"), "1"),
    ],
)
def test_a_controllers_kind_with_a_wrong_or_unknown_field_is_refused(
    kind: str, path: tuple[str | int, ...], value: object
) -> None:
    found = custom(kind)
    where = found["spec"]
    for step in path[:-1]:
        where = where[step]
    where[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        validate(found, "1.35")


def test_a_controllers_kind_with_unknown_metadata_is_refused() -> None:
    found = custom("SecurityGroupPolicy")
    found["metadata"]["label"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        validate(found, "1.35")


def releases(run: Recorder) -> list[dict[str, Any]]:
    """Return the Helm releases of a run."""
    return [dict(found.inputs) for found in run.of("kubernetes:helm.sh/v3:Release")]


@pytest.mark.parametrize("stack", WITH_EKS)
def test_every_chart_is_given_values_only_that_it_knows(stack: str) -> None:
    for release in releases(platform(stack, preview=False)):
        validate_values(release["chart"], release["values"])


@pytest.mark.parametrize("stack", WITH_EKS)
def test_every_charts_pod_meets_the_restricted_standard_whatever_its_namespace_holds_it_to(
    stack: str,
) -> None:
    for release in releases(platform(stack, preview=False)):
        if release["values"]["replicaCount"]:
            context = release["values"]["securityContext"]
            container = {"name": release["chart"], "securityContext": context}
            assert violations({"metadata": {}, "spec": {"containers": [container]}}) == []


def test_an_image_that_a_stack_file_names_for_a_chart_is_of_the_charts_version() -> None:
    named = [
        (release["values"]["image"]["tag"], release["version"])
        for stack in WITH_EKS
        for release in releases(platform(stack, preview=False))
        if "image" in release["values"]
    ]
    assert len(named) >= 2
    for tag, version in named:
        assert tag == f"v{version}"


@pytest.mark.parametrize(
    ("chart", "path"),
    [
        ("aws-load-balancer-controller", ("enableWAF",)),
        ("aws-load-balancer-controller", ("controllerConfig", "featureGates", "AlbGatewayAPI")),
        ("external-secrets", ("rbac", "serviceAccountTokens")),
        ("external-secrets", ("securityContext", "runAsRoot")),
    ],
)
def test_a_value_that_a_chart_does_not_know_is_refused(chart: str, path: tuple[str, ...]) -> None:
    # Helm ignores it, and so a switch that was renamed.
    run = platform("secrets-on-eks", preview=False)
    values = next(
        copy.deepcopy(release["values"])
        for release in releases(run)
        if release["chart"] == chart and release["values"]["replicaCount"]
    )
    where = values
    for step in path[:-1]:
        where = where[step]
    where[path[-1]] = False
    with pytest.raises(jsonschema.ValidationError):
        validate_values(chart, values)


def templates(run: Recorder) -> list[tuple[str, dict[str, Any]]]:
    """Return the templates of a run's pods, each with its namespace."""
    return [
        (found["metadata"]["namespace"], spec["template"])
        for found in objects(run)
        if "template" in (spec := running(found))
    ]


def running(found: dict[str, Any]) -> dict[str, Any]:
    """Return the specification of what runs pods: an object's own, or that of a CronJob's Jobs."""
    spec: dict[str, Any] = found.get("spec") or {}
    job: dict[str, Any] = spec.get("jobTemplate") or {}
    return job.get("spec") or spec


@pytest.mark.parametrize("stack", WITH_EKS)
def test_every_pod_meets_the_restricted_standard_to_which_its_namespace_holds_it(
    stack: str,
) -> None:
    run = platform(stack, preview=False)
    held = {
        found["metadata"]["name"]
        for found in objects(run)
        if found["kind"] == "Namespace"
        and (found["metadata"].get("labels") or {}).get("pod-security.kubernetes.io/enforce")
        == "restricted"
    }
    assert templates(run)
    for namespace, template in templates(run):
        assert namespace in held
        assert violations(template) == []


@pytest.mark.parametrize("stack", WITH_EKS)
def test_every_object_says_which_namespace_it_is_in(stack: str) -> None:
    for found in objects(platform(stack, preview=False)):
        if found["kind"] not in CLUSTER_SCOPED:
            assert found["metadata"]["namespace"], found["metadata"]["name"]


def test_a_stack_with_jobs_has_the_pods_of_each_to_judge() -> None:
    names = {
        template["spec"]["serviceAccountName"]
        for _, template in templates(platform("jobs-on-eks", preview=False))
    }
    assert {"nightly-report", "cleanup"} <= names


def test_a_stack_with_secrets_has_objects_of_rbac_to_judge() -> None:
    kinds = {found["kind"] for found in objects(platform("secrets-on-eks", preview=False))}
    assert {"Role", "RoleBinding", "ExternalSecret", "SecretStore"} <= kinds


def test_the_dev_stack_has_an_object_of_each_kind_to_judge() -> None:
    kinds = {found["kind"] for found in objects(platform("dev", preview=False))}
    assert kinds - CUSTOM == {
        "ConfigMap",
        "Deployment",
        "HorizontalPodAutoscaler",
        "Namespace",
        "PodDisruptionBudget",
        "ResourceQuota",
        "Service",
        "ServiceAccount",
    }


@pytest.mark.parametrize(
    ("key", "value"), [("replica", 2), ("strategy", {"type": "RollingUpdate", "max": 1})]
)
def test_an_object_with_an_unknown_key_is_refused(key: str, value: object) -> None:
    run = platform("dev", preview=False)
    (found,) = [copy.deepcopy(o) for o in objects(run) if o["kind"] == "Deployment"]
    found["spec"][key] = value
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(found, version(run), strict=True)
