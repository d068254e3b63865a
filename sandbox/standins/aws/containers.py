"""What Fargate and ECS refuse about a task definition, beyond the API model.

Sources: ECS developer guide, "Task definition parameters for Fargate" and "Task definition
differences for Fargate"; RegisterTaskDefinition in the ECS API reference.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws.limits import value_at
from sandbox.standins.wire import has_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_GIB = 1024

# CPU units to memory in MiB (ECS developer guide, "Task CPU and memory").
FARGATE_SIZES: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1 * _GIB, 4 * _GIB + 1, _GIB)),
    1024: tuple(range(2 * _GIB, 8 * _GIB + 1, _GIB)),
    2048: tuple(range(4 * _GIB, 16 * _GIB + 1, _GIB)),
    4096: tuple(range(8 * _GIB, 30 * _GIB + 1, _GIB)),
    8192: tuple(range(16 * _GIB, 60 * _GIB + 1, 4 * _GIB)),
    16384: tuple(range(32 * _GIB, 120 * _GIB + 1, 8 * _GIB)),
    32768: (60 * _GIB, 120 * _GIB, 244 * _GIB),
}
_MOST_CONTAINERS = 10
_FARGATE_DRIVERS = ("awslogs", "splunk", "awsfirelens")
_REFUSED_BY_FARGATE = ("privileged", "links", "extraHosts", "dnsServers", "dockerSecurityOptions")
_PATH = "containerDefinitions"
_HEALTH_RANGES = {
    "interval": (5, 300),
    "timeout": (2, 60),
    "retries": (1, 10),
    "startPeriod": (0, 300),
}
_STOP_SECONDS = 120


def task_size(inputs: Mapping[str, Any]) -> list[str]:
    """CPU and memory must be a combination that Fargate offers."""
    if not _on_fargate(inputs):
        return []
    if inputs.get("cpu") is None or inputs.get("memory") is None:
        return ["cpu, memory: must both be given for Fargate"]
    cpu, memory = str(value_at(inputs, "cpu")), str(value_at(inputs, "memory"))
    if not (cpu.isdigit() and memory.isdigit()):
        return []  # unknown, or such as "1 vCPU" and "2GB", which AWS accepts too
    offered = FARGATE_SIZES.get(int(cpu), ())
    if not offered:
        return [f"cpu: must be one of {', '.join(map(str, FARGATE_SIZES))} CPU units for Fargate"]
    sizes = ", ".join(map(str, offered))
    wrong = f"memory: must be one of {sizes} MiB for {cpu} CPU units on Fargate"
    return [] if int(memory) in offered else [wrong]


def network_mode(inputs: Mapping[str, Any]) -> list[str]:
    """Fargate has one network mode and no placement."""
    if not _on_fargate(inputs):
        return []
    found = []
    if inputs.get("networkMode") != "awsvpc" and not has_unknown(inputs.get("networkMode")):
        found.append("networkMode: must be awsvpc for Fargate")
    found += [
        f"{key}: is not supported on Fargate"
        for key in ("ipcMode", "placementConstraints")
        if inputs.get(key)
    ]
    return found


def container_definitions(inputs: Mapping[str, Any]) -> list[str]:
    """The containers, parsed from their JSON."""
    text = inputs.get(_PATH)
    if not isinstance(text, str) or has_unknown(text):
        return []
    try:
        containers = json.loads(text)
    except ValueError:
        return [f"{_PATH}: must be a JSON array of containers"]
    if not isinstance(containers, list) or not all(isinstance(c, dict) for c in containers):
        return [f"{_PATH}: must be a JSON array of containers"]
    return [*_together(containers), *_each(containers, on_fargate=_on_fargate(inputs))]


def _on_fargate(inputs: Mapping[str, Any]) -> bool:
    return "FARGATE" in (inputs.get("requiresCompatibilities") or [])


def _together(containers: list[dict[str, Any]]) -> Iterator[str]:
    if not 1 <= len(containers) <= _MOST_CONTAINERS:
        yield f"{_PATH}: must hold 1 to {_MOST_CONTAINERS} containers"
        return
    names = [container.get("name") for container in containers]
    if len(set(map(str, names))) < len(names):
        yield f"{_PATH}: every container must have a name of its own"
    if not any(container.get("essential", True) for container in containers):
        yield f"{_PATH}: at least one container must be essential"


def _each(containers: list[dict[str, Any]], *, on_fargate: bool) -> Iterator[str]:
    for index, container in enumerate(containers):
        path = f"{_PATH}[{index}]"
        yield from (f"{path}.{k}: must be given" for k in ("name", "image") if not container.get(k))
        yield from _health(container.get("healthCheck") or {}, f"{path}.healthCheck")
        if on_fargate:
            yield from _fargate(container, path)


def _health(health: Mapping[str, Any], path: str) -> Iterator[str]:
    for key, (low, high) in _HEALTH_RANGES.items():
        given = health.get(key)
        if given is not None and not low <= given <= high:
            yield f"{path}.{key}: must be {low} to {high}"


def _fargate(container: Mapping[str, Any], path: str) -> Iterator[str]:
    for key in _REFUSED_BY_FARGATE:
        if container.get(key):
            yield f"{path}.{key}: is not supported on Fargate"
    stop = container.get("stopTimeout")
    if stop is not None and stop > _STOP_SECONDS:
        yield f"{path}.stopTimeout: must be at most {_STOP_SECONDS} seconds on Fargate"
    for index, mapping in enumerate(container.get("portMappings") or []):
        host = mapping.get("hostPort")
        if host is not None and host != mapping.get("containerPort"):
            where = f"{path}.portMappings[{index}].hostPort"
            yield f"{where}: must equal containerPort with the network mode awsvpc"
    capabilities = (container.get("linuxParameters") or {}).get("capabilities") or {}
    if set(capabilities.get("add") or []) - {"SYS_PTRACE"}:
        yield f"{path}.linuxParameters.capabilities.add: must hold SYS_PTRACE only on Fargate"
    yield from _logging(container.get("logConfiguration") or {}, f"{path}.logConfiguration")


def _logging(logging: Mapping[str, Any], path: str) -> Iterator[str]:
    driver = logging.get("logDriver")
    if driver is not None and driver not in _FARGATE_DRIVERS:
        yield f"{path}.logDriver: must be one of {', '.join(_FARGATE_DRIVERS)} on Fargate"
    options = logging.get("options") or {}
    if driver == "awslogs":
        for key in ("awslogs-group", "awslogs-region", "awslogs-stream-prefix"):
            if not options.get(key):
                yield f"{path}.options.{key}: must be given for awslogs on Fargate"
