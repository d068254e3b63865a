"""Container definitions of ECS tasks, as canonical JSON: the same settings make the same text."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components.settings import ServiceSettings, TaskSettings

ContainerDefinition = Mapping[str, Any]
"""A container definition as ECS's API takes it; its values may be Outputs that a preview knows."""


def log_options(log_group: pulumi.Input[str], region: str, prefix: str) -> Mapping[str, Any]:
    """Return options of the awslogs driver that never block the container on its logs."""
    return {
        "awslogs-group": log_group,
        "awslogs-region": region,
        "awslogs-stream-prefix": prefix,
        "max-buffer-size": "25m",
        "mode": "non-blocking",
    }


def awslogs(log_group: pulumi.Input[str], region: str, prefix: str) -> Mapping[str, Any]:
    """Return the log configuration of a container that logs to CloudWatch."""
    return {"logDriver": "awslogs", "options": log_options(log_group, region, prefix)}


def container(
    name: str,
    *,
    image: pulumi.Input[str],
    user: int,
    logs: Mapping[str, Any],
    environment: Mapping[str, pulumi.Input[str]] | None = None,
    **more: object,
) -> ContainerDefinition:
    """Return a container definition without privileges.

    What ECS fills in by itself (hostPort, empty lists) is written out and lists are sorted, so that
    a second preview finds no difference.

    Args:
        name: the container's name.
        image: its image.
        user: the numeric user that it runs as.
        logs: its log configuration.
        environment: its environment variables.
        more: further members, by ECS's name of them; they replace those made here.
    """
    return {
        "name": name,
        "image": image,
        "essential": True,
        "user": str(user),
        "readonlyRootFilesystem": True,
        "privileged": False,
        "linuxParameters": linux_parameters({}),
        "environment": [
            {"name": key, "value": value} for key, value in sorted((environment or {}).items())
        ],
        "portMappings": [],
        "mountPoints": [],
        "systemControls": [],
        "volumesFrom": [],
        "logConfiguration": logs,
        **more,
    }


def linux_parameters(writable: Mapping[str, int]) -> Mapping[str, Any]:
    """Return an init process, no capabilities, and folders in memory to write in.

    Args:
        writable: MiB by path. Fargate supports tmpfs since January 2026 (containers-roadmap, issue
            736). A bind mount wouldn't do: it belongs to root, and the container doesn't run as
            root. By Docker's default everybody can write in a tmpfs (mode 1777).
    """
    mounts = [
        {"containerPath": path, "size": size, "mountOptions": ["nodev", "nosuid"]}
        for path, size in sorted(writable.items())
    ]
    return {
        "initProcessEnabled": True,
        "capabilities": {"add": [], "drop": ["ALL"]},
        **({"tmpfs": mounts} if mounts else {}),
    }


def own_container(
    name: str,
    task: TaskSettings,
    *,
    image: pulumi.Input[str],
    logs: Mapping[str, Any],
    environment: Mapping[str, pulumi.Input[str]],
    secrets: Mapping[str, pulumi.Input[str]],
    mount_points: Sequence[Mapping[str, Any]] = (),
    after: Sequence[str] = (),
    **more: object,
) -> ContainerDefinition:
    """Return the definition of a service's or job's own container.

    Args:
        name: the service's or job's, and so the container's, name.
        task: its settings.
        image: its image, with a tag or a digest.
        logs: its log configuration.
        environment: variables that the platform adds; its own win, secrets too (ECS refuses a
            variable from two sources).
        secrets: what to read at the start of a task, by variable: ECS's `valueFrom`.
        mount_points: where volumes of the task are seen.
        after: sidecars that have to run before it.
        more: further members, such as those of `serving`.
    """
    optional = {
        "command": list(task.command),
        "dependsOn": [{"containerName": other, "condition": "START"} for other in sorted(after)],
        "secrets": [
            {"name": variable, "valueFrom": source} for variable, source in sorted(secrets.items())
        ],
        "ulimits": _ulimits(task),
    }
    added = {key: value for key, value in environment.items() if key not in secrets}
    return container(
        name,
        image=image,
        user=task.user,
        logs=logs,
        environment={**added, **task.environment},
        readonlyRootFilesystem=task.read_only_root,
        linuxParameters=linux_parameters(task.writable_paths),
        mountPoints=list(mount_points),
        stopTimeout=task.stop_timeout,
        **{key: value for key, value in optional.items() if value},
        **more,
    )


def serving(name: str, service: ServiceSettings) -> Mapping[str, Any]:
    """Return what a container definition has besides when it serves: its port and health check."""
    check = _health_check(service)
    port = {
        "name": name,
        "containerPort": service.port,
        "hostPort": service.port,
        "protocol": "tcp",
        # Without it Service Connect takes the port for TCP (API reference, PortMapping).
        **({"appProtocol": service.protocol} if service.protocol != "tcp" else {}),
    }
    return {
        "portMappings": [port] if service.port else [],
        **({"healthCheck": check} if check else {}),
    }


def definitions(containers: Sequence[ContainerDefinition]) -> pulumi.Output[str]:
    """Return a task definition's containers as JSON: the same settings make the same text."""
    ordered = sorted(containers, key=lambda one: str(one["name"]))
    return pulumi.Output.json_dumps(ordered, sort_keys=True)


def _health_check(service: ServiceSettings) -> Mapping[str, Any] | None:
    check = service.health_check
    if check is None:
        return None
    return {
        "command": ["CMD", *check.command],
        "interval": check.interval,
        "timeout": check.timeout,
        "retries": check.retries,
        "startPeriod": check.start_period,
    }


def _ulimits(task: TaskSettings) -> Sequence[Mapping[str, Any]]:
    if task.ulimits is None:
        return []
    files = task.ulimits.nofile
    return [{"name": "nofile", "softLimit": files, "hardLimit": files}]
