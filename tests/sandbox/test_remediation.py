"""The policy pack's remediations on the real engine: what is deployed complies, secrets stay so."""

import json
from pathlib import Path
from typing import Any

import pytest

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


def _is_secret(value: object) -> bool:
    return isinstance(value, dict) and SIGNATURE in value and "ciphertext" in value
