"""Names, tags, ids, outputs and replacements of AWS resources."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import types
import typing
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from sandbox.standins.aws import sdk
from sandbox.standins.aws.catalogue import KINDS
from sandbox.standins.wire import UNKNOWN, has_unknown
from tests.sandbox.standins import cases

if TYPE_CHECKING:
    from sandbox.standins.record import Record
    from tests.sandbox.standins.conftest import Client

HEX17 = r"0[0-9a-f]{16}"
ARN = r"arn:aws:{}:us-east-1:123456789012:"
LB_ARN = ARN.format("elasticloadbalancing")
BALANCER = (
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/0123456789abcdef"
)
LISTENER = BALANCER.replace("loadbalancer/", "listener/") + "/fedcba9876543210"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}"
TRUST = '{"Version":"2012-10-17","Statement":[]}'
CONTAINERS = '[{"name":"web","image":"nginx"}]'
PATH_RULE = {
    "listenerArn": LISTENER,
    "priority": 1,
    "actions": [{"type": "forward", "targetGroupArn": "arn:x"}],
    "conditions": [{"pathPattern": {"values": ["/*"]}}],
}

# Type: inputs that AWS accepts, the id's form, the ARN's form (empty for a type without).
GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    **cases.GOOD,
    "aws:ec2/vpc:Vpc": (
        {"cidrBlock": "10.0.0.0/16"}, f"vpc-{HEX17}", ARN.format("ec2") + "vpc/vpc-.*",
    ),
    "aws:ec2/subnet:Subnet": (
        {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24", "availabilityZone": "us-east-1a"},
        f"subnet-{HEX17}",
        ARN.format("ec2") + "subnet/subnet-.*",
    ),
    "aws:ec2/routeTable:RouteTable": (
        {"vpcId": "vpc-1"}, f"rtb-{HEX17}", ARN.format("ec2") + "route-table/rtb-.*",
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": (
        {"routeTableId": "rtb-1", "subnetId": "subnet-1"}, f"rtbassoc-{HEX17}", "",
    ),
    "aws:ec2/route:Route": (
        {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"},
        r"r-rtb-1\d+", "",
    ),
    "aws:ec2/internetGateway:InternetGateway": (
        {"vpcId": "vpc-1"}, f"igw-{HEX17}", ARN.format("ec2") + "internet-gateway/igw-.*",
    ),
    "aws:ec2/natGateway:NatGateway": (
        {"subnetId": "subnet-1", "allocationId": "eipalloc-1"}, f"nat-{HEX17}", "",
    ),
    "aws:ec2/eip:Eip": (
        {"domain": "vpc"}, f"eipalloc-{HEX17}", ARN.format("ec2") + "elastic-ip/eipalloc-.*",
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": (
        {"vpcId": "vpc-1", "serviceName": "com.amazonaws.us-east-1.s3"},
        f"vpce-{HEX17}", ARN.format("ec2") + "vpc-endpoint/vpce-.*",
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": (
        {"vpcId": "vpc-1",
         "ingress": [{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}],
         "egress": [{"protocol": "icmp", "fromPort": -1, "toPort": -1,
                     "cidrBlocks": ["10.0.0.0/8"]}]},
        f"sg-{HEX17}", ARN.format("ec2") + "security-group/sg-.*",
    ),
    "aws:ec2/flowLog:FlowLog": (
        {"vpcId": "vpc-1", "trafficType": "ALL", "logDestination": "arn:x", "iamRoleArn": "arn:y"},
        f"fl-{HEX17}", ARN.format("ec2") + "vpc-flow-log/fl-.*",
    ),
    "aws:ec2/securityGroup:SecurityGroup": (
        {"vpcId": "vpc-1", "description": "tasks of web"},
        f"sg-{HEX17}", ARN.format("ec2") + "security-group/sg-.*",
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        {"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 80, "toPort": 80,
         "referencedSecurityGroupId": "sg-2"},
        f"sgr-{HEX17}", ARN.format("ec2") + "security-group-rule/sgr-.*",
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (
        {"securityGroupId": "sg-1", "ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"},
        f"sgr-{HEX17}", ARN.format("ec2") + "security-group-rule/sgr-.*",
    ),
    "aws:cloudwatch/logGroup:LogGroup": (
        {"name": "/ecs/web", "retentionInDays": 14}, "/ecs/web",
        ARN.format("logs") + "log-group:/ecs/web",
    ),
    "aws:iam/role:Role": (
        {"name": "web", "assumeRolePolicy": TRUST}, "web", "arn:aws:iam::123456789012:role/web",
    ),
    "aws:iam/rolePolicy:RolePolicy": (
        {"name": "queue", "role": "web", "policy": TRUST}, "web:queue", "",
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (
        {"role": "web", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        "web/arn:aws:iam::aws:policy/ReadOnlyAccess", "",
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": (
        {"url": "https://oidc.eks.us-east-1.amazonaws.com/id/ABC",
         "clientIdLists": ["sts.amazonaws.com"]},
        "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/ABC",
        "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/ABC",
    ),
    "aws:kms/key:Key": (
        {"description": "logs", "enableKeyRotation": True, "deletionWindowInDays": 30},
        UUID, ARN.format("kms") + "key/" + UUID,
    ),
    "aws:kms/alias:Alias": (
        {"name": "alias/logs", "targetKeyId": "1"}, "alias/logs", ARN.format("kms") + "alias/logs",
    ),
    "aws:sqs/queue:Queue": (
        {"name": "orders", "visibilityTimeoutSeconds": 60},
        "https://sqs.us-east-1.amazonaws.com/123456789012/orders", ARN.format("sqs") + "orders",
    ),
    "aws:sqs/queuePolicy:QueuePolicy": (
        {"queueUrl": "https://sqs/orders", "policy": TRUST}, "https://sqs/orders", "",
    ),
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": (
        {"queueUrl": "https://sqs/orders", "redriveAllowPolicy": '{"redrivePermission":"denyAll"}'},
        "https://sqs/orders", "",
    ),
    "aws:lb/loadBalancer:LoadBalancer": (
        {"name": "web", "subnets": ["subnet-1", "subnet-2"]},
        LB_ARN + "loadbalancer/app/web/[0-9a-f]{16}", LB_ARN + "loadbalancer/app/web/[0-9a-f]{16}",
    ),
    "aws:lb/listener:Listener": (
        {"loadBalancerArn": BALANCER, "port": 80, "protocol": "HTTP",
         "defaultActions": [{"type": "fixed-response", "fixedResponse":
                             {"contentType": "text/plain", "statusCode": "404"}}]},
        LB_ARN + "listener/app/web/[0-9a-f]{16}/[0-9a-f]{16}",
        LB_ARN + "listener/app/web/[0-9a-f]{16}/[0-9a-f]{16}",
    ),
    "aws:lb/listenerRule:ListenerRule": (
        PATH_RULE,
        LB_ARN + "listener-rule/app/web/[0-9a-f]{16}/[0-9a-f]{16}/[0-9a-f]{16}",
        LB_ARN + "listener-rule/app/web/[0-9a-f]{16}/[0-9a-f]{16}/[0-9a-f]{16}",
    ),
    "aws:lb/targetGroup:TargetGroup": (
        {"name": "web", "port": 80, "protocol": "HTTP", "targetType": "ip", "vpcId": "vpc-1",
         "healthCheck": {"path": "/", "interval": 30, "timeout": 5, "matcher": "200-399"}},
        LB_ARN + "targetgroup/web/[0-9a-f]{16}", LB_ARN + "targetgroup/web/[0-9a-f]{16}",
    ),
    "aws:ecs/cluster:Cluster": (
        {"name": "main", "settings": [{"name": "containerInsights", "value": "enabled"}]},
        ARN.format("ecs") + "cluster/main", ARN.format("ecs") + "cluster/main",
    ),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": (
        {"clusterName": "main", "capacityProviders": ["FARGATE", "FARGATE_SPOT"]}, "main", "",
    ),
    "aws:ecs/taskDefinition:TaskDefinition": (
        {"family": "web", "cpu": "256", "memory": "512", "networkMode": "awsvpc",
         "requiresCompatibilities": ["FARGATE"], "containerDefinitions": CONTAINERS},
        "web", ARN.format("ecs") + "task-definition/web:1",
    ),
    "aws:ecs/service:Service": (
        {"name": "web", "cluster": ARN.format("ecs") + "cluster/main", "launchType": "FARGATE",
         "networkConfiguration": {"subnets": ["subnet-1"], "assignPublicIp": False},
         "deploymentCircuitBreaker": {"enable": True, "rollback": True}},
        ARN.format("ecs") + "service/main/web", ARN.format("ecs") + "service/main/web",
    ),
    "aws:servicediscovery/httpNamespace:HttpNamespace": (
        {"name": "main"}, "ns-[0-9a-f]{16}", ARN.format("servicediscovery") + "namespace/ns-.*",
    ),
    "aws:appautoscaling/target:Target": (
        {"resourceId": "service/main/web", "scalableDimension": "ecs:service:DesiredCount",
         "serviceNamespace": "ecs", "minCapacity": 1, "maxCapacity": 4},
        "service/main/web", ARN.format("application-autoscaling") + "scalable-target/[0-9a-f]{32}",
    ),
    "aws:appautoscaling/policy:Policy": (
        {"name": "cpu", "resourceId": "service/main/web", "policyType": "TargetTrackingScaling",
         "scalableDimension": "ecs:service:DesiredCount", "serviceNamespace": "ecs",
         "targetTrackingScalingPolicyConfiguration": {
             "targetValue": 60,
             "predefinedMetricSpecification":
                 {"predefinedMetricType": "ECSServiceAverageCPUUtilization"},
         }},
        "cpu", ARN.format("autoscaling") + f"scalingPolicy:{UUID}:resource/ecs/service/main/web"
        ":policyName/cpu",
    ),
    "aws:eks/cluster:Cluster": (
        {"name": "main", "roleArn": "arn:aws:iam::123456789012:role/eks", "version": "1.34",
         "vpcConfig": {"subnetIds": ["subnet-1", "subnet-2"], "endpointPrivateAccess": True},
         "accessConfig": {"authenticationMode": "API"}, "enabledClusterLogTypes": ["api", "audit"]},
        "main", ARN.format("eks") + "cluster/main",
    ),
    "aws:eks/accessEntry:AccessEntry": (
        {"clusterName": "main", "principalArn": "arn:aws:iam::123456789012:role/Admin"},
        "main:arn:aws:iam::123456789012:role/Admin", "",
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (
        {"clusterName": "main", "principalArn": "arn:p",
         "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
         "accessScope": {"type": "namespace", "namespaces": ["apps"]}},
        "main#arn:p#arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy", "",
    ),
    "aws:eks/fargateProfile:FargateProfile": (
        {"clusterName": "main", "fargateProfileName": "apps", "selectors": [{"namespace": "apps"}],
         "podExecutionRoleArn": "arn:aws:iam::123456789012:role/pods", "subnetIds": ["subnet-1"]},
        "main:apps", ARN.format("eks") + "fargateprofile/main/apps/" + UUID,
    ),
    "aws:eks/addon:Addon": (
        {"clusterName": "main", "addonName": "coredns", "resolveConflictsOnCreate": "OVERWRITE",
         "configurationValues": '{"computeType":"Fargate"}'},
        "main:coredns", ARN.format("eks") + "addon/main/coredns/" + UUID,
    ),
}  # fmt: skip


def urn(type_: str, name: str = "web") -> str:
    return f"urn:pulumi:dev::p::{type_}::{name}"


def test_every_listed_type_has_a_case() -> None:
    assert set(GOOD) == set(KINDS)


@pytest.mark.parametrize("type_", GOOD)
def test_what_aws_accepts_is_accepted_and_gets_ids_in_aws_format(type_: str, aws: Client) -> None:
    inputs, id_form, arn_form = GOOD[type_]
    id_, state, checked = aws.deploy(urn(type_), **inputs)
    assert re.fullmatch(id_form, id_)
    if arn_form:
        assert re.fullmatch(arn_form, state["arn"])
    assert not has_unknown(state)
    assert set(sdk.schema(type_).computed) <= set(state)
    assert aws.diff(urn(type_), checked, aws.check(urn(type_), inputs, checked)[0]).changes == (
        aws.diff(urn(type_), checked, checked).DIFF_NONE
    )


@pytest.mark.parametrize("type_", GOOD)
def test_a_preview_knows_the_inputs_and_nothing_that_aws_computes(type_: str, aws: Client) -> None:
    inputs, _ = aws.check(urn(type_), GOOD[type_][0])
    _, state = aws.create(urn(type_), inputs, preview=True)
    computed = set(sdk.schema(type_).computed) - set(inputs) - {"region", "tagsAll"}
    assert all(has_unknown(state[key]) for key in computed)
    plain = {k: v for k, v in inputs.items() if k != "__defaults" and not isinstance(v, dict)}
    assert {key: state[key] for key in plain} == plain


def _optional_properties(class_: type) -> dict[str, bool]:
    """Wire name of each property of a class of the SDK, and whether its value is optional."""
    properties = inspect.getmembers_static(class_, lambda member: isinstance(member, property))
    getters = [p.fget for _, p in properties if p.fget.__module__.startswith("pulumi_aws")]
    return {
        getattr(g, "_pulumi_name", g.__name__): _optional(g.__annotations__["return"])
        for g in getters
    }


def _optional(annotation: object) -> bool:
    if typing.get_origin(annotation) is pulumi.Output:
        annotation = typing.get_args(annotation)[0]
    return types.NoneType in typing.get_args(annotation)


@pytest.mark.parametrize("type_", [*GOOD, "aws:kinesis/stream:Stream"])
def test_the_schema_read_from_the_text_is_that_of_the_imported_classes(type_: str) -> None:
    _, module, _, class_ = re.split("[:/]", type_)
    imported = importlib.import_module(f"pulumi_aws.{sdk.package_module(module)}")
    # Where a property of another type has the name already, the SDK calls the inputs so.
    inputs = f"{class_}InitArgs" if hasattr(imported, f"{class_}InitArgs") else f"{class_}Args"
    for read, name in (
        (sdk.schema(type_).outputs, class_),
        (sdk.schema(type_).inputs, inputs),
    ):
        optional = {key: hint.startswith("Optional[") for key, hint in read.items()}
        assert optional == _optional_properties(getattr(imported, name))


def test_a_name_is_made_up_once_as_the_real_provider_does(aws: Client) -> None:
    given = {"port": 80, "protocol": "HTTP", "vpcId": "vpc-1"}
    type_ = urn("aws:lb/targetGroup:TargetGroup")
    first, _ = aws.check(type_, given)
    assert re.fullmatch(r"web-[0-9a-f]{7}", first["name"])
    assert "name" in first["__defaults"]
    assert aws.check(type_, given, first, seed=b"other")[0]["name"] == first["name"]
    assert aws.check(type_, given, seed=b"other")[0]["name"] != first["name"]
    assert aws.check(type_, given)[0]["name"] == first["name"]


def test_a_made_up_name_too_long_for_its_type_says_how_long_it_may_be(aws: Client) -> None:
    long = "a" * 25
    given = {"port": 80, "protocol": "HTTP", "vpcId": "vpc-1"}
    _, failures = aws.check(urn("aws:lb/targetGroup:TargetGroup", long), given)
    assert any("longer than 32" in f and "at most 24 characters" in f for f in failures)
    assert aws.check(urn("aws:lb/targetGroup:TargetGroup", "a" * 24), given)[1] == []


def test_a_type_that_the_real_provider_does_not_name_is_not_named(aws: Client) -> None:
    inputs, _ = aws.check(urn("aws:ec2/vpc:Vpc"), {"cidrBlock": "10.0.0.0/16"})
    assert "name" not in inputs


def test_a_name_prefix_takes_the_place_of_the_logical_name(aws: Client) -> None:
    inputs, _ = aws.check(
        urn("aws:iam/role:Role"), {"namePrefix": "team-", "assumeRolePolicy": TRUST}
    )
    assert inputs["name"].startswith("team-")


def test_default_tags_are_merged_and_the_resources_own_win(aws: Client) -> None:
    aws.configure(region="us-east-1", defaultTags=json.dumps({"tags": {"a": "1", "b": "1"}}))
    inputs, _ = aws.check(urn("aws:sqs/queue:Queue"), {"name": "q", "tags": {"b": "2"}})
    assert inputs["tags"] == {"a": "1", "b": "2"}
    _, state = aws.create(urn("aws:sqs/queue:Queue"), inputs, preview=True)
    assert state["tagsAll"] == {"a": "1", "b": "2"}
    unknown, _ = aws.check(urn("aws:sqs/queue:Queue"), {"name": "q", "tags": UNKNOWN})
    assert unknown["tags"] == UNKNOWN
    rule, _ = aws.check(urn("aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
                        {"role": "a", "policyArn": "arn:aws:iam::aws:policy/X"})  # fmt: skip
    assert "tags" not in rule


def test_a_task_definitions_revisions_count_up_and_never_come_back(
    aws: Client, record: Record
) -> None:
    type_ = "aws:ecs/taskDefinition:TaskDefinition"
    given = GOOD[type_][0]
    id_, first, _ = aws.deploy(urn(type_), **given)
    _, second, _ = aws.deploy(urn(type_), **{**given, "cpu": "512", "memory": "1024"})
    assert (first["revision"], second["revision"]) == (1, 2)
    assert second["arn"].endswith(":task-definition/web:2")
    aws.delete(urn(type_), id_, first)
    assert [entry.name for entry in record.entries()] == ["web:2"]
    aws.delete(urn(type_), id_, second)
    assert record.entries() == []
    assert aws.deploy(urn(type_), **given)[1]["revision"] == 3


def test_a_clusters_nested_outputs_are_completed_beside_the_given_ones(aws: Client) -> None:
    type_ = "aws:eks/cluster:Cluster"
    id_, state, inputs = aws.deploy(urn(type_), **GOOD[type_][0])
    assert re.fullmatch(f"sg-{HEX17}", state["vpcConfig"]["clusterSecurityGroupId"])
    assert state["vpcConfig"]["subnetIds"] == ["subnet-1", "subnet-2"]
    assert state["identities"][0]["oidcs"][0]["issuer"].startswith(
        "https://oidc.eks.us-east-1.amazonaws.com/id/"
    )
    assert state["certificateAuthority"]["data"]
    _, preview = aws.create(urn(type_), inputs, preview=True)
    assert preview["vpcConfig"]["clusterSecurityGroupId"] == UNKNOWN
    assert preview["vpcConfig"]["subnetIds"] == ["subnet-1", "subnet-2"]
    updated = aws.update(urn(type_), id_, state, {**inputs, "version": "1.35"})
    assert updated == {**state, "version": "1.35"}


def test_an_update_keeps_what_was_computed_but_for_what_follows_the_inputs(aws: Client) -> None:
    type_ = urn("aws:kms/alias:Alias")
    id_, state, inputs = aws.deploy(type_, name="alias/logs", targetKeyId="1")
    old = {**state, "arn": "arn:as-it-was"}
    updated = aws.update(type_, id_, old, {**inputs, "targetKeyId": "2"})
    assert updated["arn"] == "arn:as-it-was"
    assert updated["targetKeyArn"].endswith(":key/2")
    preview = aws.update(type_, id_, old, {**inputs, "targetKeyId": UNKNOWN}, preview=True)
    assert (preview["arn"], preview["targetKeyArn"]) == ("arn:as-it-was", UNKNOWN)


def test_the_default_group_is_the_one_that_came_with_the_vpc(aws: Client) -> None:
    vpc_id, vpc, _ = aws.deploy(urn("aws:ec2/vpc:Vpc"), cidrBlock="10.0.0.0/16")
    group, _, _ = aws.deploy(urn("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"), vpcId=vpc_id)
    assert group == vpc["defaultSecurityGroupId"]


# Type, property, new value, the properties that force a replacement, deleted first.
REPLACED: list[tuple[str, dict[str, Any], list[str], bool]] = [
    ("aws:iam/role:Role", {"name": "api"}, ["name"], False),
    ("aws:iam/role:Role", {"path": "/x/"}, ["path"], True),
    ("aws:ec2/securityGroup:SecurityGroup", {"description": "other"}, ["description"], False),
    ("aws:lb/targetGroup:TargetGroup", {"port": 81}, ["port"], True),
    ("aws:lb/targetGroup:TargetGroup", {"targetType": "instance"}, ["targetType"], True),
    ("aws:ecs/taskDefinition:TaskDefinition", {"cpu": "1024"}, ["cpu"], False),
    ("aws:eks/fargateProfile:FargateProfile", {"subnetIds": ["subnet-2"]}, ["subnetIds"], True),
    ("aws:eks/cluster:Cluster", {"roleArn": "arn:aws:iam::1:role/x"}, ["roleArn"], True),
    ("aws:sqs/queue:Queue", {"region": "eu-west-1"}, ["region"], True),
    ("aws:ecs/service:Service", {"launchType": "EC2"}, ["launchType"], True),
    ("aws:ec2/subnet:Subnet", {"availabilityZone": "us-east-1b"}, ["availabilityZone"], False),
]


@pytest.mark.parametrize("case", REPLACED, ids=lambda case: f"{case[0]}-{next(iter(case[1]))}")
def test_what_aws_cannot_change_is_replaced(
    case: tuple[str, dict[str, Any], list[str], bool], aws: Client
) -> None:
    type_, change, replaces, first = case
    olds, _ = aws.check(urn(type_), GOOD[type_][0])
    news, _ = aws.check(urn(type_), {**GOOD[type_][0], **change}, olds)
    response = aws.diff(urn(type_), olds, news)
    assert list(response.replaces) == replaces
    assert response.deleteBeforeReplace is first


UPDATED = [
    ("aws:iam/role:Role", {"description": "x"}),
    ("aws:lb/targetGroup:TargetGroup", {"deregistrationDelay": 10}),
    ("aws:ecs/taskDefinition:TaskDefinition", {"tags": {"a": "b"}}),
    ("aws:ecs/service:Service", {"desiredCount": 3}),
    ("aws:eks/cluster:Cluster", {"version": "1.35"}),
    ("aws:eks/fargateProfile:FargateProfile", {"tags": {"a": "b"}}),
    ("aws:lb/listenerRule:ListenerRule", {"priority": 2}),
]


@pytest.mark.parametrize(("type_", "change"), UPDATED)
def test_what_aws_can_change_is_updated(type_: str, change: dict[str, Any], aws: Client) -> None:
    olds, _ = aws.check(urn(type_), GOOD[type_][0])
    news, _ = aws.check(urn(type_), {**GOOD[type_][0], **change}, olds)
    response = aws.diff(urn(type_), olds, news)
    assert list(response.diffs) == list(change)
    assert list(response.replaces) == []


def test_a_made_up_name_needs_no_deletion_first(aws: Client) -> None:
    type_ = urn("aws:lb/targetGroup:TargetGroup")
    given = {"port": 80, "protocol": "HTTP", "vpcId": "vpc-1"}
    olds, _ = aws.check(type_, given)
    news, _ = aws.check(type_, {**given, "port": 81}, olds)
    assert aws.diff(type_, olds, news).deleteBeforeReplace is False


def test_ignored_changes_are_no_changes(aws: Client) -> None:
    type_ = urn("aws:ecs/service:Service")
    response = aws.diff(type_, {"desiredCount": 1}, {"desiredCount": 2}, ignore=("desiredCount",))
    assert response.changes == response.DIFF_NONE


def test_computed_outputs_do_not_look_changed(aws: Client) -> None:
    type_ = urn("aws:sqs/queue:Queue")
    _, state, inputs = aws.deploy(type_, name="orders")
    response = aws.diff(type_, inputs, inputs, state=state)
    assert response.changes == response.DIFF_NONE


def test_an_unknown_new_value_counts_as_changed_and_may_replace(aws: Client) -> None:
    type_ = urn("aws:ec2/securityGroup:SecurityGroup")
    olds = {"vpcId": "vpc-1", "name": "a"}
    assert list(aws.diff(type_, olds, {**olds, "vpcId": UNKNOWN}).replaces) == ["vpcId"]


def test_the_detailed_diff_names_paths_for_replace_on_changes(aws: Client) -> None:
    type_ = urn("aws:ecs/service:Service")
    olds = {"networkConfiguration": {"subnets": ["a", "b"]}}
    news = {"networkConfiguration": {"subnets": ["a", "c"]}}
    assert list(aws.diff(type_, olds, news).detailedDiff) == ["networkConfiguration.subnets[1]"]


def test_an_unlisted_type_of_the_sdk_works_too(aws: Client) -> None:
    type_ = "aws:kinesis/stream:Stream"
    id_, state, _ = aws.deploy(urn(type_), shardCount=1)
    assert re.fullmatch(r"web-[0-9a-f]{7}", id_)
    assert state["arn"].startswith("arn:aws:kinesis:us-east-1:123456789012:stream/web-")
