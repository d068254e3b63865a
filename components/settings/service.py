"""Settings of one service, the same words for both runtimes."""

import json
from typing import Annotated, Final, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from components.settings.base import NAME, Model, RetentionDays
from components.settings.build import BuildSettings
from components.settings.capacity import CapacitySettings
from components.settings.container import (
    ContainerCheckSettings,
    EnvironmentName,
    Image,
    Mebibytes,
    SecretReference,
    SizeSettings,
    UlimitSettings,
    VariableName,
)
from components.settings.deployment import DeploymentSettings
from components.settings.file_system import FileMountSettings
from components.settings.paths import MountPath, WritablePath
from components.settings.protocol import PortProtocol
from components.settings.route import RouteSettings
from components.settings.scaling import ScalingSettings
from components.settings.sidecars import SidecarsSettings

SERVICE_NAME_LENGTH = 20
"""A target group's automatic name (service, `-tg-`, seven random digits) has to stay within 32."""

ServiceName = Annotated[str, Field(max_length=SERVICE_NAME_LENGTH), NAME]

TASK_DEFINITION: Final = 64 * 1024
"""Bytes of a task definition (Amazon ECS service quotas; it can't be raised)."""
OF_THE_PLATFORM: Final = 8 * 1024
"""Bytes of it that stay for the rest: sidecars, log options, where grants are found."""


