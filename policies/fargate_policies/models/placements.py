"""Where tasks, jobs and pods are: what names their subnets and their security groups."""

from typing import Final

from ..core.rule import Member, Stack
from ..core.values import Place
from .launches import LAUNCH_TYPES, NETWORK_TYPES, network_configuration, network_property
from .state_machines import STATE_MACHINE
from .workloads import SECURITY_GROUP_POLICY

EXPRESS_SERVICE: Final = "aws:ecs/expressGatewayService:ExpressGatewayService"
_PROPERTIES: Final = {
    **{kind: network_property(kind) for kind in NETWORK_TYPES},
    EXPRESS_SERVICE: "networkConfigurations",
    STATE_MACHINE: "definition",
}
"""The property that names subnets and groups; of a state machine, whatever it is made from."""
TASK_PLACING_TYPES: Final = tuple(_PROPERTIES)
PLACING_TYPES: Final = (*TASK_PLACING_TYPES, SECURITY_GROUP_POLICY)


def named(stack: Stack, placing: Member, types: tuple[str, ...]) -> list[Member]:
    """Return the stack's subnets or groups that tasks, jobs or pods are in."""
    return stack.referred(placing, _PROPERTIES.get(placing.type, "spec"), types)


def subnets(placing: Member) -> Place:
    """Return the place where subnets are listed."""
    if placing.type in NETWORK_TYPES:
        return network_configuration(placing).at("subnets")
    return placing.at(_PROPERTIES[placing.type])


def lacks_groups(placing: Member) -> bool:
    """Whether tasks get the VPC's default group, for they have a network but name no group."""
    if placing.type not in LAUNCH_TYPES:
        return False
    network = network_configuration(placing)
    return network.present and network.at("securityGroups").value in (None, [])
