"""Functions of AWS Lambda that start jobs' tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pulumi
import pulumi_aws as aws

from components.ecs.capacity import parts
from components.environment import Environment
from components.iam import Statement, allow, create_role, service_trust
from components.jobs.task import JobTask

PACKAGE: Final = "components/jobs/functions"
"""Where the sources are, in the project and in what Lambda gets."""
RUNTIME: Final = "python3.14"
ARCHITECTURE: Final = "arm64"
"""A fifth cheaper than x86_64, and to Python the same."""
MEMORY: Final = 256
"""MB; boto3 alone takes about 100."""


@dataclass(frozen=True)
class JobFunction:
    """A function, and what whoever calls it has to know.

    Attributes:
        function: the function.
        arn: its ARN, known in the first preview.
        ready: what its role may do; whatever has Lambda act for it comes after.
    """

    function: aws.lambda_.Function
    arn: pulumi.Output[str]
    ready: Sequence[pulumi.Resource]


def job_function(
    name: str,
    purpose: str,
    *,
    handler: str,
    files: Mapping[str, str],
    variables: Mapping[str, pulumi.Input[str]],
    statements: Sequence[Statement],
    timeout: int,
    logs_days: int,
    environment: Environment,
    prerequisites: pulumi.Output[Sequence[pulumi.Resource]],
    parent: pulumi.Resource,
    has_queue: bool = False,
) -> JobFunction:
    """Create a function with a log group, and a role that it alone has.

    It isn't in the VPC, where it reaches nothing that it needs, and nothing connects to it. Lambda
    gets the sources in the request that creates it, so there is no bucket for them.

    Args:
        name: the job's.
        purpose: what the function does with it, a part of names: start or run.
        handler: module in `PACKAGE` and its function, such as start_task.handle.
        files: texts that are packed besides, by name.
        variables: its environment, 4 KB in all.
        statements: what it may do besides writing its logs.
        timeout: seconds that it may run.
        logs_days: days for which its logs are kept.
        environment: where it is.
        prerequisites: what has to be there while it runs.
        parent: the component that it belongs to.
        has_queue: whether Lambda receives messages for it, with its role (ADR 22).
    """
    child = pulumi.ResourceOptions(parent=parent)
    fixed_name = environment.regional_name(name, purpose, limit=64)
    log_group = aws.cloudwatch.LogGroup(
        f"{name}-{purpose}-logs",
        name=f"/aws/lambda/{fixed_name}",
        retention_in_days=logs_days,
        opts=child,
    )
    streams = pulumi.Output.concat("log-group:", log_group.name, ":*")
    role, policies = create_role(
        f"{name}-{purpose}",
        fixed_name=environment.global_name(name, purpose),
        trust=service_trust(
            environment,
            "lambda.amazonaws.com",
            None if has_queue else environment.arn("lambda", f"function:{fixed_name}"),
        ),
        environment=environment,
        parent=parent,
        statements=[
            allow(
                ["logs:CreateLogStream", "logs:PutLogEvents"], [environment.arn("logs", streams)]
            ),
            *statements,
        ],
    )
    function = aws.lambda_.Function(
        f"{name}-{purpose}-function",
        name=fixed_name,
        description=f"Job {name}: {purpose}",
        package_type="Zip",
        runtime=RUNTIME,
        architectures=[ARCHITECTURE],
        handler=f"{PACKAGE.replace('/', '.')}.{handler}",
        code=pulumi.AssetArchive(_content(files)),
        role=environment.role_arn(role),
        memory_size=MEMORY,
        timeout=timeout,
        environment=aws.lambda_.FunctionEnvironmentArgs(variables=variables),
        logging_config=aws.lambda_.FunctionLoggingConfigArgs(
            log_format="JSON",
            log_group=log_group.name,
            application_log_level="INFO",
            system_log_level="INFO",
        ),
        # Traces would take rights on X-Ray, and a call here is one span.
        tracing_config=aws.lambda_.FunctionTracingConfigArgs(mode="PassThrough"),
        publish=False,
        opts=pulumi.ResourceOptions(
            parent=parent,
            depends_on=prerequisites.apply(lambda needed: [*needed, *policies, log_group]),
        ),
    )
    arn = environment.arn("lambda", pulumi.Output.concat("function:", function.name))
    return JobFunction(function, arn, policies)


def _content(files: Mapping[str, str]) -> dict[str, pulumi.Asset | pulumi.Archive]:
    """Return what is packed: all sources, at the places by which they import each other."""
    folder = Path(__file__).with_name("functions")
    sources = {
        f"{PACKAGE}/{file.name}": file.read_text("utf-8") for file in sorted(folder.glob("*.py"))
    }
    return {path: pulumi.StringAsset(text) for path, text in {**sources, **files}.items()}


def run_task_request(task: JobTask, started_by: str | None = None) -> pulumi.Output[str]:
    """Return RunTask's parameters that start one of a job's tasks, as boto3 takes them.

    Args:
        task: the job's.
        started_by: what its tasks are found by; ECS's own by default.
    """
    return pulumi.Output.json_dumps(
        {
            "cluster": task.cluster_arn,
            "taskDefinition": task.definition.arn,
            "count": 1,
            "capacityProviderStrategy": [
                {"capacityProvider": provider, "base": part.base, "weight": part.weight}
                for provider, _, part in parts(task.capacity)
            ],
            "networkConfiguration": {
                "awsvpcConfiguration": {
                    "subnets": task.cluster.network.private_subnet_ids,
                    "securityGroups": [task.group_id],
                    "assignPublicIp": "DISABLED",
                }
            },
            "enableECSManagedTags": True,
            "enableExecuteCommand": False,
            "propagateTags": "TASK_DEFINITION",
            **({"startedBy": started_by} if started_by else {}),
        },
        sort_keys=True,
    )
