"""Cases of Lambda."""

from __future__ import annotations

from typing import Any

FUNCTION = "aws:lambda/function:Function"
PERMISSION = "aws:lambda/permission:Permission"
MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
INVOKE = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
INVOCATION = "aws:lambda/invocation:Invocation"
PLACE = "us-east-1:123456789012"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}"
QUEUE = f"arn:aws:sqs:{PLACE}:orders"
START: dict[str, Any] = {
    "name": "start",
    "role": "arn:aws:iam::123456789012:role/start",
    "handler": "start.handler",
    "runtime": "python3.13",
    "architectures": ["arm64"],
    "s3Bucket": "code",
    "s3Key": "start.zip",
    "memorySize": 256,
    "timeout": 60,
    "environment": {"variables": {"CLUSTER": "main"}},
    "loggingConfig": {"logFormat": "JSON", "logGroup": "/lambda/start"},
    "deadLetterConfig": {"targetArn": QUEUE},
}
ALLOW = {"statementId": "rule", "action": "lambda:InvokeFunction", "function": "start",
         "principal": "events.amazonaws.com",
         "sourceArn": f"arn:aws:events:{PLACE}:rule/orders"}  # fmt: skip
READ = {"functionName": "start", "eventSourceArn": QUEUE, "batchSize": 10,
        "functionResponseTypes": ["ReportBatchItemFailures"],
        "scalingConfig": {"maximumConcurrency": 2}}  # fmt: skip

RUN = {"functionName": "start", "input": "{}", "triggers": {"taskDefinition": "report:1"}}


def _from(source: str, **given: object) -> dict[str, Any]:
    return {"functionName": "start", "eventSourceArn": f"arn:aws:{source}", **given}


GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    INVOCATION: (RUN, r"start,\$LATEST,99914b932bd37a50b983c5e7c90ae93b", ""),
    FUNCTION: (START, "start", f"arn:aws:lambda:{PLACE}:function:start"),
    PERMISSION: (ALLOW, "rule", ""),
    MAPPING: (READ, UUID, f"arn:aws:lambda:{PLACE}:event-source-mapping:{UUID}"),
    INVOKE: (
        {"functionName": "start", "qualifier": "live", "maximumEventAgeInSeconds": 3600,
         "destinationConfig": {"onFailure": {"destination": QUEUE}}},
        "start:live", "",
    ),
}  # fmt: skip

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (FUNCTION, {**START, "name": "a" * 65}, "name: must be 1 to 64 letters"),
    (FUNCTION, {**START, "role": "start"}, "role: must match"),
    (FUNCTION, {**START, "runtime": "python4"}, "runtime: must be one of nodejs"),
    (FUNCTION, {**START, "runtime": None}, "runtime: must be given for a .zip file"),
    (FUNCTION, {**START, "handler": None}, "handler: must be given for a .zip file"),
    (
        FUNCTION,
        {**START, "packageType": "Image", "s3Bucket": None, "imageUri": "a"},
        "handler: must not be given for an image",
    ),
    (FUNCTION, {**START, "imageUri": "a"}, "exactly one of code, imageUri, s3Bucket"),
    (FUNCTION, {**START, "s3Bucket": None}, "exactly one of code, imageUri, s3Bucket"),
    (FUNCTION, {**START, "memorySize": 127}, "memorySize: must be 128 to 10240 MB"),
    (FUNCTION, {**START, "memorySize": 10241}, "memorySize: must be 128 to 10240 MB"),
    (FUNCTION, {**START, "timeout": 901}, "timeout: must be 1 to 900 seconds"),
    (FUNCTION, {**START, "ephemeralStorage": {"size": 10241}}, "must be 512 to 10240 MB"),
    (FUNCTION, {**START, "reservedConcurrentExecutions": -2}, "reservedConcurrentExecutions"),
    (FUNCTION, {**START, "layers": ["a"] * 6}, "layers: must hold at most 5 layers"),
    (FUNCTION, {**START, "architectures": ["arm"]}, "architectures[0]: must be one of x86_64"),
    (
        FUNCTION,
        {**START, "environment": {"variables": {"AWS_REGION": "eu-west-1"}}},
        "environment.variables.AWS_REGION: is reserved by Lambda",
    ),
    (
        FUNCTION,
        {**START, "environment": {"variables": {"A": "a" * 4096}}},
        "environment.variables: must be at most 4096 bytes together",
    ),
    (FUNCTION, {**START, "vpcConfig": {"subnetIds": ["a"]}}, "vpcConfig.subnetIds[0]: must match"),
    (PERMISSION, {**ALLOW, "action": "invoke"}, "action: must match"),
    (PERMISSION, {**ALLOW, "statementId": "a b"}, "statementId: must match"),
    (PERMISSION, {**ALLOW, "sourceAccount": "me"}, "sourceAccount: must match"),
    (MAPPING, {"functionName": "a"}, "exactly one of eventSourceArn, selfManagedEventSource"),
    (MAPPING, {**READ, "batchSize": 10001}, "batchSize: must be 1 to 10000"),
    (MAPPING, {**READ, "batchSize": 11}, "maximumBatchingWindowInSeconds: must be at least 1"),
    (
        MAPPING,
        {**READ, "eventSourceArn": f"{QUEUE}.fifo", "batchSize": 11},
        "batchSize: must be at most 10 for a FIFO queue",
    ),
    (
        MAPPING,
        {**READ, "eventSourceArn": f"{QUEUE}.fifo", "maximumBatchingWindowInSeconds": 1},
        "maximumBatchingWindowInSeconds: is not supported for a FIFO queue",
    ),
    (MAPPING, {**READ, "maximumRetryAttempts": 1}, "maximumRetryAttempts: is not supported for"),
    (MAPPING, {**READ, "scalingConfig": {"maximumConcurrency": 1}}, "must be 2 to 1000"),
    (
        MAPPING,
        _from("kinesis:us-east-1:123456789012:stream/a"),
        "startingPosition: must be given for a stream",
    ),
    (
        MAPPING,
        {**READ, "filterCriteria": {"filters": [{"pattern": "[]"}]}},
        "filterCriteria.filters[0].pattern: must be a JSON object",
    ),
    (INVOKE, {"functionName": "a", "maximumRetryAttempts": 3}, "must be 0 to 2"),
    (INVOKE, {"functionName": "a", "maximumEventAgeInSeconds": 59}, "must be 60 to 21600"),
    (INVOCATION, {**RUN, "input": "none"}, "input: must be JSON"),
    (INVOCATION, {**RUN, "input": "[]", "lifecycleScope": "CRUD"}, "input: must be a JSON object"),
    (INVOCATION, {**RUN, "lifecycleScope": "ALWAYS"}, "lifecycleScope: must be one of CREATE_ONLY"),
    (INVOCATION, {**RUN, "functionName": "a b"}, "functionName: must match"),
    *(
        (
            INVOKE,
            {"functionName": "a", "destinationConfig": {when: {"destination": f"{QUEUE}.fifo"}}},
            f"destinationConfig.{when}.destination: must be the ARN of a standard queue",
        )
        for when in ("onFailure", "onSuccess")
    ),
]
