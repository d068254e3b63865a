"""What the stand-in remembers of resources for lookups of them and for what depends on them.

The record holds no values, so this holds what the engine told in this run: it asks for the
differences of every resource that it goes on with, and says with that what was deployed last.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.standins.package import Rejected
from sandbox.standins.wire import has_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.standins.aws.kinds import Place
    from sandbox.standins.wire import Properties

_SERVICE = "aws:ecs/service:Service"
_TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
_LISTENER = "aws:lb/listener:Listener"
_RULE = "aws:lb/listenerRule:ListenerRule"
_TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
_END_TO_END = ("GRPC", "HTTP2")


class Live:
    """Resources of the stand-in cloud, as far as lookups and others of them can ask for them."""

    def __init__(self) -> None:
        self._task_definitions: dict[tuple[str, str], str] = {}
        self._protocols: dict[str, str] = {}
        self._ports: dict[str, Mapping[str, str | None]] = {}

    def note(self, type_: str, state: Properties) -> None:
        """Remember a resource as it is deployed.

        Args:
            type_: its type.
            state: its inputs and what AWS computed; what a preview can't know changes nothing.
        """
        arn = str(state.get("arn"))
        if type_ == _SERVICE:
            place = (state.get("cluster"), state.get("name"))
            running = state.get("taskDefinition")
            if not any(has_unknown(value) for value in (*place, running)):
                self._task_definitions[str(place[0]), str(place[1])] = str(running)
        elif type_ == _TASK_DEFINITION:
            self._ports[arn] = _ports(state.get("containerDefinitions"))
        elif type_ == _TARGET_GROUP:
            self._protocols[arn] = str(state.get("protocolVersion"))
        elif type_ == _LISTENER:
            self._protocols[arn] = str(state.get("protocol"))

    def judge(self, type_: str, inputs: Properties, olds: Properties) -> None:
        """Refuse what AWS refuses of a resource because of another.

        Args:
            type_: the resource's type.
            inputs: its inputs; what a preview can't know is not judged.
            olds: its state before an update; empty for a creation.

        Raises:
            Rejected: AWS would refuse it.
        """
        if type_ == _RULE:
            self._listener_speaks(str(inputs.get("listenerArn")), _groups(inputs))
        elif type_ == _LISTENER:
            self._speaks(str(inputs.get("protocol")), _groups(inputs))
        elif type_ == _SERVICE and olds:
            self._keeps_protocols(inputs, olds)

    def _listener_speaks(self, listener: str, groups: Iterator[str]) -> None:
        self._speaks(self._protocols.get(listener, ""), groups)

    def _speaks(self, protocol: str, groups: Iterator[str]) -> None:
        """Only HTTPS goes on as HTTP/2 (ELB user guide, "Target groups", protocol version)."""
        for group in groups:
            version = self._protocols.get(group, "")
            if protocol == "HTTP" and version in _END_TO_END:
                message = (
                    "InvalidLoadBalancerAction: Listener protocol 'HTTP' is not supported with a "
                    f"target group with the protocol-version '{version}'"
                )
                raise Rejected(message)

    def _keeps_protocols(self, inputs: Properties, olds: Properties) -> None:
        """A port keeps its protocol in a Service Connect service (PortMapping, appProtocol)."""
        before, after = (self._ports.get(str(one.get("taskDefinition"))) for one in (olds, inputs))
        if before is None or after is None:
            return
        for name in _served(olds) & _served(inputs):
            if before.get(name) != after.get(name):
                message = (
                    "InvalidParameterException: serviceConnectConfiguration.services: the "
                    "applicationProtocol of a port cannot be changed"
                )
                raise Rejected(message)

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


def _ports(definitions: object) -> Mapping[str, str | None]:
    """The application protocols of a task definition's named ports."""
    if not isinstance(definitions, str) or has_unknown(definitions):
        return {}
    return {
        str(port["name"]): port.get("appProtocol")
        for container in json.loads(definitions)
        for port in container.get("portMappings") or []
        if port.get("name")
    }


def _served(service: Properties) -> set[str]:
    """The names of ports that a service gives to others by Service Connect."""
    connect = service.get("serviceConnectConfiguration")
    served = connect.get("services") if isinstance(connect, dict) else None
    return {str(one.get("portName")) for one in served or []}


def _groups(inputs: Properties) -> Iterator[str]:
    """The target groups that a listener or a rule forwards to."""
    for action in inputs.get("actions") or inputs.get("defaultActions") or []:
        yield str(action.get("targetGroupArn"))
        for group in (action.get("forward") or {}).get("targetGroups") or []:
            yield str(group.get("arn"))
