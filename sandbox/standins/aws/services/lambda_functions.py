"""Lambda: functions, who may invoke them, what invokes them, and how failures are handled.

What replaces and what defaults: function.go, permission.go, event_source_mapping.go,
function_event_invoke_config.go and invocation.go of the Terraform provider.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import event_patterns, limits
from sandbox.standins.aws.kinds import EVERYTHING_BUT_TAGS, Facts, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.standins import diff
    from sandbox.standins.wire import Properties

_MODIFIED = "2026-01-01T00:00:00.000+0000"
_DIGEST = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="  # of nothing
_MOST_ENVIRONMENT = 4 * 1024
# Lambda developer guide, "Defined runtime environment variables": those that can't be set.
_RESERVED = frozenset(
    {
        "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT", "_HANDLER", "_X_AMZN_TRACE_ID",
    }
)  # fmt: skip
_UNBATCHED = 10


def _arn(facts: Facts) -> str:
    return facts.place.arn("lambda", f"function:{facts.text('name')}")


def _function(facts: Facts) -> dict[str, Any]:
    def invoke(arn: str, call: str = "2015-03-31", verb: str = "invocations") -> str:
        region, partition = facts.place.region, facts.place.partition
        path = f"path/{call}/functions/{arn}/{verb}"
        return f"arn:{partition}:apigateway:{region}:lambda:{path}"

    arn = _arn(facts)
    return {
        "architectures": ["x86_64"],
        "arn": arn,
        "codeSha256": _DIGEST,
        "ephemeralStorage": {"size": 512},
        "invokeArn": invoke(arn),
        "lastModified": _MODIFIED,
        "loggingConfig": {"logFormat": "Text", "logGroup": f"/aws/lambda/{facts.text('name')}"},
        "qualifiedArn": f"{arn}:$LATEST",
        "qualifiedInvokeArn": invoke(f"{arn}:$LATEST"),
        "responseStreamingInvokeArn": invoke(arn, "2021-11-15", "response-streaming-invocations"),
        "sourceCodeHash": _DIGEST,
        "tracingConfig": {"mode": "PassThrough"},
        "version": "$LATEST",
    }


def _durable(old: Properties, new: Properties, change: diff.Change) -> bool:
    """Durability comes and goes with the function only (CustomizeDiff in function.go)."""
    changed = bool(old.get("durableConfig")) != bool(new.get("durableConfig"))
    return change.path.startswith("durableConfig") and changed


def _package(inputs: Mapping[str, Any]) -> list[str]:
    """CreateFunction in the Lambda API reference."""
    if inputs.get("packageType") == "Image":
        return [f"{key}: must not be given for an image" for key in ("handler", "runtime")
                if inputs.get(key)]  # fmt: skip
    return [f"{key}: must be given for a .zip file" for key in ("handler", "runtime")
            if not inputs.get(key)]  # fmt: skip


def _environment(inputs: Mapping[str, Any]) -> list[str]:
    """Lambda quotas, "Environment variables": 4 KB for all."""
    variables = limits.value_at(inputs, "environment.variables")
    if not isinstance(variables, dict):
        return []
    path = "environment.variables"
    found = [f"{path}.{key}: is reserved by Lambda" for key in variables if key in _RESERVED]
    if sum(len(f"{key}{value}".encode()) for key, value in variables.items()) > _MOST_ENVIRONMENT:
        found.append(f"{path}: must be at most {_MOST_ENVIRONMENT} bytes together")
    return found


def _invoked(facts: Facts) -> str:
    name, qualifier = facts.text("functionName"), facts.text("qualifier")
    return f"{name}:{qualifier}" if qualifier else name


def _queue(inputs: Mapping[str, Any]) -> list[str]:
    """CreateEventSourceMapping in the Lambda API reference, for SQS."""
    source = limits.value_at(inputs, "eventSourceArn")
    if not isinstance(source, str):
        return []
    if ":sqs:" not in source:
        streams = any(f":{name}:" in source for name in ("kinesis", "dynamodb"))
        missing = streams and not inputs.get("startingPosition")
        return ["startingPosition: must be given for a stream"] if missing else []
    size = limits.value_at(inputs, "batchSize") or _UNBATCHED
    fifo, window = source.endswith(".fifo"), inputs.get("maximumBatchingWindowInSeconds")
    found = [
        f"{key}: is not supported for a queue" for key in _STREAMS if inputs.get(key) is not None
    ]
    if fifo and window:
        found.append("maximumBatchingWindowInSeconds: is not supported for a FIFO queue")
    if int(size) > _UNBATCHED and fifo:
        found.append(f"batchSize: must be at most {_UNBATCHED} for a FIFO queue")
    elif int(size) > _UNBATCHED and not window:
        above = f"with a batchSize above {_UNBATCHED}"
        found.append(f"maximumBatchingWindowInSeconds: must be at least 1 {above}")
    return found


_STREAMS = (
    "bisectBatchOnFunctionError", "destinationConfig", "maximumRecordAgeInSeconds",
    "maximumRetryAttempts", "parallelizationFactor", "startingPosition", "tumblingWindowInSeconds",
)  # fmt: skip


def _mapping(facts: Facts) -> dict[str, Any]:
    name = facts.text("functionName")
    function = name if name.startswith("arn:") else facts.place.arn("lambda", f"function:{name}")
    return {
        "arn": facts.place.arn("lambda", f"event-source-mapping:{facts.id}"),
        "functionArn": function,
        "lastModified": "2026-01-01T00:00:00Z",
        "state": "Enabled",
        "stateTransitionReason": "USER_INITIATED",
        "uuid": facts.id,
    }


def _invocation_id(facts: Facts) -> str:
    digest = hashlib.md5(facts.text("input").encode(), usedforsecurity=False).hexdigest()
    return f"{facts.text('functionName')},{facts.text('qualifier') or '$LATEST'},{digest}"


def _new_input(_: Properties, new: Properties, change: diff.Change) -> bool:
    """Another input is another resource, unless it is called for updates too (CustomizeDiff)."""
    return change.path == "input" and new.get("lifecycleScope", "CREATE_ONLY") == "CREATE_ONLY"


def _object(inputs: Mapping[str, Any]) -> list[str]:
    """CustomizeDiff in invocation.go: what adds the action to the input needs an object."""
    text = limits.value_at(inputs, "input")
    crud = inputs.get("lifecycleScope") == "CRUD" and isinstance(text, str)
    if crud and not text.strip().startswith("{"):
        return ["input: must be a JSON object with the lifecycleScope CRUD"]
    return []


KINDS = {
    "aws:lambda/function:Function": Kind(
        id=lambda f: f.text("name"),
        outputs=_function,
        replaces=("name", "packageType", "tenancyConfig"),
        replaces_if=_durable,
        defaults={
            "memorySize": 128,
            "packageType": "Zip",
            "publish": False,
            "reservedConcurrentExecutions": -1,
            "skipDestroy": False,
            "timeout": 3,
        },
        name_limit=64,
        unique=lambda f: f.text("name"),
        taken="ResourceConflictException",
        operations=(
            operation(
                "lambda",
                "CreateFunction",
                renames={
                    "imageUri": "code.imageUri",
                    "name": "functionName",
                    "s3Bucket": "code.s3Bucket",
                    "s3Key": "code.s3Key",
                    "s3ObjectVersion": "code.s3ObjectVersion",
                    "sourceKmsKeyArn": "code.sourceKMSKeyArn",
                },
                skips={
                    "code": "an archive that the provider sends as ZipFile",
                    "codeSha256": "decides whether code changed",
                    "replaceSecurityGroupsOnDestroy": "the provider's own",
                    "replacementSecurityGroupIds": "the provider's own",
                    "reservedConcurrentExecutions": "PutFunctionConcurrency: among the checks",
                    "skipDestroy": "decides whether the function is deleted",
                    "sourceCodeHash": "decides whether code changed",
                    "useResourceTimeoutForPropagation": "how long the provider waits",
                },
            ),
        ),
        # Lambda quotas (the API model's larger ranges are those of managed instances), and
        # "Function configuration" there for layers.
        checks=(
            limits.text("name", r"[A-Za-z0-9_-]{1,64}", "be 1 to 64 letters, digits, - and _"),
            limits.exactly_one("code", "imageUri", "s3Bucket"),
            _package,
            _environment,
            limits.number("memorySize", 128, 10240, "MB"),
            limits.number("timeout", 1, 900, "seconds"),
            limits.number("ephemeralStorage.size", 512, 10240, "MB"),
            limits.number("reservedConcurrentExecutions", -1, 2147483647),
            limits.at_most("layers", 5, "layers"),
        ),
    ),
    "aws:lambda/permission:Permission": Kind(
        id=lambda f: f.text("statementId"),
        replaces=EVERYTHING_BUT_TAGS,
        name="statementId",
        name_limit=100,
        unique=lambda f: f"{f.text('function')}:{f.text('qualifier')}/{f.text('statementId')}",
        taken="ResourceConflictException",
        operations=(
            operation(
                "lambda",
                "AddPermission",
                renames={"function": "functionName"},
                skips={"statementIdPrefix": "becomes the statement's id"},
            ),
        ),
    ),
    "aws:lambda/eventSourceMapping:EventSourceMapping": Kind(
        id=lambda f: f.uuid("mapping"),
        outputs=_mapping,
        follows=("functionArn",),
        replaces=(
            "amazonManagedKafkaEventSourceConfig",
            "eventSourceArn",
            "queues",
            "selfManagedEventSource",
            "selfManagedKafkaEventSourceConfig",
            "startingPosition",
            "startingPositionTimestamp",
            "topics",
        ),
        defaults={"enabled": True},
        unique=lambda f: f"{f.text('functionName')} {f.text('eventSourceArn') or f.seed}",
        taken="ResourceConflictException",
        operations=(
            operation(
                "lambda",
                "CreateEventSourceMapping",
                skips={"useResourceTimeoutForPropagation": "how long the provider waits"},
            ),
        ),
        checks=(
            limits.exactly_one("eventSourceArn", "selfManagedEventSource"),
            _queue,
            # Lambda developer guide, "Control which events Lambda sends to your function": five.
            event_patterns.filters("filterCriteria.filters", 5),
        ),
    ),
    # No function runs here: its answer is that of one that returns nothing.
    "aws:lambda/invocation:Invocation": Kind(
        id=_invocation_id,
        outputs=lambda _: {"result": "null"},
        replaces=("functionName", "qualifier", "triggers"),
        replaces_if=_new_input,
        defaults={
            "lifecycleScope": "CREATE_ONLY",
            "qualifier": "$LATEST",
            "terraformKey": "tf",
        },
        operations=(
            operation(
                "lambda",
                "Invoke",
                renames={"input": "payload"},
                skips={
                    "lifecycleScope": "decides when the function is called: among the checks",
                    "terraformKey": "where the provider adds what it does to the input",
                    "triggers": "decide whether it is called again",
                },
            ),
        ),
        checks=(
            limits.json_text("input"),
            limits.one_of("lifecycleScope", ("CREATE_ONLY", "CRUD")),
            _object,
        ),
    ),
    # PutFunctionEventInvokeConfig overwrites what was set before.
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": Kind(
        id=_invoked,
        replaces=("functionName", "qualifier"),
        defaults={"maximumRetryAttempts": 2},
        operations=(operation("lambda", "PutFunctionEventInvokeConfig"),),
        # DestinationConfig in the Lambda API reference: standard queues and topics only.
        checks=tuple(
            limits.text(
                f"destinationConfig.{when}.destination",
                r"arn:aws[\w-]*:(events|lambda|s3|sns|sqs):.+(?<!\.fifo)",
                "be the ARN of a standard queue or topic, a function, an event bus or a bucket",
            )
            for when in ("onFailure", "onSuccess")
        ),
    ),
}
