"""Cases of EventBridge's rules and targets."""

from __future__ import annotations

import json
from typing import Any

RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
PLACE = "us-east-1:123456789012"
ROLE = "arn:aws:iam::123456789012:role/orders"
PATTERN = {
    "source": ["shop"],
    "detail-type": [{"prefix": "order"}],
    "detail": {
        "total": [{"numeric": [">", 0, "<=", 100]}],
        "state": [{"anything-but": ["draft", "spam"]}],
        "$or": [{"country": ["DE"]}, {"express": [{"exists": True}]}],
    },
}
ORDERS = {"name": "orders", "eventBusName": "shop", "eventPattern": json.dumps(PATTERN)}
TASK = {
    "taskDefinitionArn": f"arn:aws:ecs:{PLACE}:task-definition/orders",
    "launchType": "FARGATE",
    "networkConfiguration": {"subnets": ["subnet-1"], "assignPublicIp": False},
}
RUN = {
    "rule": "orders",
    "eventBusName": "shop",
    "targetId": "task",
    "arn": f"arn:aws:ecs:{PLACE}:cluster/main",
    "roleArn": ROLE,
    "ecsTarget": TASK,
    "deadLetterConfig": {"arn": f"arn:aws:sqs:{PLACE}:orders-failed"},
    "retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 8},
    "inputTransformer": {
        "inputPaths": {"order": "$.detail.id", "lines": "$.detail.lines[0]"},
        "inputTemplate": '{"containerOverrides":[{"name":"job","environment":'
        '[{"name":"ORDER","value":"<order>"},{"name":"LINE","value":<lines>}]}],'
        '"rule":"<aws.events.rule-name>"}',
    },
}


def _pattern(pattern: object) -> dict[str, Any]:
    return {**ORDERS, "eventPattern": json.dumps(pattern)}


def _transformed(template: str, **paths: str) -> dict[str, Any]:
    transformer = {"inputPaths": paths or {"order": "$.detail.id"}, "inputTemplate": template}
    return {**RUN, "inputTransformer": transformer}


GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    RULE: (ORDERS, "shop/orders", f"arn:aws:events:{PLACE}:rule/shop/orders"),
    TARGET: (RUN, "shop-orders-task", ""),
}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (RULE, {**ORDERS, "name": "a" * 65}, "name: must be 1 to 64 characters"),
    (RULE, {**ORDERS, "name": "new orders"}, "name: must match"),
    (RULE, {"name": "a"}, "eventPattern, scheduleExpression: at least one must be given"),
    (RULE, {**ORDERS, "state": "ON"}, "state: must be one of ENABLED, DISABLED"),
    (RULE, {**ORDERS, "state": "ENABLED", "isEnabled": True}, "isEnabled: can't be given together"),
    (
        RULE,
        {"name": "a", "eventBusName": "shop", "scheduleExpression": "rate(1 hour)"},
        "scheduleExpression: must be given on the default event bus only",
    ),
    *(
        (RULE, {"name": "a", "scheduleExpression": expression}, f"scheduleExpression: {message}")
        for expression, message in (
            ("at(2026-12-24T18:00:00)", "must be rate(value unit)"),
            ("rate(1 hours)", "must be rate(1 minute)"),
            ("rate(2 hour)", "must be rate(1 minute)"),
            ("cron(0 25 * * ? *)", "the hours in cron"),
        )
    ),
    (RULE, {**ORDERS, "eventPattern": "shop"}, "eventPattern: must be JSON"),
    (RULE, {**ORDERS, "eventPattern": '["shop"]'}, "eventPattern: must be a JSON object"),
    (RULE, _pattern({}), "eventPattern: must be an object with at least one field"),
    (RULE, _pattern({"source": ["a" * 2048]}), "eventPattern: must be at most 2048 characters"),
    (RULE, _pattern({"source": "shop"}), "eventPattern.source: must be an array"),
    (RULE, _pattern({"source": []}), "eventPattern.source: must be an array"),
    (RULE, _pattern({"source": [["shop"]]}), "eventPattern.source[0]: must not be an array"),
    (RULE, _pattern({"detail": {"a": [{"like": "b"}]}}), "eventPattern.detail.a[0]: must hold one"),
    (RULE, _pattern({"a": [{"prefix": "b", "suffix": "c"}]}), "eventPattern.a[0]: must hold one"),
    (RULE, _pattern({"a": [{"prefix": 1}]}), "eventPattern.a[0].prefix: must be text"),
    (RULE, _pattern({"a": [{"numeric": [">", "1"]}]}), "a[0].numeric: must be one or two"),
    (RULE, _pattern({"a": [{"numeric": [">"]}]}), "a[0].numeric: must be one or two"),
    (RULE, _pattern({"a": [{"anything-but": ["b", 1]}]}), "a[0].anything-but: must be a value"),
    (RULE, _pattern({"a": [{"exists": "yes"}]}), "a[0].exists: must be true or false"),
    (RULE, _pattern({"a": [{"cidr": "10.0.0.0"}]}), "a[0].cidr: must be a network"),
    (RULE, _pattern({"a": [{"wildcard": "b**"}]}), "a[0].wildcard: must be text"),
    (RULE, _pattern({"$or": [{"a": ["b"]}]}), "eventPattern.$or: must be an array of at least two"),
    (TARGET, {**RUN, "targetId": "a" * 65}, "targetId: must be 1 to 64 characters"),
    (TARGET, {**RUN, "roleArn": None}, "roleArn: must be given for a target of ECS"),
    (TARGET, {**RUN, "input": "{}"}, "input, inputTransformer: only one may be given"),
    (TARGET, {**RUN, "inputTransformer": None, "input": "now"}, "input: must be JSON"),
    (
        TARGET,
        {**RUN, "inputTransformer": None, "input": json.dumps("a" * 8191)},
        "input: must be at most 8192",
    ),
    (
        TARGET,
        {**RUN, "deadLetterConfig": {"arn": f"arn:aws:sqs:{PLACE}:failed.fifo"}},
        "deadLetterConfig.arn: must be the ARN of a standard queue",
    ),
    (
        TARGET,
        {**RUN, "retryPolicy": {"maximumRetryAttempts": 186}},
        "retryPolicy.maximumRetryAttempts: must be 0 to 185",
    ),
    (
        TARGET,
        {**RUN, "retryPolicy": {"maximumEventAgeInSeconds": 30}},
        "retryPolicy.maximumEventAgeInSeconds: must be 60 to 86400",
    ),
    (TARGET, _transformed('"<customer>"'), "inputTemplate: must use names of inputPaths only"),
    (TARGET, _transformed('{"<order>": 1}'), "inputTemplate: must not use a name as a key"),
    (TARGET, _transformed('{"order": <order>'), "inputTemplate: must be JSON"),
    (TARGET, _transformed("<a>", a="detail"), "inputPaths.a: must be a JSON path"),
    (TARGET, _transformed("<awsId>", awsId="$.id"), "the key 'awsId': must not begin with AWS"),
    (
        TARGET,
        _transformed("<k0>", **{f"k{n}": "$.id" for n in range(101)}),
        "inputTransformer.inputPaths: must be at most 100 entries",
    ),
    (
        TARGET,
        {**RUN, "ecsTarget": {**TASK, "capacityProviderStrategies": [
            {"capacityProvider": "FARGATE"}]}},
        "ecsTarget.capacityProviderStrategies: can't be given together with launchType",
    ),
    (
        TARGET,
        {**RUN, "ecsTarget": {**TASK, "networkConfiguration": None}},
        "ecsTarget.networkConfiguration.subnets: must be given",
    ),
    (TARGET, {**RUN, "ecsTarget": {**TASK, "taskCount": 0}}, "ecsTarget.taskCount: must be at"),
    *(
        (TARGET, {"rule": "a", "arn": f"arn:aws:batch:{PLACE}:job-queue/a", "roleArn": ROLE,
                  "batchTarget": {"jobDefinition": "a", "jobName": "a", **given}}, message)
        for given, message in (
            ({"arraySize": 1}, "batchTarget.arraySize: must be 2 to 10000"),
            ({"arraySize": 10001}, "batchTarget.arraySize: must be 2 to 10000"),
            ({"jobAttempts": 11}, "batchTarget.jobAttempts: must be 1 to 10"),
        )
    ),
]  # fmt: skip
