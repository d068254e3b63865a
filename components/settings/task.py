"""Settings that whatever runs has in common, be it a service or a job."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from components.settings.base import Model, RetentionDays
from components.settings.build import BuildSettings
from components.settings.capacity import CapacitySettings
from components.settings.container import (
    EnvironmentName,
    Image,
    Mebibytes,
    SecretReference,
    SizeSettings,
    UlimitSettings,
    VariableName,
)
from components.settings.file_system import FileMountSettings
from components.settings.paths import MountPath, WritablePath
from components.settings.sidecars import SidecarsSettings

TASK_DEFINITION: Final = 64 * 1024
"""Bytes of a task definition (Amazon ECS service quotas; it can't be raised)."""
OF_THE_PLATFORM: Final = 8 * 1024
"""Bytes of it that stay for the rest: sidecars, log options, where grants are found."""


class TaskSettings(Model):
    """What a task or pod runs, how large it is and what it may do."""

    runtime: Literal["ecs", "eks"] = "ecs"
    """Where it runs, on Fargate both: on ECS as tasks, on EKS as pods."""
    image: Image | None = None
    """Container image with a tag (not latest) or a digest; either this or build is given."""
    build: BuildSettings | None = None
    """An image that the deployment builds from a folder and pushes to ECR; either this or image is
    given."""
    command: tuple[Annotated[str, Field(min_length=1, max_length=4096)], ...] = ()
    """Arguments given to the image's entry point; the image's own by default."""
    size: SizeSettings = SizeSettings()
    """CPU and memory of a task."""
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """CPU architecture; arm64 costs about 20 % less (ECS only)."""
    capacity: CapacitySettings | None = None
    """on-demand, spot, or a mix such as `{onDemand: {base: 1}, spot: {weight: 3}}` (ECS only).
    Without it that of the cluster, ecs.defaultCapacity: on demand unless that says otherwise."""
    storage: Annotated[int, Field(ge=20, le=200)] = 20
    """GiB of the task's disk, 20 to 200 (EKS: to 175), the image included; gone with the task. 20
    are free, each one more costs 0.000111 USD an hour (0.08 USD a month, us-east-1)."""
    files: dict[MountPath, FileMountSettings] = Field(default_factory=dict)
    """Directories of file systems declared below fileSystems, by the container's path: they outlive
    the task, and all its tasks share them (ECS only)."""
    environment: dict[EnvironmentName, Annotated[str, Field(max_length=4096)]] = Field(
        default_factory=dict
    )
    """Environment variables. Not for credentials: they are readable in the task definition."""
    secrets: dict[VariableName, SecretReference] = Field(default_factory=dict)
    """Environment variables that a secret or parameter declared in this file gives:
    `DB_PASSWORD: database:password` is the value of one key of a JSON secret. A new version of a
    secret starts new tasks with the next update. ECS reads them when a task starts; on EKS an
    operator copies them hourly into a Kubernetes Secret of its namespace, by one pod for each
    namespace with secrets (9 USD a month)."""
    user: Annotated[int, Field(ge=1, le=65_534)] = 65_534
    """Numeric user that the container runs as, never root (0). The default is nobody."""
    read_only_root: bool = True
    """Whether the container can't write to its image's files. False only for what can't do without,
    such as exec; the policy pack asks for an exemption then."""
    writable_paths: dict[WritablePath, Mebibytes] = Field(default_factory=dict)
    """Folders in which the container may write all the same, such as /tmp, with their size in MiB;
    gone with the task. On ECS they are in memory (tmpfs) and take from the task's, on EKS on the
    pod's disk."""
    stop_timeout: Annotated[int, Field(ge=2, le=120)] = 60
    """Seconds between SIGTERM and SIGKILL, 2 to 120; with a route more than its deregistration
    delay. A Spot interruption gives 120 in all."""
    ulimits: UlimitSettings | None = None
    """Limits of the operating system; Fargate's own by default (ECS only)."""
    sidecars: SidecarsSettings = SidecarsSettings()
    """Ready-made containers beside its own (ECS only)."""
    grants: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """What it may do, by the name of what this file declares: queues send, receive; topics and
    eventBuses publish; buckets read, write, delete; tables read, write; secrets and parameters
    read; keys encrypt, decrypt, sign, verify; jobs with lambda.request start, and jobs with batch
    submit (services only). Its environment says where to find them, such as ORDERS_QUEUE_URL for
    the queue orders."""
    namespace: str | None = None
    """Kubernetes namespace, one of eks.namespaces (EKS only). It needn't be given where there is
    one only."""
    log_retention_days: RetentionDays = 14
    """Days for which its logs are kept (ECS; on EKS the cluster has one log group)."""

    @property
    def commands(self) -> tuple[tuple[str, ...], ...]:
        """All commands that its container is given."""
        return (self.command,)

    @property
    def granted(self) -> Mapping[str, Sequence[str]]:
        """Access levels by name: its grants, and what follows from the rest of its settings."""
        return self.grants

    @property
    def definition_bytes(self) -> int:
        """What environment, secrets and commands take of a definition, as JSON."""
        variables = {**self.environment, **self.secrets}
        pairs = [{"name": name, "value": value} for name, value in variables.items()]
        return len(json.dumps([pairs, *self.commands]))

    @field_validator("size")
    @classmethod
    def _smallest_that_fits(cls, size: SizeSettings, info: ValidationInfo) -> SizeSettings:
        return size.for_runtime(info.data.get("runtime", "ecs"))

    @model_validator(mode="after")
    def _has_one_image(self) -> Self:
        if self.image is None and self.build is None:
            raise ValueError(
                "needs an image: set image to one with a tag, such as repository/name:1.2.3, or "
                "build to the folder to build it from"
            )
        if self.image is not None and self.build is not None:
            raise ValueError("image and build are two images; keep one of them")
        return self

    @model_validator(mode="after")
    def _each_variable_has_one_source(self) -> Self:
        for name in self.secrets:
            if name in self.environment:
                raise ValueError(f"{name} is in environment and in secrets; keep one of them")
        return self

    @model_validator(mode="after")
    def _fits_a_task_definition(self) -> Self:
        taken = self.definition_bytes
        if self.runtime == "ecs" and taken > TASK_DEFINITION - OF_THE_PLATFORM:
            raise ValueError(
                f"environment, secrets and commands take {taken} bytes as JSON; a task definition "
                f"holds {TASK_DEFINITION}, and {OF_THE_PLATFORM} of them are the platform's own: "
                "keep long values in the image, a parameter or a bucket"
            )
        return self

    @model_validator(mode="after")
    def _writable_paths_leave_memory(self) -> Self:
        taken = sum(self.writable_paths.values())
        if self.runtime == "ecs" and taken > self.size.memory // 2:
            raise ValueError(
                f"writablePaths take {taken} MiB of the task's {self.size.memory} MiB of memory; "
                "they may take half of it: make them smaller, or the task larger"
            )
        return self
