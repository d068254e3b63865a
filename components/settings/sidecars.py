"""Settings of containers that run beside a service's own."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from components.settings.base import Model, matching
from components.settings.container import Image

FLUENT_BIT: Image = "public.ecr.aws/aws-observability/aws-for-fluent-bit:3.4.12"
ADOT: Image = "public.ecr.aws/aws-observability/aws-otel-collector:v0.50.0"

CONTAINERS: Final[Mapping[str, str]] = {"firelens": "log-router", "adot": "otel-collector"}
"""Names of the sidecars' containers, by the setting that asks for one."""

PORTS: Final[Mapping[str, tuple[int, ...]]] = {
    "firelens": (8877, 24224),
    "adot": (4317, 4318, 13133),
}
"""TCP ports on which sidecars listen, in the network that the task's containers share: those of the
configuration that FireLens generates; OTLP by gRPC and HTTP, and the collector's health check."""


class FirelensSettings(Model):
    """FireLens: AWS for Fluent Bit takes the service's logs to a Firehose delivery stream.

    The container runs as root, which ECS demands of a log router, without capabilities and with a
    read-only root filesystem. Its own logs, and those of other sidecars, stay in the log group.
    """

    delivery_stream: Annotated[
        str,
        Field(max_length=64),
        matching(
            r"[a-zA-Z0-9_.-]+", "must be the name of a Firehose stream: letters, digits, _ . -"
        ),
    ]
    """Name of an existing Firehose delivery stream in the stack's account and region; the service
    may put records into it and nothing else."""
    image: Image = FLUENT_BIT
    """The log router's image."""


class AdotSettings(Model):
    """AWS Distro for OpenTelemetry: takes OTLP on localhost, port 4317 (gRPC) and 4318 (HTTP).

    Traces go to X-Ray (5 USD a million, us-east-1), metrics through the service's log group to
    CloudWatch (0.30 USD a metric and month, each combination of attributes being one).
    OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_PROTOCOL tell the service: gRPC by default.
    """

    image: Image = ADOT
    """The collector's image."""


class SidecarsSettings(Model):
    """Ready-made sidecars. They share the task's CPU and memory (ECS only)."""

    firelens: FirelensSettings | None = None
    """Route the service's logs to Firehose instead of CloudWatch; none by default."""
    adot: AdotSettings | None = None
    """Collect traces and metrics; none by default."""

    @property
    def asked_for(self) -> tuple[str, ...]:
        """The settings that ask for a sidecar."""
        return tuple(name for name in CONTAINERS if getattr(self, name) is not None)
