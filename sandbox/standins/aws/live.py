"""What the stand-in remembers of resources for lookups of them.

The record holds no values, so this holds what the engine told in this run: it asks for the
differences of every resource that it goes on with, and says with that what was deployed last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.package import Rejected
from sandbox.standins.wire import has_unknown

if TYPE_CHECKING:
    from sandbox.standins.aws.kinds import Place
    from sandbox.standins.wire import Properties

_SERVICE = "aws:ecs/service:Service"


class Live:
    """The ECS services of the stand-in cloud, as far as lookups can ask for them."""

    def __init__(self) -> None:
        self._task_definitions: dict[tuple[str, str], str] = {}

    def note(self, type_: str, inputs: Properties) -> None:
        """Remember a resource as it is deployed.

        Args:
            type_: its type.
            inputs: its inputs; what a preview can't know yet changes nothing.
        """
        if type_ != _SERVICE:
            return
        place = (inputs.get("cluster"), inputs.get("name"))
        running = inputs.get("taskDefinition")
        if not any(has_unknown(value) for value in (*place, running)):
            self._task_definitions[str(place[0]), str(place[1])] = str(running)

    def service(self, args: Properties, place: Place) -> dict[str, Any]:
        """Answer `aws.ecs.get_service`.

        Raises:
            Rejected: there is no such service.
        """
        cluster, name = str(args.get("clusterArn", "")), str(args.get("serviceName", ""))
        running = self._task_definitions.get((cluster, name))
        if running is None:
            message = f"ServiceNotFoundException: {name} in cluster {cluster}"
            raise Rejected(message)
        arn = place.arn("ecs", f"service/{cluster.rpartition('/')[2]}/{name}")
        return {
            "arn": arn,
            "clusterArn": cluster,
            "deployments": [
                {
                    "createdAt": "2026-01-01T00:00:00Z",
                    "desiredCount": 1,
                    "id": f"ecs-svc/{int.from_bytes(name.encode()[:7])}",
                    "pendingCount": 0,
                    "runningCount": 1,
                    "status": "PRIMARY",
                    "taskDefinition": running,
                    "updatedAt": "2026-01-01T00:00:00Z",
                }
            ],
            "desiredCount": 1,
            "id": arn,
            "region": place.region,
            "schedulingStrategy": "REPLICA",
            "serviceName": name,
            "status": "ACTIVE",
            "tags": {},
            "taskDefinition": running,
        }
