"""Levels and parameters of rules, as a configuration file gives them to the pack."""

import json
from dataclasses import replace
from typing import Any

import pytest
from google.protobuf import json_format

from tests.policies.cases.case import allow
from tests.policies.cases.ecs import SCHEDULE
from tests.policies.cases.escalations import foreign, starts
from tests.policies.cases.listeners import balancer, listener, open_to
from tests.policies.cases.log_groups import logging, task
from tests.policies.cases.pod_groups import workload
from tests.policies.cases.routes import RECORDED, VPC, closed
from tests.policies.cases.task_groups import SG
from tests.policies.protocol import (
    ADVISORY,
    DISABLED,
    MANDATORY,
    UNKNOWN,
    Analyzer,
    StackResource,
)

SERVICE = "aws:ecs/service:Service"
PUBLIC = {"networkConfiguration": {"assignPublicIp": True}}
TASK = "aws:ecs/taskDefinition:TaskDefinition"

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
ROLE = "aws:iam/role:Role"
PROD = {"environment": "prod"}
ENTERED = {"enableExecuteCommand": True, "tags": PROD}
PROTECTED_BY_NOTHING = {"dropInvalidHeaderFields": True, "tags": PROD}
BOUNDARY = "arn:aws:iam::111122223333:policy/boundary"
CLEAN_VPC = (VPC, RECORDED, closed())
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"


def _image(name: str) -> dict[str, str]:
    """Return a task definition of one image."""
    return {"containerDefinitions": json.dumps([{"image": name}])}


IMAGE = _image("registry.example.com/web:1")


def test_the_level_of_a_rule_can_be_configured(configurable_pack: Analyzer) -> None:
    configurable_pack.configure({"ecs-no-public-ip": (ADVISORY, {})})
    [violation] = configurable_pack.analyze(SERVICE, PUBLIC).violations("ecs-no-public-ip")
    assert violation.enforcementLevel == ADVISORY

    configurable_pack.configure({"ecs-no-public-ip": (DISABLED, {})})
    assert not configurable_pack.analyze(SERVICE, PUBLIC).violations("ecs-no-public-ip")


