"""Cases of EventBridge Pipes."""

from __future__ import annotations

from typing import Any

PIPE = "aws:pipes/pipe:Pipe"
PLACE = "us-east-1:123456789012"
TASK = {
    "taskDefinitionArn": f"arn:aws:ecs:{PLACE}:task-definition/orders",
    "launchType": "FARGATE",
    "networkConfiguration": {"awsVpcConfiguration": {
        "subnets": ["subnet-1"], "securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"}},
    "overrides": {"containerOverrides": [
        {"name": "job", "environments": [{"name": "ORDER", "value": "$.body.id"}]}]},
}  # fmt: skip
ORDERS: dict[str, Any] = {
    "name": "orders",
    "roleArn": "arn:aws:iam::123456789012:role/orders",
    "source": f"arn:aws:sqs:{PLACE}:orders",
    "sourceParameters": {
        "sqsQueueParameters": {"batchSize": 1},
        "filterCriteria": {"filters": [{"pattern": '{"body":{"total":[{"numeric":[">",0]}]}}'}]},
    },
    "target": f"arn:aws:ecs:{PLACE}:cluster/main",
    "targetParameters": {"ecsTaskParameters": TASK},
}


def _task(**changed: object) -> dict[str, Any]:
    return {**ORDERS, "targetParameters": {"ecsTaskParameters": {**TASK, **changed}}}


def _from(source: str = "orders", **parameters: object) -> dict[str, Any]:
    return {**ORDERS, "source": f"arn:aws:sqs:{PLACE}:{source}", "sourceParameters": parameters}


GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    PIPE: (ORDERS, "orders", f"arn:aws:pipes:{PLACE}:pipe/orders"),
}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (PIPE, {**ORDERS, "name": "a" * 65}, "name: must be 1 to 64 characters"),
    (PIPE, {**ORDERS, "roleArn": "orders"}, "roleArn: must match"),
    (PIPE, {**ORDERS, "desiredState": "ON"}, "desiredState: must be one of RUNNING, STOPPED"),
    (PIPE, {**ORDERS, "targetParameters": {}}, "ecsTaskParameters: must be given for a target"),
    (PIPE, _task(launchType="LAMBDA"), "ecsTaskParameters.launchType: must be one of EC2"),
    (
        PIPE,
        _task(capacityProviderStrategies=[{"capacityProvider": "FARGATE"}]),
        "ecsTaskParameters.capacityProviderStrategies: can't be given together with launchType",
    ),
    (
        PIPE,
        _task(networkConfiguration={"awsVpcConfiguration": {"subnets": []}}),
        "networkConfiguration.awsVpcConfiguration.subnets: must be given",
    ),
    (
        PIPE,
        _task(networkConfiguration={"awsVpcConfiguration": {"subnets": ["private"]}}),
        "networkConfiguration.awsVpcConfiguration.subnets[0]: must match",
    ),
    (
        PIPE,
        {**ORDERS, "targetParameters": {"inputTemplate": "a" * 8193, "ecsTaskParameters": TASK}},
        "targetParameters.inputTemplate: must be 0 to 8192 characters",
    ),
    (
        PIPE,
        {**ORDERS, "target": f"arn:aws:batch:{PLACE}:job-queue/a", "targetParameters": {
            "batchJobParameters": {"jobDefinition": "a", "jobName": "a",
                                   "arrayProperties": {"size": 1}}}},
        "batchJobParameters.arrayProperties.size: must be 2 to 10000",
    ),
    (PIPE, _from(sqsQueueParameters={"batchSize": 10001}), "batchSize: must be 1 to 10000"),
    (
        PIPE,
        _from(sqsQueueParameters={"batchSize": 11}),
        "maximumBatchingWindowInSeconds: must be at least 1 with a batchSize above 10",
    ),
    (
        PIPE,
        _from("a.fifo", sqsQueueParameters={"batchSize": 11}),
        "batchSize: must be at most 10 for a FIFO queue",
    ),
    (
        PIPE,
        _from(filterCriteria={"filters": [{"pattern": '{"body":"a"}'}]}),
        "filterCriteria.filters[0].pattern.body: must be an array",
    ),
    (
        PIPE,
        _from(filterCriteria={"filters": [{"pattern": '{"body":["a"]}'}] * 6}),
        "filterCriteria.filters: must hold at most 5 filters",
    ),
]  # fmt: skip
