"""The policy pack's remediations on the real engine: what is deployed complies, secrets stay so."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fargate_policies.catalogue import RULES
from fargate_policies.core.rule import Rule

from tests.sandbox.project import Deployment, Project

pytestmark = pytest.mark.engine

PROGRAM = """
import json
import pulumi
import pulumi_aws as aws

# Known at the first preview, as a policy needs it, and nobody else's to read.
token = pulumi.Config().require_secret("token")
containers = token.apply(lambda value: json.dumps([
    {
        "name": "web",
        "image": "registry.example.com/web:1",
        "environment": [{"name": "GREETING", "value": value}],
        "linuxParameters": {"capabilities": {"add": ["SYS_PTRACE"], "drop": ["ALL"]}},
    },
]))
cluster = aws.ecs.Cluster("cluster")
definition = aws.ecs.TaskDefinition(
    "web",
    family="web",
    cpu="256",
    memory="512",
    network_mode="awsvpc",
    pid_mode="host",
    requires_compatibilities=["FARGATE"],
    container_definitions=containers,
)
aws.ecs.Service(
    "web",
    cluster=cluster.arn,
    task_definition=definition.arn,
    desired_count=1,
    launch_type="FARGATE",
    platform_version="1.3.0",
    network_configuration={
        "assign_public_ip": True,
        "security_groups": pulumi.Output.secret(["sg-0123456789abcdef0"]),
        "subnets": ["subnet-0123456789abcdef0"],
    },
)
aws.cloudwatch.LogGroup("logs", name=pulumi.Output.secret("web"))
"""
BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
BREAKING_EVERY_RULE = """
import json
import pulumi_aws as aws
import pulumi_kubernetes as k8s

PROD = {"environment": "prod"}
TRUST = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"},
         "Action": "sts:AssumeRole"}
NETWORK = {"subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
           "security_groups": ["sg-0123456789abcdef0"]}
