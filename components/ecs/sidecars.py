"""Ready-made sidecars of ECS services: a log router and a collector of traces and metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi

from components.ecs.container import ContainerDefinition, awslogs, container, linux_parameters
from components.environment import Environment
from components.iam import Statement, allow
from components.images.images import ContainerImage, Images
from components.settings.sidecars import (
    CONTAINERS,
    AdotSettings,
    FirelensSettings,
    SidecarsSettings,
)

ROOT: Final = 0
"""ECS refuses a log router that runs as another user (containers-roadmap, issue 2122)."""
COLLECTOR_USER: Final = 65_534
FIRELENS: Final = CONTAINERS["firelens"]
ADOT: Final = CONTAINERS["adot"]


@dataclass(frozen=True)
class Sidecars:
    """What sidecars add to a task.

    Attributes:
        containers: their definitions.
        logs: the log configuration that the service's own container has with them.
        environment: variables that tell the service of them.
        statements: what they need of the task role.
        images: their images, with what pulling them takes.
    """

    logs: Mapping[str, Any]
    containers: Sequence[ContainerDefinition] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    statements: Sequence[Statement] = ()
    images: Sequence[ContainerImage] = ()

    @property
    def names(self) -> Sequence[str]:
        """Names of the containers that the service's own waits for."""
        return [str(one["name"]) for one in self.containers]


def sidecars(
    service: str,
    settings: SidecarsSettings,
    *,
    images: Images,
    log_group: pulumi.Input[str],
) -> Sidecars:
    """Return the sidecars that a service asks for.

    Args:
        service: the service's name.
        settings: which ones.
        images: where images come from.
        log_group: name of the service's log group, which holds the sidecars' own logs.
    """
    environment = images.environment
    found = Sidecars(awslogs(log_group, environment.region, service))
    if settings.firelens is not None:
        found = _with_firelens(found, settings.firelens, images, log_group)
    if settings.adot is not None:
        found = _with_adot(found, service, settings.adot, images, log_group)
    return found


def _with_firelens(
    before: Sidecars,
    settings: FirelensSettings,
    images: Images,
    log_group: pulumi.Input[str],
) -> Sidecars:
    environment, image = images.environment, images.container_image(settings.image)
    stream = settings.delivery_stream
    router = container(
        FIRELENS,
        image=image.reference,
        user=ROOT,
        logs=awslogs(log_group, environment.region, FIRELENS),
        linuxParameters=linux_parameters({"/tmp": 16}),  # noqa: S108 - a folder of the container's own
        firelensConfiguration={
            "type": "fluentbit",
            "options": {"enable-ecs-log-metadata": "true"},
        },
        memoryReservation=64,
    )
    return Sidecars(
        logs={
            "logDriver": "awsfirelens",
            "options": {
                "Name": "kinesis_firehose",
                "delivery_stream": stream,
                "region": environment.region,
                "retry_limit": "2",
            },
        },
        containers=[*before.containers, router],
        environment=before.environment,
        statements=[
            *before.statements,
            allow(
                ["firehose:PutRecordBatch"],
                [environment.arn("firehose", f"deliverystream/{stream}")],
            ),
        ],
        images=[*before.images, image],
    )


def _with_adot(
    before: Sidecars,
    service: str,
    settings: AdotSettings,
    images: Images,
    log_group: pulumi.Input[str],
) -> Sidecars:
    environment, image = images.environment, images.container_image(settings.image)
    configuration = pulumi.Output.json_dumps(
        collector_configuration(service, environment, log_group), sort_keys=True
    )
    collector = container(
        ADOT,
        image=image.reference,
        user=COLLECTOR_USER,
        logs=awslogs(log_group, environment.region, ADOT),
        # JSON is YAML, which the collector reads its configuration as.
        environment={"AOT_CONFIG_CONTENT": configuration},
        healthCheck={
            "command": ["CMD", "/healthcheck"],
            "interval": 15,
            "timeout": 5,
            "retries": 3,
            "startPeriod": 15,
        },
    )
    log_streams = environment.arn("logs", pulumi.Output.concat("log-group:", log_group, ":*"))
    return Sidecars(
        logs=before.logs,
        containers=[*before.containers, collector],
        environment={
            **before.environment,
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4317",
            # What SDKs speak by default differs, and the port fits one protocol only.
            "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
            "OTEL_RESOURCE_ATTRIBUTES": f"service.name={service}",
        },
        statements=[
            *before.statements,
            # It can't be limited to a resource (service authorization reference).
            allow(["xray:PutTraceSegments"], ["*"]),
            allow(["logs:CreateLogStream", "logs:PutLogEvents"], [log_streams]),
        ],
        images=[*before.images, image],
    )


def collector_configuration(
    service: str, environment: Environment, log_group: pulumi.Input[str]
) -> Mapping[str, Any]:
    """Return the collector's configuration: OTLP in, X-Ray and CloudWatch out.

    Metrics go to a log group that exists: with one of its own the collector would need the right
    to create groups, and they would keep everything for ever. Each task has a log stream. What
    tells tasks apart is kept out of the metrics, and so are sums over single attributes: CloudWatch
    bills each combination of attributes as a metric.
    """
    return {
        "extensions": {"health_check": {"endpoint": "localhost:13133"}},
        "receivers": {
            "otlp": {
                "protocols": {
                    "grpc": {"endpoint": "localhost:4317"},
                    "http": {"endpoint": "localhost:4318"},
                }
            }
        },
        "processors": {
            # Asks ECS which task this is, over the task's own metadata endpoint.
            "resourcedetection": {"detectors": ["ecs"], "override": False},
            "batch/traces": {"timeout": "1s"},
            "batch/metrics": {"timeout": "60s"},
        },
        "exporters": {
            "awsxray": {"region": environment.region},
            "awsemf": {
                "region": environment.region,
                "namespace": f"{environment.prefix}/{service}",
                "log_group_name": log_group,
                "log_stream_name": "metrics/{TaskId}",
                "dimension_rollup_option": "NoDimensionRollup",
                "resource_to_telemetry_conversion": {"enabled": False},
            },
        },
        "service": {
            "extensions": ["health_check"],
            # Its metrics of itself would take another port of the task, 8888.
            "telemetry": {"metrics": {"level": "none"}},
            "pipelines": {
                "traces": {
                    "receivers": ["otlp"],
                    "processors": ["resourcedetection", "batch/traces"],
                    "exporters": ["awsxray"],
                },
                "metrics": {
                    "receivers": ["otlp"],
                    "processors": ["resourcedetection", "batch/metrics"],
                    "exporters": ["awsemf"],
                },
            },
        },
    }
