"""Problems between a service and the sidecars that share its task."""

from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.relations.draft import Draft
from components.settings.service import ServiceSettings
from components.settings.sidecars import CONTAINERS, PORTS


def sidecar_problems(draft: Draft) -> Iterator[Problem]:
    """Yield names and ports that a service's container and a sidecar's would both have."""
    for where, name, task in draft.tasks:
        port = task.port if isinstance(task, ServiceSettings) else None
        for sidecar in task.sidecars.asked_for:
            if name == CONTAINERS[sidecar]:
                yield Problem(
                    where,
                    f"the sidecar {sidecar} is a container named {name} too, and ECS takes each "
                    "name once in a task: rename it",
                )
            if port in PORTS[sidecar]:
                yield Problem(
                    f"{where}.port",
                    f"given {port}: the sidecar {sidecar} listens there, and the "
                    "containers of a task share their ports: choose another one",
                )
