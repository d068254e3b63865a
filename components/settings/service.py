"""Settings of one service, the same words for both runtimes."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import NAME, Model, RetentionDays, matching
from components.sizes import size_problem

SERVICE_NAME_LENGTH = 20
"""A target group's automatic name (service, `-tg-`, seven random digits) has to stay within 32."""

CREDENTIAL_WORDS = ("PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY")

ServiceName = Annotated[str, Field(max_length=SERVICE_NAME_LENGTH), NAME]


def _pinned_image(image: str) -> str:
    name, _, digest = image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    if not tag and not digest:
        raise ValueError(
            "an image needs a tag or a digest, so that a deployment says what runs: "
            "repository/name:1.2.3 or repository/name@sha256:…"
        )
    if tag == "latest" and not digest:
        raise ValueError(
            "the tag latest means another image tomorrow; name a version or a digest instead"
        )
    return image


Image = Annotated[
    str,
    Field(max_length=512),
    matching(
        r"[a-z0-9][A-Za-z0-9._/-]*(:\d{1,5}/[a-z0-9._/-]+)?(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?"
        r"(@sha256:[0-9a-f]{64})?",
        "must be an image reference: registry/repository:tag or registry/repository@sha256:digest",
    ),
    AfterValidator(_pinned_image),
]


class SizeSettings(Model):
    """CPU and memory of one task or pod; Fargate bills them by the second."""

    cpu: float = 0.25
    """vCPU: 0.25, 0.5, 1, 2, 4, 8, 16 or 32."""
    memory: int = 512
    """MiB; which sizes go with which cpu is a fixed table."""

    @model_validator(mode="after")
    def _fargate_has_it(self) -> Self:
        problem = size_problem(self.cpu, self.memory)
        if problem:
            raise ValueError(problem)
        return self


class RouteSettings(Model):
    """Which requests the load balancer sends to the service."""

    path: Annotated[
        str,
        Field(max_length=128),
        matching(
            r"/[A-Za-z0-9_.$/~\"'@:+-]*\*?",
            "must start with / and hold letters, digits and _ - . $ / ~ \" ' @ : +; a * is allowed "
            "once, at the end: /api/*",
        ),
    ]
    """Path, such as /orders, or prefix, such as /orders/*. Longer paths are matched first."""
    host: (
        Annotated[
            str,
            Field(max_length=128),
            matching(
                r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+",
                "must be a lower-case host name: shop.example.com or *.example.com",
            ),
        ]
        | None
    ) = None
    """Host name, such as shop.example.com or *.example.com; any by default."""
    health_path: Annotated[
        str,
        Field(max_length=1024),
        matching(r"/[^\s*]*", "must start with / and hold no space or *"),
    ] = "/"
    """Path of the health check; an answer from 200 to 399 is healthy."""
    priority: Annotated[int, Field(ge=1, le=50_000)] | None = None
    """Priority of the listener rule, 1 (first) to 50000; computed from host and path by default."""


class ScalingSettings(Model):
    """How many tasks or pods run, following their CPU."""

    min: Annotated[int, Field(ge=1, le=1_000)] = 1
    """Smallest number of tasks; 2 or more survive the loss of a zone."""
    max: Annotated[int, Field(ge=1, le=5_000)] = 4
    """Largest number of tasks (ECS allows 5,000 a service)."""
    cpu: Annotated[int, Field(ge=10, le=90)] = 60
    """Average CPU, in percent of what was asked for, that scaling holds."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"min ({self.min}) must not exceed max ({self.max})")
        return self


def _no_credential(name: str) -> str:
    if any(word in name.upper() for word in CREDENTIAL_WORDS):
        raise ValueError(
            "looks like a credential, and environment is readable by anybody who may describe "
            "tasks; keep it in Secrets Manager and let the service read it"
        )
    if name.upper().startswith("AWS_"):
        raise ValueError("is set by AWS in every container; choose another name")
    return name


EnvironmentName = Annotated[
    str,
    Field(max_length=128),
    matching(
        r"[A-Za-z_][A-Za-z0-9_]*",
        "must be letters, digits and underscores, and not start with a digit",
    ),
    AfterValidator(_no_credential),
]
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
