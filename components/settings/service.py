"""Settings of one service, the same words for both runtimes."""

from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from components.settings.base import NAME
from components.settings.container import ContainerCheckSettings
from components.settings.deployment import DeploymentSettings
from components.settings.protocol import PortProtocol
from components.settings.route import RouteSettings
from components.settings.scaling import ScalingSettings
from components.settings.task import TaskSettings

SERVICE_NAME_LENGTH = 20
"""A target group's automatic name (service, `-tg-`, seven random digits) has to stay within 32."""

ServiceName = Annotated[str, Field(max_length=SERVICE_NAME_LENGTH), NAME]


class ServiceSettings(TaskSettings):
    """A long-running service: a container image, its size, how it is reached and what it may do."""

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
    health_check: ContainerCheckSettings | None = None
    """A command in the container that says whether it is healthy; a container that isn't is
    replaced. None by default: the load balancer checks services with a route."""
    exec: bool = False
    """Let people with the right to ecs:ExecuteCommand open a shell in a task (ECS Exec, ECS only).
    It needs ecs.exec.enabled and a writable root filesystem."""
    deployment: DeploymentSettings = DeploymentSettings()
    """How a new version takes over."""
    scaling: ScalingSettings = ScalingSettings()
    """How many tasks run."""
    monthly_budget: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """USD a month that its tasks or pods may cost as deployed, 1 to 1000000. It becomes the tag
    `monthly-budget-usd`, on EKS an annotation, with which the policy pack compares its estimate
    before anything is deployed (rule cost-budget). None by default: nothing is compared."""
    callers: tuple[ServiceName, ...] = ()
    """Services of the same runtime that may connect to `port`; nobody else can."""
    after: tuple[Annotated[str, Field(max_length=SERVICE_NAME_LENGTH)], ...] = ()
    """Jobs with atDeployment, such as a database migration, that have ended well before a new
    version of the service starts: its deployment waits for them and doesn't begin when one
    fails."""
    zone_spread: Literal["best-effort", "guaranteed"] = "best-effort"
    """How pods are spread over availability zones (EKS only: ECS spreads tasks by itself). Fargate
    places each pod without a look at the others, so that `best-effort` may have them all in one
    zone. `guaranteed` is a Deployment in each zone that `scaling` is shared among, with one pod in
    each at least; each zone scales by its own pods' load, up to its share of max. It needs
    zoneProfiles in the namespace. A change between the two starts the new pods before it ends the
    old ones."""

    @property
    def commands(self) -> tuple[tuple[str, ...], ...]:
        """All commands that its container is given."""
        check = self.health_check.command if self.health_check else ()
        return (*super().commands, check)

    @field_validator("route")
    @classmethod
    def _checked_by_its_protocol(
        cls, route: RouteSettings | None, info: ValidationInfo
    ) -> RouteSettings | None:
        return route and route.for_protocol(info.data.get("protocol", "http"))

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