ROLE = "arn:aws:iam::123456789012:role/web"
aws.ecs.Cluster("cluster")
aws.iam.Role(
    "role", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
)
files = {"file_system_id": "fs-0123456789abcdef0"}
aws.ecs.TaskDefinition(
    "web",
    family="web",
    cpu="256",
    memory="512",
    network_mode="awsvpc",
    pid_mode="host",
    requires_compatibilities=["FARGATE"],
    execution_role_arn=ROLE,
    task_role_arn=ROLE,
    volumes=[{"name": "files", "efs_volume_configuration": files}],
    container_definitions=json.dumps([{
        "name": "web",
        "image": "registry.example.com/web:1",
        "linuxParameters": {"capabilities": {"add": ["SYS_PTRACE"]}},
    }]),
)
# Not for Fargate, where the API refuses both.
aws.ecs.TaskDefinition(
    "host",
    family="host",
    requires_compatibilities=["EC2"],
    container_definitions=json.dumps([
        {"name": "host", "image": "registry.example.com/host:1", "memory": 128, "privileged": True},
    ]),
)
aws.ecs.Service(
    "web",
    cluster="arn:aws:ecs:us-east-1:123456789012:cluster/web",
    task_definition="arn:aws:ecs:us-east-1:123456789012:task-definition/web:1",
    desired_count=1,
    launch_type="FARGATE",
    platform_version="1.3.0",
    enable_execute_command=True,
    tags=PROD,
    network_configuration={**NETWORK, "assign_public_ip": True},
    volume_configuration={
        "name": "data", "managed_ebs_volume": {"role_arn": ROLE, "size_in_gb": 10},
    },
)
aws.batch.JobDefinition(
    "job",
    type="container",
    platform_capabilities=["FARGATE"],
    container_properties=json.dumps({
        "image": "registry.example.com/job:1",
        "executionRoleArn": "arn:aws:iam::123456789012:role/job",
        "networkConfiguration": {"assignPublicIp": "ENABLED"},
        "resourceRequirements": [
            {"type": "VCPU", "value": "0.25"}, {"type": "MEMORY", "value": "512"},
        ],
    }),
)
aws.eks.Cluster(
    "eks",
    role_arn=ROLE,
    vpc_config={"subnet_ids": NETWORK["subnets"], "endpoint_public_access": False,
                "endpoint_private_access": False},
)
k8s.core.v1.ServiceAccount("account", metadata={"name": "web"})
k8s.core.v1.Pod(
    "pod",
    metadata={"name": "web"},
    spec={
        "service_account_name": "web",
        "host_network": True,
        "security_context": {"run_as_non_root": True},
        "containers": [{"name": "web", "image": "registry.example.com/web:1"}],
    },
)
aws.ec2.Subnet(
    "subnet", vpc_id="vpc-0123456789abcdef0", cidr_block="10.0.0.0/24",
    map_public_ip_on_launch=True,
)
aws.lb.LoadBalancer(
    "balancer", load_balancer_type="application", subnets=NETWORK["subnets"], tags=PROD,
    access_logs={"bucket": "logs", "enabled": True},
)
aws.cloudwatch.LogGroup("logs", name="web")
aws.ecr.Repository("images")
aws.kms.Key("key")
"""
TOKEN = "canary-5d1f"  # noqa: S105 - made up
REMEDIED = (
    *("ecs-capabilities", "ecs-insights", "ecs-namespaces", "ecs-no-public-ip"),
    *("ecs-platform", "logs-retention"),
)
LEVELS: dict[str, Any] = {"all": "disabled", **dict.fromkeys(REMEDIED, "remediate")}
SIGNATURE = "4dabf18193072939515e22adb298388d"


def test_what_is_deployed_complies_and_its_secrets_are_secret(tmp_path: Path) -> None:
    project = Project(tmp_path)
    (tmp_path / "__main__.py").write_text(PROGRAM)
    stack = {"aws:region": "us-east-1", "fargate-platform:token": TOKEN}
    (tmp_path / "Pulumi.dev.yaml").write_text(json.dumps({"config": stack}))
    (tmp_path / "levels.json").write_text(json.dumps(LEVELS))

    project.sandbox("up", "--policy-pack-config", "levels.json")
    state = project.export()

    (cluster,) = state.of("aws:ecs/cluster:Cluster")
    (definition,) = state.of("aws:ecs/taskDefinition:TaskDefinition")
    (service,) = state.of("aws:ecs/service:Service")
    (logs,) = state.of("aws:cloudwatch/logGroup:LogGroup")
    for side in ("inputs", "outputs"):
        insights = {"name": "containerInsights", "value": "enabled"}
        assert cluster[side]["settings"] == [insights]
        assert "pidMode" not in definition[side] or not definition[side]["pidMode"]
        assert service[side]["platformVersion"] == "LATEST"
        assert service[side]["networkConfiguration"]["assignPublicIp"] is False
        assert logs[side]["retentionInDays"] == 365
        # Beside and below what was changed, and what was changed itself.
        assert _is_secret(logs[side]["name"])
        assert _is_secret(service[side]["networkConfiguration"]["securityGroups"])
        assert _is_secret(definition[side]["containerDefinitions"])
    assert TOKEN not in state.text

    shown = project.sandbox("run", "pulumi", "stack", "export", "--show-secrets")
    (definition,) = Deployment.read(shown.stdout).of("aws:ecs/taskDefinition:TaskDefinition")
    # The state holds a secret as JSON, and this one is a JSON text.
    (container,) = json.loads(json.loads(definition["inputs"]["containerDefinitions"]["plaintext"]))
    assert container["environment"] == [{"name": "GREETING", "value": TOKEN}]
    assert container["linuxParameters"] == {"capabilities": {"add": [], "drop": ["ALL"]}}


def test_whatever_can_be_corrected_is_compliant_once_it_is_deployed(tmp_path: Path) -> None:
    every = [rule.name for rule in RULES if isinstance(rule, Rule) and rule.remedy]
    project = Project(tmp_path)
    (tmp_path / "__main__.py").write_text(BREAKING_EVERY_RULE)
    (tmp_path / "Pulumi.dev.yaml").write_text(json.dumps({"config": {"aws:region": "us-east-1"}}))
    for level in ("advisory", "mandatory", "remediate"):
        levels: dict[str, Any] = {"all": "disabled", **dict.fromkeys(every, level)}
        levels["iam-boundary"] = {"enforcementLevel": level, "boundaries": [BOUNDARY]}
        (tmp_path / f"{level}.json").write_text(json.dumps(levels))

    # All of it is broken; with a mandatory rule the engine would stop at the first.
    said = project.sandbox("preview", "--policy-pack-config", "advisory.json").stdout
    assert [rule for rule in every if f"advisory {rule}\n" not in said] == []

    project.sandbox("up", "--policy-pack-config", "remediate.json")

    (tmp_path / "state.json").write_text(project.export().text)
    command = [sys.executable, "-m", "policies.check", "state.json", "--format", "json"]
    checked = subprocess.run(
        [*command, "--policy-pack-config", "mandatory.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    found = json.loads(checked.stdout)
    assert (found["rules"], found["findings"]) == (len(every), [])


def _is_secret(value: object) -> bool:
    return isinstance(value, dict) and SIGNATURE in value and "ciphertext" in value
