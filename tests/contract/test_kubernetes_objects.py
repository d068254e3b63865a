"""Every Kubernetes object of every stack file is valid for its cluster, and every pod safe."""

import copy
from typing import Any, get_args

import kubernetes_validate  # type: ignore[import-untyped]  # publishes no types
import pytest

from components.settings import EksSettings
from tests.unit.support.engine import Recorder
from tests.unit.support.pod_security import violations
from tests.unit.support.programs import EVERY_STACK, platform

CUSTOM = {"ExternalSecret", "SecretStore", "SecurityGroupPolicy", "TargetGroupBinding"}
"""Kinds whose schemas are their controllers' own, not Kubernetes'."""

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


WITH_EKS = [s for s in EVERY_STACK if platform(s, preview=False).of("eks:index:Cluster")]


@pytest.mark.parametrize("stack", WITH_EKS)
def test_every_object_is_valid_and_has_no_unknown_key(stack: str) -> None:
    run = platform(stack, preview=False)
    for found in objects(run):
        if found["kind"] not in CUSTOM:
            used = kubernetes_validate.validate(found, version(run), strict=True)
            assert used.startswith(version(run))


@pytest.mark.parametrize("newer", get_args(EksSettings.model_fields["version"].annotation))
def test_every_object_is_valid_for_the_other_versions_that_a_cluster_can_have(newer: str) -> None:
    judged = [
        kubernetes_validate.validate(found, newer, strict=True)
        for stack in WITH_EKS
        for found in objects(platform(stack, preview=False))
        if found["kind"] not in CUSTOM
    ]
    assert judged
    assert all(used.startswith(newer) for used in judged)


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