@pytest.mark.parametrize(
    ("rule", "kind", "properties", "parameters"),
    [
        ("ecs-image-source", TASK, IMAGE, {"registries": ["*.example.com"]}),
        ("ecs-image-source", TASK, _image("nginx:1.29"), {"registries": ["docker.io"]}),
        ("ecs-image-source", TASK, _image("someone/nginx:1"), {"registries": ["docker.io"]}),
        (
            "ecs-image-source",
            TASK,
            _image("registry:5000/nginx:1"),
            {"registries": ["registry:5*"]},
        ),
        ("ecs-image-source", TASK, _image("localhost/nginx:1"), {"registries": ["localhost"]}),
        (
            "ecs-capabilities",
            TASK,
            {
                "containerDefinitions": (
                    '[{"linuxParameters": {"capabilities": {"add": ["SYS_PTRACE"]}}}]'
                )
            },
            {"allowed": ["SYS_PTRACE"]},
        ),
        (
            "trust-no-public",
            "aws:iam/role:Role",
            {
                "assumeRolePolicy": (
                    '{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",'
                    ' "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}}'
                )
            },
            {"trustedAccounts": ["111122223333"]},
        ),
        (
            "iam-managed-denylist",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            {"policyArn": "arn:aws:iam::aws:policy/PowerUserAccess"},
            {"denied": ["AdministratorAccess"]},
        ),
        ("eks-logs", "aws:eks/cluster:Cluster", {}, {"required": []}),
        (
            "eks-version",
            "aws:eks/cluster:Cluster",
            {"version": "1.34"},
            {"supported": ["1.34", "1.35"]},
        ),
        ("ecs-exec-guard", SERVICE, ENTERED, {"productionTags": ["stage=live"]}),
        ("alb-hardening", BALANCER, PROTECTED_BY_NOTHING, {"productionTags": []}),
        ("iam-boundary", ROLE, {"tags": PROD}, {"productionTags": []}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_parameter_admits_what_the_default_rejects(
    configurable_pack: Analyzer,
    rule: str,
    kind: str,
    properties: dict[str, Any],
    parameters: dict[str, Any],
) -> None:
    assert configurable_pack.analyze(kind, properties).violations(rule)

    configurable_pack.configure({rule: (MANDATORY, parameters)})

    assert not configurable_pack.analyze(kind, properties).violations(rule)


@pytest.mark.parametrize(
    ("rule", "kind", "parameters", "lacking", "having"),
    [
        (
            "logs-retention",
            LOG_GROUP,
            {"requireKms": True},
            {"retentionInDays": 7},
            {"retentionInDays": 7, "kmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/k"},
        ),
        (
            "tg-ip",
            TARGET_GROUP,
            {"requireTls": True},
            {"targetType": "ip", "protocol": "HTTP"},
            {"targetType": "ip", "protocol": "HTTPS"},
        ),
        (
            "tg-ip",
            TARGET_GROUP,
            {"requireTls": True},
            {"targetType": "ip", "protocol": "TCP"},
            {"targetType": "ip", "protocol": "TLS"},
        ),
        (
            "tg-ip",
            TARGET_GROUP,
            {"requireTls": True},
            {"targetType": "ip"},
            {"targetType": "ip", "protocol": "TLS"},
        ),
        (
            "iam-boundary",
            ROLE,
            {"boundaries": ["arn:aws:iam::*:policy/boundary"]},
            {"permissionsBoundary": f"{BOUNDARY}-of-another"},
            {"permissionsBoundary": BOUNDARY},
        ),
        (
            "ecs-exec-guard",
            SERVICE,
            {"productionStacks": ["dev*"]},
            {"enableExecuteCommand": True},
            {"enableExecuteCommand": False},
        ),
        (
            "ecs-exec-guard",
            SCHEDULE,
            {"productionStacks": ["dev*"]},
            {"target": {"ecsParameters": {"enableExecuteCommand": True}}},
            {"target": {"ecsParameters": {"enableExecuteCommand": False}}},
        ),
        (
            "iam-boundary",
            ROLE,
            {"boundaries": [BOUNDARY, "arn:aws:iam::*:policy/other"]},
            {},
            {"permissionsBoundary": BOUNDARY},
        ),
        (
            "alb-hardening",
            BALANCER,
            {"productionStacks": ["DEV"]},
            {"dropInvalidHeaderFields": True},
            {
                **PROTECTED_BY_NOTHING,
                "enableDeletionProtection": True,
                "accessLogs": {"bucket": "logs", "enabled": True},
            },
        ),
    ],
)
def test_a_parameter_demands_what_the_default_leaves_open(
    configurable_pack: Analyzer,
    rule: str,
    kind: str,
    parameters: dict[str, Any],
    *,
    lacking: dict[str, Any],
    having: dict[str, Any],
) -> None:
    assert not configurable_pack.analyze(kind, lacking).violations(rule)

    configurable_pack.configure({rule: (ADVISORY, parameters)})

    found = configurable_pack.analyze(kind, lacking)
    assert found.violations(rule)
    assert "please report this" not in found.messages()
    assert not configurable_pack.analyze(kind, having).violations(rule)


def test_endpoints_for_ecr_are_demanded_where_the_configuration_says_so(
    configurable_pack: Analyzer,
) -> None:
    def endpoint(service: str) -> StackResource:
        return StackResource(
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            service,
            {"serviceName": f"com.amazonaws.eu-west-1.{service}", "vpcId": UNKNOWN},
            {"vpcId": ["vpc"]},
        )

    configurable_pack.configure({"vpc-hygiene": (ADVISORY, {"requireEcrEndpoints": True})})

    unnamed = replace(endpoint("ecr.api"), properties={"serviceName": UNKNOWN, "vpcId": UNKNOWN})
    found = configurable_pack.analyze_stack([*CLEAN_VPC, unnamed])
    assert found.undecided("vpc-hygiene")
    assert not found.violations("vpc-hygiene")

    def missing(*endpoints: StackResource) -> list[str]:
        found = configurable_pack.analyze_stack([*CLEAN_VPC, *endpoints])
        return [violation.message for violation in found.violations("vpc-hygiene")]

    assert len(missing()) == 2
    [message] = missing(endpoint("ecr.api"))
    assert "no interface endpoint for ecr.dkr" in message
    assert missing(endpoint("ecr.api"), endpoint("ecr.dkr")) == []


def test_tcp_may_be_passed_on_where_the_configuration_says_so(configurable_pack: Analyzer) -> None:
    def stack(protocol: str) -> list[StackResource]:
        return [listener(protocol), balancer(), SG, open_to("0.0.0.0/0")]

    configurable_pack.configure({"alb-https": (MANDATORY, {"passThrough": True})})

    assert not configurable_pack.analyze_stack(stack("TCP")).violations("alb-https")
    assert configurable_pack.analyze_stack(stack("HTTP")).violations("alb-https")


def test_pods_of_the_default_namespace_may_be_exempt(configurable_pack: Analyzer) -> None:
    stack = [workload(None)]
    assert configurable_pack.analyze_stack(stack).violations("k8s-pod-groups")

    configurable_pack.configure({"k8s-pod-groups": (MANDATORY, {"exemptNamespaces": ["default"]})})

    assert not configurable_pack.analyze_stack(stack).violations("k8s-pod-groups")


def test_log_groups_may_get_their_retention_elsewhere(configurable_pack: Analyzer) -> None:
    stack = [
        task(logging(group="/shared/web")),
        task(logging(group="/other/shared/web"), name="other"),
    ]

    def said() -> list[str]:
        found = configurable_pack.analyze_stack(stack).violations("container-log-group")
        return sorted(violation.urn.rpartition("::")[2] for violation in found)

    assert said() == ["other", "web"]

    configurable_pack.configure(
        {"container-log-group": (MANDATORY, {"keptGroups": ["/jobs/*", "/shared/*"]})}
    )

    assert said() == ["other"]


@pytest.mark.parametrize(("tag", "violations"), [("", 1), (":latest", 1), (":1.29", 0)])
def test_the_port_of_a_registry_is_no_tag(
    configurable_pack: Analyzer, tag: str, violations: int
) -> None:
    configurable_pack.configure(
        {"ecs-image-source": (MANDATORY, {"registries": ["registry.internal:5000"]})}
    )
    containers = json.dumps([{"name": "web", "image": f"registry.internal:5000/web{tag}"}])

    found = configurable_pack.analyze(TASK, {"containerDefinitions": containers})

    assert len(found.violations("ecs-image-source")) == violations


def test_logs_may_be_kept_for_what_cloudwatch_takes(pack: Analyzer) -> None:
    (policy,) = [each for each in pack.info().policies if each.name == "logs-retention"]

    schema = json_format.MessageToDict(policy.configSchema.properties)["days"]

    # PutRetentionPolicy in the API reference of CloudWatch Logs.
    days = "1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653"
    assert schema["enum"] == [int(day) for day in days.split()]


def test_execution_roles_may_have_what_the_configuration_admits(
    configurable_pack: Analyzer,
) -> None:
    stack = [*starts(allow("sqs:SendMessage")), foreign("AmazonS3ReadOnlyAccess")]

    def said() -> list[str]:
        found = configurable_pack.analyze_stack(stack).violations("exec-role-minimal")
        return [violation.message for violation in found]

    assert len(said()) == 2
    configurable_pack.configure(
        {
            "exec-role-minimal": (
                MANDATORY,
                {"actions": ["sqs:SendMessage"], "managedPolicies": ["AmazonS3ReadOnlyAccess"]},
            )
        }
    )
    assert said() == []
