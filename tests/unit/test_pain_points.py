"""What users of other tools for containers on Fargate suffer from, a test for each, by threads.

Tests of the parts go deeper; these hold the whole page, deployed from stack files, to each point.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

import pulumi
import pytest

from reports.cost.sizes import Size, pod_size
from tests.unit.support.cloud import CLOUD, service_of
from tests.unit.support.documents import containers
from tests.unit.support.engine import UNKNOWN, Recorder, Registration
from tests.unit.support.programs import EVERY_STACK, page, platform, read_stack

SERVICE = "aws:ecs/service:Service"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
RULE = "aws:lb/listenerRule:ListenerRule"
ADDON = "aws:eks/addon:Addon"
BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
PROFILE = "aws:eks/fargateProfile:FargateProfile"
RELEASE = "kubernetes:helm.sh/v3:Release"
WORKLOADS = ("kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet")
SMALLEST = Size(Decimal("0.25"), Decimal("0.5"))


@pytest.fixture(params=EVERY_STACK)
def stack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def run(stack: str) -> Recorder:
    return platform(stack, preview=False)


def named(run: Recorder, stack: str) -> Iterator[tuple[Registration, dict[str, Any]]]:
    """Yield each ECS service with its settings as the stack file gives them."""
    given = read_stack(stack)["services"]
    for service in run.of(SERVICE):
        yield service, given[service.inputs["name"]]


def test_1_a_rolled_back_deployment_is_not_a_success() -> None:
    # pulumi/pulumi-awsx#1848, pulumi/pulumi-aws#4487, hashicorp/terraform-provider-aws#19519

    def answer(function: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        if function == "aws:ecs/getService:getService":
            return service_of("task-definition/before:1")
        return CLOUD.lookup(function, arguments)

    with pytest.raises(pulumi.RunError, match="was rolled back"):
        page(read_stack("dev"), preview=False, answers=replace(CLOUD, lookup=answer))


def test_2_a_deployment_does_not_hang(run: Recorder) -> None:
    # aws/containers-roadmap#328, #1573, aws/aws-cdk#30728
    for service in run.of(SERVICE):
        assert service.inputs["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
        assert all(service.timeouts)
        grace = service.inputs.get("healthCheckGracePeriodSeconds", 0)
        assert (grace >= 60) is bool(service.inputs.get("loadBalancers"))


def test_3_desired_count_is_left_to_automatic_scaling_and_to_it_alone(
    run: Recorder, stack: str
) -> None:
    # pulumi/pulumi-awsx#504, #689, pulumi/pulumi-aws#6264
    for service, given in named(run, stack):
        fixed = "count" in given.get("scaling", {})
        assert service.ignore_changes == (() if fixed else ("desiredCount",))


def test_4_a_task_definition_does_not_churn(run: Recorder) -> None:
    # pulumi/pulumi-awsx#617, pulumi/pulumi-aws#4576, #1738, #1982
    for definition in run.of(TASK):
        text = definition.inputs["containerDefinitions"]
        found = json.loads(text)
        assert text == json.dumps(found, sort_keys=True)
        assert [one["name"] for one in found] == sorted(one["name"] for one in found)
        assert definition.inputs["trackLatest"] is True
        assert definition.inputs["family"]
        for container in found:
            variables = [entry["name"] for entry in container["environment"]]
            assert variables == sorted(variables)
            assert all("hostPort" in port for port in container["portMappings"])
            assert {"mountPoints", "systemControls", "volumesFrom"} <= set(container)


def test_5_a_target_group_can_be_replaced(run: Recorder) -> None:
    # pulumi/pulumi-aws#4220, #4226
    for group in run.of(TARGET_GROUP):
        assert "name" not in group.inputs
        assert len(group.name) + len("-1234567") <= 32
    for service in run.of(SERVICE):
        rules = [rule for rule in run.of(RULE) if rule.parent == service.parent]
        assert all(run.depends(service, rule) for rule in rules)


def test_6_weights_are_ecss_own_where_it_shifts_requests_and_nowhere_else(run: Recorder) -> None:
    # terraform-aws-modules/terraform-aws-alb#409
    for rule in run.of(RULE):
        groups = [group for group in run.of(TARGET_GROUP) if group.parent == rule.parent]
        assert rule.ignore_changes == (("actions",) if len(groups) > 1 else ())


def test_7_a_capacity_provider_goes_after_the_services_that_use_it(run: Recorder) -> None:
    # aws/aws-cdk#15366, hashicorp/terraform-provider-aws#11409
    for service in run.of(SERVICE):
        attached = run.one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders")
        assert attached.urn in service.dependencies
        routes = {route.urn for route in run.of("aws:ec2/route:Route")}
        assert routes <= service.dependencies


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
    for service in of_services(on_eks):
        assert group.urn in service.sources["spec"]
        assert service.inputs["spec"]["template"]["metadata"]["annotations"]["fargate/logging"]


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
        spec = workload.inputs["spec"]["template"]["spec"]
        account = accounts[workload.inputs["metadata"]["namespace"], spec["serviceAccountName"]]
        roles.append(account.inputs["metadata"]["annotations"]["eks.amazonaws.com/role-arn"])
        assert on_eks.depends(workload, account)
    assert roles


def test_15_no_resource_hides_inside_an_apply(stack: str) -> None:
    # pulumi/pulumi-awsx#1144, #1204, #1372, pulumi/pulumi-eks#598
    known, first = (platform(stack, preview=preview) for preview in (False, True))
    assert {r.urn for r in known.registrations} == {r.urn for r in first.registrations}


def test_the_capacity_of_a_shared_load_balancer_is_checked_before_aws_does() -> None:
    # aws/aws-cdk#15894: rules and target groups of all services of one load balancer
    from components.settings import Settings, SettingsError  # noqa: PLC0415 - for this test only

    services = {
        f"s{number}": {"image": "nginx:1", "port": 8080, "route": {"path": f"/{number}"}}
        for number in range(101)
    }
    balancer = {"allowedCidrs": ["203.0.113.0/24"]}
    with pytest.raises(SettingsError, match="a load balancer holds 100"):
        Settings.parse({"loadBalancer": balancer, "services": services})


def test_an_image_in_a_private_registry_can_be_pulled(run: Recorder) -> None:
    # aws/amazon-ecs-agent#2235
    policies = {
        policy.name: policy.inputs["policy"] for policy in run.of("aws:iam/rolePolicy:RolePolicy")
    }
    for definition in run.of(TASK):
        name = definition.name.removesuffix("-task")
        for container in containers(run, definition.name):
            if ".dkr.ecr." in container["image"]:
                repository = container["image"].partition("/")[2].partition(":")[0]
                assert f"repository/{repository}" in policies[f"{name}-execution-policy"]


def test_a_new_version_of_a_secret_starts_new_tasks(run: Recorder, stack: str) -> None:
    # aws/containers-roadmap#495
    for service, given in named(run, stack):
        versions = {key for key in service.inputs["triggers"] if key.startswith("secret ")}
        assert versions == {f"secret {variable}" for variable in given.get("secrets", {})}


def test_an_image_that_is_built_here_starts_fast(run: Recorder) -> None:
    # aws/containers-roadmap#696
    for image in run.of("docker-build:index:Image"):
        (export,) = image.inputs["exports"]
        assert export["registry"]["compression"] == "zstd"
        assert UNKNOWN not in json.dumps(image.inputs["tags"])
