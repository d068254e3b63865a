"""What users of other tools for EKS on Fargate suffer from, one test for each, by its threads.

The numbers go on from test_pain_points.py, which has those of ECS.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

from reports.cost.sizes import Size, pod_size
from tests.unit.support.engine import Recorder, Registration
from tests.unit.support.programs import EVERY_STACK, platform, read_stack

ADDON = "aws:eks/addon:Addon"
BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
PROFILE = "aws:eks/fargateProfile:FargateProfile"
RELEASE = "kubernetes:helm.sh/v3:Release"
CRON_JOB = "kubernetes:batch/v1:CronJob"
WORKLOADS = ("kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet", CRON_JOB)
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
SMALLEST = Size(Decimal("0.25"), Decimal("0.5"))


@pytest.fixture(
    params=[stack for stack in EVERY_STACK if read_stack(stack).get("eks", {}).get("enabled")]
)
def on_eks(request: pytest.FixtureRequest) -> Recorder:
    """A stack with an EKS cluster."""
    return platform(str(request.param), preview=False)


def addon(run: Recorder, name: str) -> Registration:
    (found,) = [one for one in run.of(ADDON) if one.inputs["addonName"] == name]
    return found


def workloads(run: Recorder) -> list[Registration]:
    return [found for type_ in WORKLOADS for found in run.of(type_)]


def template(workload: Registration) -> Mapping[str, Any]:
    """Return the template of a workload's pods; a CronJob's is that of its Jobs."""
    spec: dict[str, Any] = workload.inputs["spec"]
    found: Mapping[str, Any] = spec.get("jobTemplate", {}).get("spec", spec)["template"]
    return found


def charts_with_pods(run: Recorder) -> list[Registration]:
    """Return the Helm releases that run pods; one of custom resource definitions doesn't."""
    return [one for one in run.of(RELEASE) if one.inputs["values"].get("replicaCount") != 0]


def of_services(run: Recorder) -> list[Registration]:
    """Return the Deployments of the stack's services."""
    found = run.of("kubernetes:apps/v1:Deployment")
    return [one for one in found if "fargate:eks:EksService" in one.parent]


def gate(run: Recorder, namespace: str) -> object:
    """Return whether pods of a namespace are ready when the load balancer says so."""
    (labels,) = [
        found.inputs["metadata"]["labels"]
        for found in run.of("kubernetes:core/v1:Namespace")
        if found.inputs["metadata"]["name"] == namespace
    ]
    return labels["elbv2.k8s.aws/pod-readiness-gate-inject"]


def system_profile(run: Recorder) -> Registration:
    (found,) = [
        profile
        for profile in run.of(PROFILE)
        if {"namespace": "kube-system"} in profile.inputs["selectors"]
    ]
    return found


def test_8_coredns_has_a_place_to_run_before_it_is_installed(on_eks: Recorder) -> None:
    # terraform-aws-modules/terraform-aws-eks#2069, pulumi/pulumi-eks#843, #1007,
    # aws/containers-roadmap#944
    assert on_eks.one("eks:index:Cluster").inputs["bootstrapSelfManagedAddons"] is False
    coredns = addon(on_eks, "coredns")
    assert on_eks.depends(coredns, system_profile(on_eks))
    configuration = json.loads(coredns.inputs["configurationValues"])
    assert configuration["computeType"] == "Fargate"
    assert pod_size({"containers": [configuration]}) == SMALLEST


def test_9_fargate_profiles_are_created_one_at_a_time(on_eks: Recorder) -> None:
    # aws/aws-cdk#6084, pulumi/pulumi-eks#984
    profiles = on_eks.of(PROFILE)
    assert len(profiles) >= 2
    for one, other in combinations(profiles, 2):
        assert on_eks.depends(one, other) is not on_eks.depends(other, one)


def test_9_fargate_profiles_stay_within_what_eks_takes(on_eks: Recorder) -> None:
    # EKS user guide, "Define which Pods use AWS Fargate when launched"; quotas of a profile.
    for profile in on_eks.of(PROFILE):
        assert len(profile.inputs["selectors"]) in range(1, 6)
        for selector in profile.inputs["selectors"]:
            # A wildcard would take pods of others.
            assert re.fullmatch(r"[a-z0-9-]{1,63}", selector["namespace"])
            for key, value in (selector.get("labels") or {}).items():
                assert len(key) <= 127
                assert re.fullmatch(r"[a-z0-9-]{1,63}", value)


