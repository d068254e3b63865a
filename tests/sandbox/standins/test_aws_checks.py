"""What AWS would refuse fails offline, naming the property, the limit, never the value."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.standins.aws import models, sdk
from sandbox.standins.aws.catalogue import KINDS
from sandbox.standins.wire import UNKNOWN
from tests.sandbox.standins import cases

if TYPE_CHECKING:
    from tests.sandbox.standins.conftest import Client


def containers(**extra: object) -> str:
    return json.dumps([{"name": "web", "image": "nginx", **extra}])


FARGATE = {
    "family": "web",
    "cpu": "256",
    "memory": "512",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "containerDefinitions": containers(),
}
TASK = "aws:ecs/taskDefinition:TaskDefinition"
SERVICE = "aws:ecs/service:Service"
GROUP = "aws:lb/targetGroup:TargetGroup"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
LISTENER = "aws:lb/listener:Listener"
RULE = "aws:lb/listenerRule:ListenerRule"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
HTTP = {"protocol": "tcp", "fromPort": 80, "toPort": 80, "cidrBlocks": ["10.0.0.0/8"]}
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
QUEUE = "aws:sqs/queue:Queue"
CLUSTER = "aws:eks/cluster:Cluster"
ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
PROFILE = "aws:eks/fargateProfile:FargateProfile"
SCALING = "aws:appautoscaling/policy:Policy"

# Type, inputs that AWS refuses, what the message says.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    *cases.REFUSED,
    ("aws:ec2/vpc:Vpc", {"instanceTenancy": "shared"}, "instanceTenancy: must be one of default"),
    ("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/8"}, "cidrBlock: must be an IPv4 network from /16"),
    ("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.1/16"}, "with no host bits set"),
    ("aws:ec2/vpc:Vpc", {"tags": {"aws:x": "y"}}, "tags, the key 'aws:x'"),
    ("aws:ec2/vpc:Vpc", {"tags": {"x": "y" * 257}}, "tags.x: must be at most 256"),
    ("aws:ec2/vpc:Vpc", {"cidr": "10.0.0.0/16"}, "cidr: no such property"),
    ("aws:ec2/subnet:Subnet", {"vpcId": "v", "cidrBlock": "10.0.0.0/29"}, "/28"),
    ("aws:ec2/subnet:Subnet", {"vpcId": "v", "privateDnsHostnameTypeOnLaunch": "x"}, "ip-name"),
    ("aws:ec2/routeTable:RouteTable", {"vpcId": "v", "tags": {"": "x"}}, "tags, the key ''"),
    (
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        {"routeTableId": "r"},
        "exactly one of gatewayId, subnetId",
    ),
    ("aws:ec2/route:Route", {"routeTableId": "r", "destinationCidrBlock": "all"}, "IPv4 network"),
    ("aws:ec2/internetGateway:InternetGateway", {"tags": {"aws:a": ""}}, "tags, the key"),
    ("aws:ec2/natGateway:NatGateway", {"connectivityType": "open"}, "one of private, public"),
    ("aws:ec2/eip:Eip", {"domain": "ec2"}, "domain: must be one of vpc, standard"),
    (
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        {"vpcId": "v", "vpcEndpointType": "Any"},
        "vpcEndpointType: must be one of Interface, Gateway",
    ),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcId": "v", "policy": "{"}, "policy: must be JSON"),
    ("aws:ec2/flowLog:FlowLog", {"vpcId": "v", "trafficType": "SOME"}, "ACCEPT, REJECT, ALL"),
    ("aws:ec2/flowLog:FlowLog", {"vpcId": "v", "maxAggregationInterval": 90}, "one of 60, 600"),
    (
        "aws:ec2/securityGroup:SecurityGroup",
        {"description": "naïve"},
        "description: must be at most",
    ),
    ("aws:ec2/securityGroup:SecurityGroup", {"name": "sg-web"}, "not beginning with sg-"),
    (DEFAULT_GROUP, {"ingress": [{**HTTP, "toPort": 70000}]}, "ingress[0].toPort: must be 0 to"),
    (DEFAULT_GROUP, {"ingress": [HTTP, {**HTTP, "fromPort": 81}]}, "ingress[1].fromPort: must be"),
    (DEFAULT_GROUP, {"egress": [{**HTTP, "protocol": "all"}]}, "egress[0].protocol: must be -1,"),
    (DEFAULT_GROUP, {"egress": [{**HTTP, "protocol": "-1"}]}, "egress[0].fromPort: must be 0 when"),
    (
        DEFAULT_GROUP,
        {"egress": [{**HTTP, "cidrBlocks": ["me"]}]},
        "egress[0].cidrBlocks: must hold",
    ),
    (
        "aws:ec2/securityGroup:SecurityGroup",
        {"ingress": [{**HTTP, "description": "naïve"}]},
        "ingress[0].description: must be at most 255",
    ),
    (INGRESS, {"ipProtocol": "tcp", "cidrIpv4": "10.0.0.0/8"}, "fromPort: must be given for tcp"),
    (INGRESS, {"ipProtocol": "tpc", "cidrIpv4": "10.0.0.0/8"}, "ipProtocol: must be -1, tcp"),
    (INGRESS, {"ipProtocol": "-1", "fromPort": 1, "cidrIpv4": "10.0.0.0/8"}, "must be absent"),
    (INGRESS, {"ipProtocol": "-1"}, "exactly one of cidrIpv4, cidrIpv6, prefixListId"),
    (
        INGRESS,
        {"ipProtocol": "tcp", "fromPort": 90, "toPort": 80, "cidrIpv4": "0.0.0.0/0"},
        "fromPort: must be at most toPort",
    ),
    (
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        {"ipProtocol": "udp", "fromPort": 53, "toPort": 70000, "cidrIpv4": "0.0.0.0/0"},
        "toPort: must be 0 to 65535",
    ),
    ("aws:cloudwatch/logGroup:LogGroup", {"name": "a b"}, "name: must match"),
    ("aws:cloudwatch/logGroup:LogGroup", {"name": "a" * 513}, "1 to 512 characters; this has 513"),
    (
        "aws:cloudwatch/logGroup:LogGroup",
        {"retentionInDays": 13},
        "retentionInDays: must be one of",
    ),
    ("aws:cloudwatch/logGroup:LogGroup", {"logGroupClass": "CHEAP"}, "logGroupClass: must be one"),
    ("aws:iam/role:Role", {"name": "a" * 65, "assumeRolePolicy": "{}"}, "1 to 64 characters"),
    ("aws:iam/role:Role", {"name": "a b", "assumeRolePolicy": "{}"}, "name: must match"),
    ("aws:iam/role:Role", {"assumeRolePolicy": "nonsense"}, "assumeRolePolicy: must be JSON"),
    ("aws:iam/role:Role", {"assumeRolePolicy": "[]"}, "must be a JSON object"),
    (
        "aws:iam/role:Role",
        {"assumeRolePolicy": json.dumps({"a": "b" * 2048})},
        "assumeRolePolicy: must be at most 2048 characters",
    ),
    (
        "aws:iam/role:Role",
        {"assumeRolePolicy": "{}", "maxSessionDuration": 60},
        "maxSessionDuration: must be 3600 to 43200",
    ),
    ("aws:iam/rolePolicy:RolePolicy", {"role": "web", "policy": "{"}, "policy: must be JSON"),
    ("aws:iam/rolePolicy:RolePolicy", {"role": "a b", "policy": "{}"}, "role: must match"),
    (
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        {"role": "web", "policyArn": "short"},
        "policyArn: must be 20 to 2048 characters",
    ),
    (
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        {"url": "http://x", "clientIdLists": ["a"]},
        "url: must begin with https://",
    ),
    (
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        {"url": "https://x", "clientIdLists": ["a"], "thumbprintLists": ["abc"]},
        "thumbprintLists[0]: must be 40 to 40 characters",
    ),
    ("aws:kms/key:Key", {"keyUsage": "ANY"}, "keyUsage: must be one of SIGN_VERIFY"),
    ("aws:kms/key:Key", {"deletionWindowInDays": 3}, "deletionWindowInDays: must be 7 to 30 days"),
    ("aws:kms/key:Key", {"rotationPeriodInDays": 30}, "rotationPeriodInDays: must be 90 to 2560"),
    ("aws:kms/alias:Alias", {"name": "logs", "targetKeyId": "k"}, "name: must begin with alias/"),
    ("aws:kms/alias:Alias", {"name": "alias/a b", "targetKeyId": "k"}, "name: must match"),
    (QUEUE, {"name": "a.b"}, "name: must be 1 to 80 letters"),
    (QUEUE, {"name": "a", "fifoQueue": True}, "name: must end in .fifo"),
    (QUEUE, {"visibilityTimeoutSeconds": 43201}, "visibilityTimeoutSeconds: must be 0 to 43200"),
    (QUEUE, {"redrivePolicy": "x"}, "redrivePolicy: must be JSON"),
    ("aws:sqs/queuePolicy:QueuePolicy", {"queueUrl": "u", "policy": "x"}, "policy: must be JSON"),
    (
        "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
        {"queueUrl": "u", "redriveAllowPolicy": '{"redrivePermission":"all"}'},
        "redrivePermission must be one of allowAll, byQueue, denyAll",
    ),
    (BALANCER, {"name": "a" * 33}, "name: must be 1 to 32 letters"),
    (BALANCER, {"name": "-web"}, "no hyphen at an edge"),
    (BALANCER, {"name": "internal-web"}, "name: must not begin with internal-"),
    (BALANCER, {"loadBalancerType": "classic"}, "loadBalancerType: must be one of application"),
    (BALANCER, {"idleTimeout": 0}, "idleTimeout: must be 1 to 4000 seconds"),
    (BALANCER, {"subnets": ["a"]}, "subnets: must be at least two"),
    (LISTENER, {"port": 65536}, "port: must be 1 to 65535"),
    (LISTENER, {"protocol": "HTTPS"}, "certificateArn: must be given"),
    (LISTENER, {"protocol": "SPDY"}, "protocol: must be one of HTTP, HTTPS"),
    (LISTENER, {"defaultActions": [{"type": "drop"}]}, "defaultActions[0].type: must be one of"),
    (
        LISTENER,
        {"defaultActions": [{"type": "redirect", "redirect": {"statusCode": "HTTP_303"}}]},
        "defaultActions[0].redirect.statusCode: must be one of HTTP_301, HTTP_302",
    ),
    (RULE, {"priority": 50001}, "priority: must be 1 to 50000"),
    (
        RULE,
        {"conditions": [{"pathPattern": {"values": ["/*"] * 6}}]},
        "conditions: must hold at most 5 values",
    ),
    (GROUP, {"healthCheck": {"interval": 4}}, "healthCheck.interval: must be 5 to 300"),
    (GROUP, {"healthCheck": {"interval": 10, "timeout": 10}}, "healthCheck.timeout: must be less"),
    (GROUP, {"healthCheck": {"healthyThreshold": 1}}, "healthCheck.healthyThreshold: must be 2"),
    (GROUP, {"targetType": "host"}, "targetType: must be one of instance, ip, lambda"),
    (GROUP, {"deregistrationDelay": 3601}, "deregistrationDelay: must be 0 to 3600 seconds"),
    (GROUP, {"slowStart": 10}, "slowStart: must be 0 or 30 to 900"),
    ("aws:ecs/cluster:Cluster", {"name": "a.b"}, "name: must be 1 to 255 letters"),
    (
        "aws:ecs/cluster:Cluster",
        {"settings": [{"name": "insights", "value": "on"}]},
        "settings[0].name: must be one of containerInsights",
    ),
    (
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
        {
            "clusterName": "c",
            "defaultCapacityProviderStrategies": [{"capacityProvider": "FARGATE", "weight": 1001}],
        },
        "defaultCapacityProviderStrategies[0].weight: must be 0 to 1000",
    ),
    (
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
        {"clusterName": "c", "capacityProviders": ["p"] * 21},
        "capacityProviders: must hold at most 20",
    ),
    (TASK, {**FARGATE, "networkMode": "vpc"}, "networkMode: must be one of bridge, host, awsvpc"),
    (TASK, {**FARGATE, "networkMode": "bridge"}, "networkMode: must be awsvpc for Fargate"),
    (TASK, {**FARGATE, "memory": "600"}, "memory: must be one of 512, 1024, 2048 MiB for 256"),
    (TASK, {**FARGATE, "cpu": "300"}, "cpu: must be one of 256, 512, 1024"),
    (TASK, {**FARGATE, "cpu": None}, "cpu, memory: must both be given"),
    (TASK, {**FARGATE, "ephemeralStorage": {"sizeInGib": 20}}, "must be 21 to 200 GiB"),
    (TASK, {**FARGATE, "containerDefinitions": "{}"}, "must be a JSON array of containers"),
    (TASK, {**FARGATE, "containerDefinitions": "[]"}, "must hold 1 to 10 containers"),
    (TASK, {**FARGATE, "containerDefinitions": '[{"name":"a"}]'}, "[0].image: must be given"),
    (
        TASK,
        {**FARGATE, "containerDefinitions": containers(essential=False)},
        "at least one container must be essential",
    ),
    (
        TASK,
        {**FARGATE, "containerDefinitions": containers(privileged=True)},
        "containerDefinitions[0].privileged: is not supported on Fargate",
    ),
    (
        TASK,
        {**FARGATE, "containerDefinitions": containers(logConfiguration={"logDriver": "stdout"})},
        "containerDefinitions[0].logConfiguration.logDriver: must be one of",
    ),
    (
        TASK,
        {**FARGATE, "containerDefinitions": containers(logConfiguration={"logDriver": "awslogs"})},
        "options.awslogs-stream-prefix: must be given",
    ),
    (
        TASK,
        {
            **FARGATE,
            "containerDefinitions": containers(portMappings=[{"containerPort": 80, "hostPort": 8}]),
        },
        "portMappings[0].hostPort: must equal containerPort",
    ),
    (
        TASK,
        {
            **FARGATE,
            "containerDefinitions": containers(portMappings=[{"protocol": "sctp"}]),
        },
        "containerDefinitions[0].portMappings[0].protocol: must be one of tcp, udp",
    ),
    (
        TASK,
        {**FARGATE, "containerDefinitions": containers(healthCheck={"command": [], "interval": 1})},
        "healthCheck.interval: must be 5 to 300",
    ),
    (SERVICE, {"name": "a b"}, "name: must be 1 to 255 letters"),
    (SERVICE, {"launchType": "LAMBDA"}, "launchType: must be one of EC2, FARGATE"),
    (SERVICE, {"propagateTags": "ALWAYS"}, "propagateTags: must be one of"),
    (
        SERVICE,
        {"networkConfiguration": {"subnets": ["s"] * 17}},
        "networkConfiguration.subnets: must hold at most 16",
    ),
    (
        SERVICE,
        {"networkConfiguration": {"securityGroups": ["s"] * 6}},
        "networkConfiguration.securityGroups: must hold at most 5",
    ),
    (
        SERVICE,
        {"launchType": "FARGATE", "capacityProviderStrategies": [{"capacityProvider": "FARGATE"}]},
        "can't be given together with launchType",
    ),
    (
        SERVICE,
        {"launchType": "FARGATE", "schedulingStrategy": "DAEMON"},
        "schedulingStrategy: must be REPLICA on Fargate",
    ),
    (
        SERVICE,
        {
            "capacityProviderStrategies": [
                {"capacityProvider": "FARGATE", "base": 1},
                {"capacityProvider": "FARGATE_SPOT", "base": 1},
            ]
        },
        "only one capacity provider may have a base",
    ),
    (
        "aws:servicediscovery/httpNamespace:HttpNamespace",
        {"name": "a b"},
        "name: must match",
    ),
    (
        "aws:appautoscaling/target:Target",
        {"serviceNamespace": "ecs", "resourceId": "main/web"},
        "resourceId: must be service/CLUSTER/SERVICE",
    ),
    (
        "aws:appautoscaling/target:Target",
        {"scalableDimension": "ecs:service:Count"},
        "scalableDimension: must be one of",
    ),
    (
        "aws:appautoscaling/target:Target",
        {"minCapacity": 3, "maxCapacity": 2},
        "minCapacity: must be at most maxCapacity",
    ),
    (SCALING, {"policyType": "Magic"}, "policyType: must be one of StepScaling"),
    (
        SCALING,
        {
            "targetTrackingScalingPolicyConfiguration": {
                "predefinedMetricSpecification": {"predefinedMetricType": "CPU"}
            }
        },
        "predefinedMetricSpecification.predefinedMetricType: must be one of",
    ),
    (CLUSTER, {"name": "a.b"}, "name: must match"),
    (CLUSTER, {"version": "latest"}, "version: must be a Kubernetes minor version"),
    (CLUSTER, {"enabledClusterLogTypes": ["all"]}, "enabledClusterLogTypes[0]: must be one of api"),
    (CLUSTER, {"accessConfig": {"authenticationMode": "IAM"}}, "accessConfig.authenticationMode"),
    (CLUSTER, {"vpcConfig": {"subnetIds": ["a"]}}, "vpcConfig.subnetIds: must hold at least two"),
    (
        CLUSTER,
        {"vpcConfig": {"subnetIds": ["a", "b"], "publicAccessCidrs": ["me"]}},
        "vpcConfig.publicAccessCidrs: must hold IPv4 networks only",
    ),
    (
        CLUSTER,
        {"upgradePolicy": {"supportType": "FOREVER"}},
        "upgradePolicy.supportType: must be one of STANDARD, EXTENDED",
    ),
    ("aws:eks/accessEntry:AccessEntry", {"type": "ROOT"}, "type: must be one of STANDARD"),
    (
        ASSOCIATION,
        {"accessScope": {"type": "everything"}},
        "accessScope.type: must be one of cluster, namespace",
    ),
    (ASSOCIATION, {"accessScope": {"type": "namespace"}}, "namespaces: must be given with"),
    (
        ASSOCIATION,
        {"accessScope": {"type": "cluster", "namespaces": ["apps"]}},
        "accessScope.namespaces: must not be given with the type cluster",
    ),
    (ASSOCIATION, {"policyArn": "arn:aws:iam::aws:policy/View"}, "an access policy of EKS"),
    (PROFILE, {"fargateProfileName": "eks-apps"}, "not begin with eks-"),
    (
        PROFILE,
        {"selectors": [{"namespace": "a", "labels": dict.fromkeys("abcdef", "x")}]},
        "selectors[0].labels: must be at most 5",
    ),
    (
        PROFILE,
        {"selectors": [{"namespace": "a", "labels": {"k" * 128: "x"}}]},
        "keys must be at most 127 characters",
    ),
    (PROFILE, {"selectors": [{"namespace": "a"}] * 6}, "selectors: must be 1 to 5"),
    (PROFILE, {"selectors": [{"labels": {"a": "b"}}]}, "selectors[0].namespace: must be given"),
    (
        PROFILE,
        {"podExecutionRoleArn": "arn:aws:iam::123456789012:role/team/pods"},
        "podExecutionRoleArn: must be the ARN of a role with the path /",
    ),
    (
        "aws:eks/addon:Addon",
        {"addonName": "coredns", "resolveConflictsOnCreate": "IGNORE"},
        "resolveConflictsOnCreate: must be one of OVERWRITE, NONE, PRESERVE",
    ),
    (
        "aws:eks/addon:Addon",
        {"addonName": "coredns", "configurationValues": "x"},
        "configurationValues: must be JSON",
    ),
]


def problems(aws: Client, type_: str, inputs: dict[str, Any]) -> list[str]:
    return aws.check(f"urn:pulumi:dev::p::{type_}::web", inputs)[1]


@pytest.mark.parametrize(("type_", "inputs", "message"), REFUSED)
def test_what_aws_refuses_is_refused_by_property(
    type_: str, inputs: dict[str, Any], message: str, aws: Client
) -> None:
    assert [text for text in problems(aws, type_, inputs) if message in text]


def test_every_listed_type_has_a_refused_case() -> None:
    assert {type_ for type_, _, _ in REFUSED} == set(KINDS)


@pytest.mark.parametrize("type_", KINDS)
def test_every_input_is_a_parameter_or_skipped_for_a_reason(type_: str) -> None:
    kind, inputs = KINDS[type_], set(sdk.schema(type_).inputs)
    unexplained = set(inputs)
    assert kind.operations
    for operation in kind.operations:
        shapes, root = models.parameters(operation.service, operation.name)
        for source, target in operation.renames.items():
            assert source.split(".")[0] in inputs
            assert models.at(shapes, root, target), target
        prefixes = tuple(skip[:-1] for skip in operation.skips if skip.endswith("*"))
        unexplained -= {
            name
            for name in inputs
            if models.at(shapes, root, operation.renames.get(name, name))
            or name in operation.skips
            or (prefixes and name.startswith(prefixes))
        }
    assert unexplained == set()


@pytest.mark.parametrize(
    "service", sorted({o.service for kind in KINDS.values() for o in kind.operations})
)
def test_every_pattern_of_the_models_can_be_checked(service: str) -> None:
    shapes = models.service(service)["shapes"].values()
    patterns = {shape["pattern"] for shape in shapes if shape.get("pattern")}
    assert {text for text in patterns if models.pattern(text) is None} == set()


def test_a_pattern_matches_the_whole_value_as_in_java() -> None:
    compiled = models.pattern("^[0-9A-Za-z][A-Za-z0-9-_]*")
    assert compiled is not None
    assert compiled.match("main")
    assert not compiled.match("main.cluster")
    assert not compiled.match("main\n")


def test_unknown_values_are_not_judged(aws: Client) -> None:
    inputs = {
        "family": UNKNOWN,
        "cpu": UNKNOWN,
        "memory": "1",
        "networkMode": UNKNOWN,
        "requiresCompatibilities": ["FARGATE"],
        "containerDefinitions": f'[{{"name":"{UNKNOWN}"',
        "executionRoleArn": UNKNOWN,
    }
    assert problems(aws, TASK, inputs) == []
    assert problems(aws, INGRESS, {"securityGroupId": UNKNOWN, "ipProtocol": "-1",
                                   "referencedSecurityGroupId": UNKNOWN}) == []  # fmt: skip
    assert problems(aws, CLUSTER, {"name": "main", "vpcConfig": UNKNOWN, "roleArn": UNKNOWN}) == []


def test_no_message_holds_a_value(aws: Client) -> None:
    canary = "canary value!"
    for type_, inputs, _ in REFUSED:
        text_inputs = {k: canary for k, v in inputs.items() if isinstance(v, str)}
        assert not [
            text for text in problems(aws, type_, {**inputs, **text_inputs}) if canary in text
        ]


def test_a_check_takes_less_than_a_millisecond_once_the_models_are_loaded(aws: Client) -> None:
    cases = [(type_, inputs) for type_, inputs, _ in REFUSED]
    for type_, inputs in cases:
        problems(aws, type_, inputs)
    start = time.process_time()
    for type_, inputs in cases:
        problems(aws, type_, inputs)
    assert (time.process_time() - start) / len(cases) < 0.001
