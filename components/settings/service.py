"""Settings of one service, the same words for both runtimes."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from components.settings.base import NAME, Model, RetentionDays
from components.settings.container import EnvironmentName, Image, SizeSettings
from components.settings.route import RouteSettings
from components.settings.scaling import ScalingSettings

SERVICE_NAME_LENGTH = 20
"""A target group's automatic name (service, `-tg-`, seven random digits) has to stay within 32."""

ServiceName = Annotated[str, Field(max_length=SERVICE_NAME_LENGTH), NAME]
QueueAccess = Literal["send", "receive"]


class ServiceSettings(Model):
    """A long-running service: a container image, its size, how it is reached and what it may do."""

    runtime: Literal["ecs", "eks"] = "ecs"
    """Where it runs: as an ECS service or as a Deployment on EKS; on Fargate both."""
    image: Image
    """Container image with a tag (not latest) or a digest."""
    command: tuple[Annotated[str, Field(min_length=1, max_length=4096)], ...] = ()
    """Arguments given to the image's entry point; the image's own by default."""
    size: SizeSettings = SizeSettings()
    """CPU and memory of a task."""
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """CPU architecture; arm64 costs about 20 % less (ECS only)."""
    capacity: Literal["on-demand", "spot"] = "on-demand"
    """Spot costs about 70 % less and is stopped with two minutes' notice (ECS only)."""
    port: Annotated[int, Field(ge=1024, le=65_535)] | None = None
    """TCP port on which the service listens, 1024 to 65535: containers don't run as root and can't
    listen below."""
    route: RouteSettings | None = None
    """Requests that the load balancer sends here; none by default."""
    environment: dict[EnvironmentName, Annotated[str, Field(max_length=4096)]] = Field(
        default_factory=dict
    )
    """Environment variables. Not for credentials: they are readable in the task definition."""
    user: Annotated[int, Field(ge=1, le=65_534)] = 65_534
    """Numeric user that the container runs as, never root (0). The default is nobody."""
    scaling: ScalingSettings = ScalingSettings()
    """How many tasks run."""
    callers: tuple[ServiceName, ...] = ()
    """Services of the same runtime that may connect to `port`; nobody else can."""
    grants: dict[str, Annotated[tuple[QueueAccess, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    """What the service may do, by the name of a queue declared in this file: send, receive."""
    namespace: str | None = None
    """Kubernetes namespace, one of eks.namespaces (EKS only); the first of them by default."""
    log_retention_days: RetentionDays = 14
    """Days for which the service's logs are kept (ECS; on EKS the cluster has one log group)."""

    @model_validator(mode="after")
    def _reachable_needs_a_port(self) -> Self:
        if self.port is None and (self.route or self.callers):
            what = "route" if self.route else "callers"
            raise ValueError(f"{what} needs a port: set port to the one the container listens on")
        return self