def test_10_logging_is_set_up_before_any_pod_and_a_change_of_it_starts_new_ones(
    on_eks: Recorder,
) -> None:
    # aws/containers-roadmap#1450, #1203, #1197
    (config,) = [c for c in on_eks.of(CONFIG_MAP) if c.inputs["metadata"]["name"] == "aws-logging"]
    assert config.inputs["metadata"]["namespace"] == "aws-observability"
    output = config.inputs["data"]["output.conf"]
    assert "".join(config.inputs["data"].values()).count("[OUTPUT]") == 1
    assert "log_stream_prefix" in output
    (name,) = re.findall(r"log_group_name (\S+)", output)
    (group,) = [
        found
        for found in on_eks.of("aws:cloudwatch/logGroup:LogGroup")
        if found.inputs["name"] == name
    ]
    assert group.inputs["retentionInDays"] > 0
    (writing,) = [
        policy
        for policy in on_eks.of("aws:iam/rolePolicy:RolePolicy")
        if name in policy.inputs["policy"]
    ]
    for pods in (*on_eks.of(ADDON), *charts_with_pods(on_eks), *workloads(on_eks)):
        for before in (config, group, writing):
            assert on_eks.depends(pods, before)
    for workload in workloads(on_eks):
        assert group.urn in workload.sources["spec"]
        assert template(workload)["metadata"]["annotations"]["fargate/logging"]
    for chart in charts_with_pods(on_eks):
        assert group.urn in chart.sources["values"]
        assert chart.inputs["values"]["podAnnotations"]["fargate/logging"]


def test_11_the_load_balancer_controller_works_and_leaves_nothing_behind(on_eks: Recorder) -> None:
    # kubernetes-sigs/aws-load-balancer-controller#1622, #1561, #1719, #1064,
    # aws-ia/terraform-aws-eks-blueprints-addons#462
    (controller,) = [
        release
        for release in on_eks.of(RELEASE)
        if release.inputs["chart"] == "aws-load-balancer-controller"
    ]
    values = controller.inputs["values"]
    assert values["region"]
    assert values["vpcId"]
    kinds = {found.inputs.get("kind") for found in on_eks.registrations}
    assert not kinds & {"Gateway", "Ingress"}
    for service in on_eks.of("kubernetes:core/v1:Service"):
        assert service.inputs["spec"]["type"] == "ClusterIP"
    for binding in on_eks.of(BINDING):
        assert binding.inputs["spec"]["targetType"] == "ip"
        (group,) = [g for g in on_eks.of(TARGET_GROUP) if g.urn in binding.sources["spec"]]
        assert group.inputs["targetType"] == "ip"
        assert on_eks.depends(binding, controller)
        deployments = [one for one in of_services(on_eks) if one.parent == binding.parent]
        assert deployments
        for deployment in deployments:
            assert gate(on_eks, deployment.inputs["metadata"]["namespace"]) == "enabled"
            spec = deployment.inputs["spec"]["template"]["spec"]
            waits = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
            assert waits > group.inputs["deregistrationDelay"]
            assert spec["terminationGracePeriodSeconds"] > waits


def test_12_pods_are_measured_by_the_addon_that_can_on_fargate(on_eks: Recorder) -> None:
    # kubernetes-sigs/metrics-server#1271, #1422
    metrics = addon(on_eks, "metrics-server")
    assert on_eks.depends(metrics, system_profile(on_eks))
    assert "metrics-server" not in {found.inputs["chart"] for found in on_eks.of(RELEASE)}
    for scaler in on_eks.of("kubernetes:autoscaling/v2:HorizontalPodAutoscaler"):
        assert on_eks.depends(scaler, metrics)


def test_13_each_workload_has_a_role_in_the_way_that_fargate_supports(on_eks: Recorder) -> None:
    # aws/containers-roadmap#2274; that others don't add Pod Identity is the pack's rule
    # eks-no-pod-identity.
    assert not on_eks.of("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    accounts = {
        (found.inputs["metadata"]["namespace"], found.inputs["metadata"]["name"]): found
        for found in on_eks.of("kubernetes:core/v1:ServiceAccount")
    }
    roles = []
    for workload in workloads(on_eks):
        spec = template(workload)["spec"]
        account = accounts[workload.inputs["metadata"]["namespace"], spec["serviceAccountName"]]
        roles.append(account.inputs["metadata"]["annotations"]["eks.amazonaws.com/role-arn"])
        assert on_eks.depends(workload, account)
    assert roles


def test_14_no_job_fails_silently(on_eks: Recorder) -> None:
    # aws/containers-roadmap#1705; those on ECS are in test_pain_points.py
    for job in on_eks.of("kubernetes:batch/v1:CronJob"):
        name = job.inputs["metadata"]["name"]
        assert "backoffLimit" in job.inputs["spec"]["jobTemplate"]["spec"]
        counted = on_eks.one("aws:cloudwatch/logMetricFilter:LogMetricFilter", f"{name}-failed")
        metric = counted.inputs["metricTransformation"]
        alarm = on_eks.one("aws:cloudwatch/metricAlarm:MetricAlarm", f"{name}-failed-alarm").inputs
        assert (alarm["namespace"], alarm["metricName"]) == (metric["namespace"], metric["name"])
        (topic,) = alarm["alarmActions"]
        assert ":sns:" in topic
