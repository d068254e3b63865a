"""What a job of AWS Batch runs, as its API takes it: plain data, no resources."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.ecs.files import Mount, mount_points
from components.ecs.task import ARCHITECTURE
from components.settings import JobSettings
from components.settings.batch_job import RetrySettings
from components.settings.file_system import volume_name
from components.sizes import FREE_STORAGE_GIB

SPOT_INTERRUPTION: Final = "Your Spot Task was interrupted*"
"""What the status reason of a try is that lost its capacity on Fargate Spot: ECS's stopped reason
(Amazon ECS developer guide, "Fargate capacity providers"). `Host EC2*` is what EC2 says."""

RetryStrategy = aws.batch.JobDefinitionRetryStrategyArgs
Condition = aws.batch.JobDefinitionRetryStrategyEvaluateOnExitArgs


def container_properties(
    job: JobSettings,
    *,
    image: pulumi.Input[str],
    log_group: pulumi.Input[str],
    region: str,
    stream_prefix: str,
    execution_role: pulumi.Input[str],
    job_role: pulumi.Input[str],
    environment: Mapping[str, pulumi.Input[str]],
    secrets: Mapping[str, pulumi.Input[str]],
    mounts: Sequence[Mount],
) -> pulumi.Output[str]:
    """Return a job definition's container as canonical JSON: the same settings make the same text.

    What Batch hasn't on Fargate isn't there: capabilities to drop, folders in memory, limits, a
    stop timeout. So capabilities are Docker's own, of which a user other than root has none.

    Args:
        job: the job's settings.
        image: its image, with a tag or a digest.
        log_group: where it logs.
        region: where that is.
        stream_prefix: what names of log streams begin with.
        execution_role: ARN of the role that starts it.
        job_role: ARN of the role that it has.
        environment: variables that the platform adds; its own win, secrets too.
        secrets: what to read at its start, by variable: ECS's `valueFrom`.
        mounts: directories of file systems.
    """
    added = {key: value for key, value in environment.items() if key not in secrets}
    variables = sorted({**added, **job.environment}.items())
    optional: Mapping[str, object] = {
        "command": list(job.command),
        "ephemeralStorage": {"sizeInGiB": job.storage} if job.storage > FREE_STORAGE_GIB else {},
        "mountPoints": mount_points(job.files),
        "secrets": [
            {"name": name, "valueFrom": source} for name, source in sorted(secrets.items())
        ],
        "volumes": [_volume(mount) for mount in mounts],
    }
    properties: Mapping[str, Any] = {
        "environment": [{"name": name, "value": value} for name, value in variables],
        "executionRoleArn": execution_role,
        "fargatePlatformConfiguration": {"platformVersion": "LATEST"},
        "image": image,
        "jobRoleArn": job_role,
        "linuxParameters": {"initProcessEnabled": True},
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": log_group,
                "awslogs-region": region,
                "awslogs-stream-prefix": stream_prefix,
            },
        },
        "networkConfiguration": {"assignPublicIp": "DISABLED"},
        "readonlyRootFilesystem": job.read_only_root,
        "resourceRequirements": [
            {"type": "MEMORY", "value": str(job.size.memory)},
            {"type": "VCPU", "value": f"{job.size.cpu:g}"},
        ],
        "runtimePlatform": {
            "cpuArchitecture": ARCHITECTURE[job.architecture],
            "operatingSystemFamily": "LINUX",
        },
        "user": str(job.user),
        **{key: value for key, value in optional.items() if value},
    }
    return pulumi.Output.json_dumps(properties, sort_keys=True)


def _volume(mount: Mount) -> Mapping[str, Any]:
    """Return a volume that is encrypted on the way, and opened with the job's role."""
    return {
        "name": volume_name(mount.path),
        "efsVolumeConfiguration": {
            "fileSystemId": mount.file_system.id,
            # The access point decides on the directory: Batch takes nothing but / beside it.
            "rootDirectory": "/",
            "transitEncryption": "ENABLED",
            "authorizationConfig": {"accessPointId": mount.access_point.id, "iam": "ENABLED"},
        },
    }


def retry_strategy(retries: int, retry_on: Sequence[RetrySettings]) -> RetryStrategy:
    """Return how often a job starts again, and after what end.

    The conditions are tried in their order, and what none matches is tried again: hence the last
    one (Batch user guide, "Automated job retries"). The provider keeps actions in lower case.
    """
    if not retries or not retry_on:
        return RetryStrategy(attempts=retries + 1)
    given = [
        Condition(
            action="retry",
            on_exit_code=each.exit_code,
            on_reason=each.reason,
            on_status_reason=each.status_reason,
        )
        for each in retry_on
    ]
    return RetryStrategy(
        attempts=retries + 1,
        evaluate_on_exits=[
            Condition(action="retry", on_status_reason=SPOT_INTERRUPTION),
            *given,
            Condition(action="exit", on_reason="*"),
        ],
    )
