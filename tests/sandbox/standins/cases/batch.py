"""Cases of AWS Batch."""

from __future__ import annotations

import json
from typing import Any

ENVIRONMENT = "aws:batch/computeEnvironment:ComputeEnvironment"
QUEUE = "aws:batch/jobQueue:JobQueue"
JOB = "aws:batch/jobDefinition:JobDefinition"
POLICY = "aws:batch/schedulingPolicy:SchedulingPolicy"
PLACE = "us-east-1:123456789012"
ARN = f"arn:aws:batch:{PLACE}:"
RESOURCES = {"type": "FARGATE_SPOT", "maxVcpus": 16, "subnets": ["subnet-1"],
             "securityGroupIds": ["sg-1"]}  # fmt: skip
MANAGED = {"name": "spot", "type": "MANAGED", "computeResources": RESOURCES}
ORDER = {"order": 1, "computeEnvironment": ARN + "compute-environment/spot"}
URGENT: dict[str, Any] = {"name": "urgent", "state": "ENABLED", "priority": 10,
                          "computeEnvironmentOrders": [ORDER]}  # fmt: skip
CONTAINER: dict[str, Any] = {
    "image": "reports:1",
    "executionRoleArn": "arn:aws:iam::123456789012:role/pull",
    "jobRoleArn": "arn:aws:iam::123456789012:role/reports",
    "networkConfiguration": {"assignPublicIp": "DISABLED"},
    "resourceRequirements": [
        {"type": "VCPU", "value": "0.25"}, {"type": "MEMORY", "value": "512"}],
    "logConfiguration": {"logDriver": "awslogs"},
}  # fmt: skip
RETRY = {"attempts": 3, "evaluateOnExits": [
    {"action": "RETRY", "onStatusReason": "Host EC2*"},
    {"action": "exit", "onExitCode": "1"}]}  # fmt: skip
REPORTS: dict[str, Any] = {
    "name": "reports",
    "type": "container",
    "platformCapabilities": ["FARGATE"],
    "containerProperties": json.dumps(CONTAINER),
    "retryStrategy": RETRY,
    "timeout": {"attemptDurationSeconds": 3600},
}


def _environment(**changed: object) -> dict[str, Any]:
    return {**MANAGED, "computeResources": {**RESOURCES, **changed}}


def _queue(*orders: dict[str, Any]) -> dict[str, Any]:
    return {**URGENT, "computeEnvironmentOrders": list(orders)}


def _container(**changed: object) -> dict[str, Any]:
    return {**REPORTS, "containerProperties": json.dumps({**CONTAINER, **changed})}


def _size(vcpu: str, memory: str) -> dict[str, Any]:
    values = [{"type": "VCPU", "value": vcpu}, {"type": "MEMORY", "value": memory}]
    return _container(resourceRequirements=values)


def _retry(*conditions: dict[str, Any], attempts: int | None = 3) -> dict[str, Any]:
    strategy = {"evaluateOnExits": list(conditions)}
    return {**REPORTS, "retryStrategy": {**strategy, "attempts": attempts}}


def _shares(*shares: dict[str, Any]) -> dict[str, Any]:
    return {"name": "fair", "fairSharePolicy": {"shareDistributions": list(shares)}}


GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    ENVIRONMENT: (MANAGED, "spot", ARN + "compute-environment/spot"),
    QUEUE: (URGENT, ARN + "job-queue/urgent", ARN + "job-queue/urgent"),
    JOB: (REPORTS, ARN + "job-definition/reports:1", ARN + "job-definition/reports:1"),
    POLICY: (
        {"name": "fair", "fairSharePolicy": {
            "computeReservation": 10, "shareDecaySeconds": 3600,
            "shareDistributions": [{"shareIdentifier": "team*", "weightFactor": 0.5}]}},
        ARN + "scheduling-policy/fair", ARN + "scheduling-policy/fair",
    ),
}  # fmt: skip

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (ENVIRONMENT, {**MANAGED, "name": "-a"}, "name: must be 1 to 128 letters"),
    (ENVIRONMENT, {**MANAGED, "state": "ON"}, "state: must be one of ENABLED, DISABLED"),
    (ENVIRONMENT, {"name": "a", "type": "MANAGED"}, "computeResources: must be given"),
    (ENVIRONMENT, {**MANAGED, "type": "UNMANAGED"}, "computeResources: must not be given"),
    (ENVIRONMENT, _environment(type="LAMBDA"), "computeResources.type: must be one of EC2, SPOT"),
    (ENVIRONMENT, _environment(maxVcpus=0), "computeResources.maxVcpus: must be 1 to"),
    (ENVIRONMENT, _environment(securityGroupIds=[]), "securityGroupIds: must hold 1 to 5"),
    (ENVIRONMENT, _environment(subnets=["subnet-1"] * 17), "subnets: must hold 1 to 16"),
    *(
        (ENVIRONMENT, _environment(**{key: value}), f"{key}: is not supported on Fargate")
        for key, value in (
            ("minVcpus", 0), ("desiredVcpus", 1), ("allocationStrategy", "BEST_FIT"),
            ("instanceTypes", ["optimal"]), ("instanceRole", "arn:a"), ("bidPercentage", 50),
            ("tags", {"a": "b"}),
        )
    ),
    (
        ENVIRONMENT,
        {**MANAGED, "updatePolicy": {"jobExecutionTimeoutMinutes": 361}},
        "updatePolicy.jobExecutionTimeoutMinutes: must be 1 to 360 minutes",
    ),
    (QUEUE, {**URGENT, "name": "a b"}, "name: must be 1 to 128 letters"),
    (QUEUE, {**URGENT, "priority": 1001}, "priority: must be 0 to 1000"),
    (QUEUE, _queue(), "computeEnvironmentOrders: must hold 1 to 3"),
    (QUEUE, _queue(*[ORDER] * 4), "computeEnvironmentOrders: must hold 1 to 3"),
    (QUEUE, _queue(ORDER, ORDER), "computeEnvironmentOrders: every order must be another"),
    (
        QUEUE,
        {**URGENT, "jobStateTimeLimitActions": [{"action": "CANCEL", "maxTimeSeconds": 60}]},
        "jobStateTimeLimitActions[0].maxTimeSeconds: must be 600 to 86400",
    ),
    (POLICY, {"name": "a.b"}, "name: must be 1 to 128 letters"),
    (POLICY, {"name": "a", "fairSharePolicy": {"computeReservation": 100}}, "must be 0 to 99"),
    (POLICY, {"name": "a", "fairSharePolicy": {"shareDecaySeconds": 604801}}, "0 to 604800"),
    (POLICY, _shares({"shareIdentifier": "a-b"}), "shareIdentifier: must be 1 to 255 letters"),
    (POLICY, _shares({"shareIdentifier": "a", "weightFactor": 0}), "weightFactor: must be 0.0001"),
    (
        POLICY,
        _shares({"shareIdentifier": "team*"}, {"shareIdentifier": "teamA"}),
        "shareDistributions: identifiers must not overlap",
    ),
    (JOB, {**REPORTS, "name": "a b"}, "name: must be 1 to 128 letters"),
    (JOB, {**REPORTS, "platformCapabilities": ["LAMBDA"]}, "must be one of EC2, FARGATE"),
    (JOB, {**REPORTS, "platformCapabilities": None}, "platformCapabilities: must hold FARGATE"),
    (JOB, {"name": "a", "type": "container"}, "exactly one of containerProperties"),
    (JOB, {**REPORTS, "type": "multinode"}, "nodeProperties: must be given exactly"),
    (JOB, {**REPORTS, "containerProperties": "reports:1"}, "containerProperties: must be JSON"),
    *(
        (JOB, {"name": "a", "type": type_, key: "a"}, f"{key}: must be JSON")
        for type_, key in (("container", "ecsProperties"), ("multinode", "nodeProperties"))
    ),
    (JOB, {**REPORTS, "timeout": {"attemptDurationSeconds": 59}}, "attemptDurationSeconds: must"),
    (JOB, {**REPORTS, "schedulingPriority": 10000}, "schedulingPriority: must be 0 to 9999"),
    (JOB, _container(command=["a" * 24576]), "containerProperties: must be at most 24576 bytes"),
    (JOB, _container(image=None), "containerProperties.image: must be given"),
    (JOB, _container(executionRoleArn=None), "executionRoleArn: must be given on Fargate"),
    (JOB, _container(privileged=True), "containerProperties.privileged: is not supported on"),
    (JOB, _container(vcpus=1), "containerProperties.vcpus: is not supported on Fargate"),
    (JOB, _container(linuxParameters={"maxSwap": 1}), "linuxParameters.maxSwap: is not supported"),
    (JOB, _container(logConfiguration={"logDriver": "awsfirelens"}), "one of awslogs, splunk"),
    (JOB, _container(networkConfiguration={"assignPublicIp": "NO"}), "one of ENABLED, DISABLED"),
    (JOB, _container(ephemeralStorage={"sizeInGiB": 20}), "must be 21 to 200 GiB"),
    (JOB, _container(volumes=[{"host": {"sourcePath": "/a"}}]), "sourcePath: is not supported"),
    (JOB, _container(environment=[{"name": "AWS_BATCH_A"}]), "that begin with AWS_BATCH"),
    (JOB, _container(resourceRequirements=[]), "must hold VCPU and MEMORY once each"),
    (JOB, _size("0.3", "512"), "resourceRequirements: VCPU must be one of 0.25, 0.5, 1, 2"),
    (JOB, _size("1", "512"), "resourceRequirements: MEMORY must be one of 2048, 3072"),
    (JOB, _size("one", "512"), "resourceRequirements: every value must be a number"),
    (JOB, {**REPORTS, "retryStrategy": {"attempts": 11}}, "attempts: must be 1 to 10 attempts"),
    (JOB, _retry(*[{"action": "EXIT"}] * 6), "evaluateOnExits: must hold at most 5 conditions"),
    (JOB, _retry({"action": "EXIT"}, attempts=None), "attempts: must be given with evaluate"),
    (JOB, _retry({"action": "STOP"}), "evaluateOnExits[0].action: must be one of RETRY, EXIT"),
    (JOB, _retry({"action": "EXIT", "onExitCode": "one"}), "onExitCode: must be 1 to 512 digits"),
    (JOB, _retry({"action": "EXIT", "onReason": "*a"}), "onReason: must be 1 to 512 letters"),
]  # fmt: skip
