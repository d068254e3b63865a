"""Container definitions of ECS tasks, as canonical JSON: the same settings make the same text."""

from collections.abc import Mapping
from typing import Any, Final

import pulumi

from components.settings import ServiceSettings

STOP_TIMEOUT: Final = 60
"""Seconds between SIGTERM and SIGKILL: longer than the load balancer's deregistration delay."""


def log_options(log_group: pulumi.Input[str], region: str, prefix: str) -> Mapping[str, Any]:
    """Return options of the awslogs driver that never block the container on its logs."""
    return {
        "awslogs-group": log_group,
        "awslogs-region": region,
        "awslogs-stream-prefix": prefix,
        "max-buffer-size": "25m",
        "mode": "non-blocking",
    }


def container_definitions(
    name: str, service: ServiceSettings, *, log_group: pulumi.Input[str], region: str
) -> pulumi.Output[str]:
    """Return the task definition's containers: the service's own.

    What ECS fills in by itself (hostPort, empty lists) is written out and all keys and names are
    sorted, so that a second preview finds no difference.

    Args:
        name: the service's, and so the container's, name.
        service: its settings.
        log_group: name of its log group.
        region: where the log group is.
    """
    port_mappings = [
        {
            "name": name,
            "containerPort": service.port,
            "hostPort": service.port,
            "protocol": "tcp",
            "appProtocol": "http",
        }
    ]
    container = {
        "name": name,
        "image": service.image,
        "essential": True,
        "user": str(service.user),
        "readonlyRootFilesystem": True,
        "privileged": False,
        "linuxParameters": {
            "initProcessEnabled": True,
            "capabilities": {"add": [], "drop": ["ALL"]},
        },
        "environment": [
            {"name": key, "value": value} for key, value in sorted(service.environment.items())
        ],
        "portMappings": port_mappings if service.port else [],
        "mountPoints": [],
        "systemControls": [],
        "volumesFrom": [],
        "stopTimeout": STOP_TIMEOUT,
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": log_options(log_group, region, name),
        },
        **({"command": list(service.command)} if service.command else {}),
    }
    return pulumi.Output.json_dumps([container], sort_keys=True)