class ServiceSettings(Model):
    """A long-running service: a container image, its size, how it is reached and what it may do."""

    runtime: Literal["ecs", "eks"] = "ecs"
    """Where it runs: as an ECS service or as a Deployment on EKS; on Fargate both."""
    image: Image | None = None
    """Container image with a tag (not latest) or a digest. A service has either this or build."""
    build: BuildSettings | None = None
    """An image that the deployment builds from a folder and pushes to ECR. A service has either
    this or image."""
    command: tuple[Annotated[str, Field(min_length=1, max_length=4096)], ...] = ()
    """Arguments given to the image's entry point; the image's own by default."""
    size: SizeSettings = SizeSettings()
    """CPU and memory of a task."""
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """CPU architecture; arm64 costs about 20 % less (ECS only)."""
    capacity: CapacitySettings | None = None
    """on-demand, spot, or a mix such as `{onDemand: {base: 1}, spot: {weight: 3}}` (ECS only).
    Without it that of the cluster, ecs.defaultCapacity: on demand unless that says otherwise."""
    port: Annotated[int, Field(ge=1024, le=65_535)] | None = None
    """TCP port on which the service listens, 1024 to 65535: containers don't run as root and can't
    listen below."""
    protocol: PortProtocol = "http"
    """What the service speaks on `port`, without TLS: http is HTTP/1, tcp anything that isn't HTTP.
    The load balancer takes http2 and grpc by HTTPS only, from clients that speak HTTP/2, and no
    tcp. A change interrupts the service: on ECS it is deleted and then created again, since Service
    Connect never changes a port's protocol."""
    route: RouteSettings | None = None
    """Requests that the load balancer sends here; none by default."""
    storage: Annotated[int, Field(ge=20, le=200)] = 20
    """GiB of the task's disk, 20 to 200 (EKS: to 175), the image included; gone with the task. 20
    are free, each one more costs 0.000111 USD an hour (0.08 USD a month, us-east-1)."""
    files: dict[MountPath, FileMountSettings] = Field(default_factory=dict)
    """Directories of file systems declared below fileSystems, by the container's path: they outlive
    the task, and all tasks of the service share them (ECS only)."""
    environment: dict[EnvironmentName, Annotated[str, Field(max_length=4096)]] = Field(
        default_factory=dict
    )
    """Environment variables. Not for credentials: they are readable in the task definition."""
    secrets: dict[VariableName, SecretReference] = Field(default_factory=dict)
    """Environment variables that a secret or parameter declared in this file gives:
    `DB_PASSWORD: database:password` is the value of one key of a JSON secret. A new version of a
    secret starts new tasks with the next update. ECS reads them when a task starts; on EKS an
    operator copies them hourly into a Kubernetes Secret of the service's namespace, by one pod for
    each namespace with secrets (9 USD a month)."""
    user: Annotated[int, Field(ge=1, le=65_534)] = 65_534
    """Numeric user that the container runs as, never root (0). The default is nobody."""
    read_only_root: bool = True
    """Whether the container can't write to its image's files. False only for what can't do without,
    such as exec; the policy pack asks for an exemption then."""
    writable_paths: dict[WritablePath, Mebibytes] = Field(default_factory=dict)
    """Folders in which the container may write all the same, such as /tmp, with their size in MiB;
    gone with the task. On ECS they are in memory (tmpfs) and take from the task's, on EKS on the
    pod's disk."""
    health_check: ContainerCheckSettings | None = None
    """A command in the container that says whether it is healthy; a container that isn't is
    replaced. None by default: the load balancer checks services with a route."""
    stop_timeout: Annotated[int, Field(ge=2, le=120)] = 60
    """Seconds between SIGTERM and SIGKILL, 2 to 120; with a route more than its deregistration
    delay. A Spot interruption gives 120 in all."""
    ulimits: UlimitSettings | None = None
    """Limits of the operating system; Fargate's own by default (ECS only)."""
    sidecars: SidecarsSettings = SidecarsSettings()
    """Ready-made containers beside the service's own (ECS only)."""
    exec: bool = False
    """Let people with the right to ecs:ExecuteCommand open a shell in a task (ECS Exec, ECS only).
    It needs ecs.exec.enabled and a writable root filesystem."""
    deployment: DeploymentSettings = DeploymentSettings()
    """How a new version takes over."""
    scaling: ScalingSettings = ScalingSettings()
    """How many tasks run."""
    callers: tuple[ServiceName, ...] = ()
    """Services of the same runtime that may connect to `port`; nobody else can."""
    grants: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """What the service may do, by the name of what this file declares: queues send, receive; topics
    and eventBuses publish; buckets read, write, delete; tables read, write; secrets and parameters
    read; keys encrypt, decrypt, sign, verify. Its environment says where to find them, such as
    ORDERS_QUEUE_URL for the queue orders."""
    namespace: str | None = None
    """Kubernetes namespace, one of eks.namespaces (EKS only). It needn't be given where there is
    one only."""
    zone_spread: Literal["best-effort", "guaranteed"] = "best-effort"
    """How pods are spread over availability zones (EKS only: ECS spreads tasks by itself). Fargate
    places each pod without a look at the others, so that `best-effort` may have them all in one
    zone. `guaranteed` is a Deployment in each zone that `scaling` is shared among, with one pod in
    each at least; each zone scales by its own pods' load, up to its share of max. It needs
    zoneProfiles in the namespace. A change between the two starts the new pods before it ends the
    old ones."""
    log_retention_days: RetentionDays = 14
    """Days for which the service's logs are kept (ECS; on EKS the cluster has one log group)."""

    @field_validator("size")
    @classmethod
    def _smallest_that_fits(cls, size: SizeSettings, info: ValidationInfo) -> SizeSettings:
        return size.for_runtime(info.data.get("runtime", "ecs"))

    @field_validator("route")
    @classmethod
    def _checked_by_its_protocol(
        cls, route: RouteSettings | None, info: ValidationInfo
    ) -> RouteSettings | None:
        return route and route.for_protocol(info.data.get("protocol", "http"))

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
    def _reachable_needs_a_port(self) -> Self:
        if self.port is None and (self.route or self.callers):
            what = "route" if self.route else "callers"
            raise ValueError(f"{what} needs a port: set port to the one the container listens on")
        if self.port is None and "protocol" in self.model_fields_set:
            raise ValueError("protocol is what port speaks: set port, or remove protocol")
        return self

    @model_validator(mode="after")
    def _shell_needs_a_writable_root(self) -> Self:
        if self.exec and self.read_only_root:
            raise ValueError(
                "exec needs a writable root filesystem, since the agent behind it writes there "
                "(ECS developer guide): set readOnlyRoot to false, or remove exec"
            )
        return self

    @model_validator(mode="after")
    def _each_variable_has_one_source(self) -> Self:
        for name in self.secrets:
            if name in self.environment:
                raise ValueError(f"{name} is in environment and in secrets; keep one of them")
        return self

    @model_validator(mode="after")
    def _fits_a_task_definition(self) -> Self:
        check = self.health_check.command if self.health_check else ()
        variables = {**self.environment, **self.secrets}
        pairs = [{"name": name, "value": value} for name, value in variables.items()]
        taken = len(json.dumps([pairs, self.command, check]))
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

    @model_validator(mode="after")
    def _shifting_traffic_needs_a_route(self) -> Self:
        if self.route is not None:
            return self
        if self.deployment.shifts_traffic:
            raise ValueError(
                f"deployment.strategy {self.deployment.strategy} shifts the requests of a route "
                "and needs one: add route, or use rolling"
            )
        if self.deployment.error_percent is not None:
            raise ValueError(
                "deployment.errorPercent counts the answers to a route's requests and needs one: "
                "add route, or remove errorPercent"
            )
        return self
