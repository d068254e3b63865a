"""What EventBridge, Scheduler and Pipes refuse about a target that runs an ECS task.

Sources: EcsParameters in the API references of EventBridge and Scheduler,
PipeTargetEcsTaskParameters in that of Pipes; RunTask in that of ECS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import models

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.standins.aws.kinds import Check

_PLACEMENT = ("orderedPlacementStrategies", "placementConstraints", "placementStrategies")


def parameters(path: str, network: str = "networkConfiguration") -> Check:
    """The parameters of the task.

    Args:
        path: where they are.
        network: where the subnets are, below the path.
    """

    def run(inputs: Mapping[str, Any]) -> list[str]:
        given = models.value_at(inputs, path)
        return list(_problems(given, path, network)) if isinstance(given, dict) else []

    return run


def _problems(given: Mapping[str, Any], path: str, network: str) -> Iterator[str]:
    strategies = given.get("capacityProviderStrategies")
    if strategies and given.get("launchType"):
        yield f"{path}.capacityProviderStrategies: can't be given together with launchType"
    providers = strategies if isinstance(strategies, list) else []
    names = [item.get("capacityProvider") for item in providers if isinstance(item, dict)]
    if len([item for item in providers if isinstance(item, dict) and item.get("base")]) > 1:
        yield f"{path}.capacityProviderStrategies: only one capacity provider may have a base"
    if given.get("launchType") == "FARGATE" or {"FARGATE", "FARGATE_SPOT"} & set(map(str, names)):
        if not models.value_at(given, f"{network}.subnets") and _known(given, network):
            yield f"{path}.{network}.subnets: must be given for a task on Fargate"
        for key in _PLACEMENT:
            if given.get(key):
                yield f"{path}.{key}: is not supported on Fargate"


def _known(given: Mapping[str, Any], network: str) -> bool:
    """Whether the network configuration isn't one unknown value as a whole."""
    steps = network.split(".")
    found = (models.value_at(given, ".".join(steps[: n + 1])) for n in range(len(steps)))
    return all(value is None or isinstance(value, dict) for value in found)
