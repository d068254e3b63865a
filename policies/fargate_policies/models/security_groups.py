"""What security groups let in, wherever it is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..core.rule import Member, Resource, Stack
from ..core.values import UNKNOWN, Place, as_integer

GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
GROUP_TYPES: Final = (GROUP, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
LEGACY_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
RULE_TYPES: Final = (LEGACY_RULE, INGRESS_RULE)
EGRESS_RULE: Final = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
EGRESS_TYPES: Final = (*GROUP_TYPES, LEGACY_RULE, EGRESS_RULE)
INGRESS_TYPES: Final = (*GROUP_TYPES, *RULE_TYPES)

_ADMITS: Final[Mapping[str, str]] = {
    **dict.fromkeys(GROUP_TYPES, "ingress"),
    LEGACY_RULE: "sourceSecurityGroupId",
    INGRESS_RULE: "referencedSecurityGroupId",
}
"""Where the groups stand that a group or a rule of one lets in, by type token."""
_ALL_PROTOCOLS = {"-1", "all"}
_TCP = {"tcp", "6"}
_ALL_PORTS = {(0, 65535), (1, 65535)}


@dataclass(frozen=True)
class Opening:
    """A way into a security group.

    Attributes:
        path: where it stands, for messages.
        blocks: the address blocks that it admits.
        prefix_lists: the managed lists of blocks that it admits.
        protocol, from_port, to_port: what it admits them to.
    """

    path: str
    blocks: tuple[Place, ...]
    prefix_lists: tuple[Place, ...]
    protocol: Place
    from_port: Place
    to_port: Place

    @property
    def port(self) -> int | None:
        """The port, if the opening is for one TCP port."""
        first, last = as_integer(self.from_port.value), as_integer(self.to_port.value)
        return first if first == last and self._protocol in _TCP else None

    @property
    def _protocol(self) -> str:
        """The protocol's name or number; the provider takes a number for the text of it."""
        number = as_integer(self.protocol.value)
        return self.protocol.text.lower() if number is None else str(number)

    @property
    def ports_unknown(self) -> Place | None:
        """What of protocol and ports isn't known yet, if anything."""
        parts = (self.protocol, self.from_port, self.to_port)
        return next((part for part in parts if part.value is UNKNOWN), None)

    @property
    def is_for_everything(self) -> bool:
        """Whether it is for every protocol, or for every port of one."""
        first, last = as_integer(self.from_port.value), as_integer(self.to_port.value)
        return self._protocol in _ALL_PROTOCOLS or (first, last) in _ALL_PORTS

    def admits_tcp(self, port: int) -> bool:
        """Whether it opens a TCP port."""
        if self._protocol in _ALL_PROTOCOLS:
            return True
        first, last = as_integer(self.from_port.value), as_integer(self.to_port.value)
        return (
            self._protocol in _TCP
            and first is not None
            and last is not None
            and first <= port <= last
        )


def openings(resource: Resource | Member) -> Iterator[Opening]:
    """Yield the ways in that a security group or a rule of one opens."""
    if resource.type in GROUP_TYPES:
        for entry in resource.at("ingress").items():
            yield _classic(entry, "protocol")
    elif resource.type == LEGACY_RULE:
        if not _leads_out(resource):
            yield _classic(resource.at(), "protocol")
    else:
        yield _of_rule(resource)


def ways_out(resource: Resource) -> Iterator[Opening]:
    """Yield the ways out that a security group or a rule of one opens."""
    if resource.type in GROUP_TYPES:
        for entry in resource.at("egress").items():
            yield _classic(entry, "protocol")
    elif resource.type == LEGACY_RULE:
        if _leads_out(resource):
            yield _classic(resource.at(), "protocol")
    else:
        yield _of_rule(resource)


def _of_rule(resource: Resource | Member) -> Opening:
    return Opening(
        path=resource.type.rpartition(":")[2],
        blocks=tuple(
            place for place in (resource.at("cidrIpv4"), resource.at("cidrIpv6")) if place.present
        ),
        prefix_lists=tuple(place for place in (resource.at("prefixListId"),) if place.present),
        protocol=resource.at("ipProtocol"),
        from_port=resource.at("fromPort"),
        to_port=resource.at("toPort"),
    )


def openings_of(stack: Stack, group: Member) -> Iterator[tuple[Member, Opening]]:
    """Yield the ways into a group of a stack with the resource that opens each."""
    yield from ((group, opening) for opening in openings(group))
    for rule in stack.referring(group, RULE_TYPES, "securityGroupId", GROUP_TYPES):
        yield from ((rule, opening) for opening in openings(rule))


def admitted_groups(stack: Stack, group: Member) -> Iterator[Member]:
    """Yield the stack's groups whose members a group lets in; perhaps itself, or one twice."""
    for opener in (group, *stack.referring(group, RULE_TYPES, "securityGroupId", GROUP_TYPES)):
        if not _leads_out(opener):
            yield from stack.referred(opener, _ADMITS[opener.type], GROUP_TYPES)


def _leads_out(opener: Resource | Member) -> bool:
    """Whether it is one of the older rules, which alone have a type, for the way out."""
    return opener.at("type").text == "egress"


def _classic(entry: Place, protocol: str) -> Opening:
    return Opening(
        path=entry.path or "SecurityGroupRule",
        blocks=(*entry.at("cidrBlocks").items(), *entry.at("ipv6CidrBlocks").items()),
        prefix_lists=tuple(entry.at("prefixListIds").items()),
        protocol=entry.at(protocol),
        from_port=entry.at("fromPort"),
        to_port=entry.at("toPort"),
    )
