"""Security groups and their rules, wherever they are written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, Final

from reports.errors import InputError, UnknownValueError
from reports.stack import UNKNOWN, Resource, Stack, reading

GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
CLUSTER: Final = "aws:eks/cluster:Cluster"
GROUP_TYPES: Final = (GROUP, DEFAULT_GROUP, CLUSTER)
"""What a group's id can come from; a cluster stands for the group that EKS makes for it."""

CLASSIC_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
RULES: Final[Mapping[str, str]] = {
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "ingress",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "egress",
}
CLUSTER_GROUP: Final = "vpcConfig.clusterSecurityGroupId"

_PROTOCOLS: Final = {"-1": "all", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
_WITH_PORTS: Final = frozenset({"tcp", "udp"})
_LAST_PORT: Final = 65535

Block = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Group:
    """A security group.

    Attributes:
        key: its URN (its cluster's, for the group that EKS makes); its id if another stack has it.
        name: what the report calls it.
    """

    key: str
    name: str

    @property
    def foreign(self) -> bool:
        """Whether another stack has it, so that its rules aren't known."""
        return not self.key.startswith("urn:")


@dataclass(frozen=True)
class PrefixList:
    """A managed list of address blocks, which the input doesn't list."""

    id: str

    def __str__(self) -> str:
        """Return what the report calls it."""
        return f"prefix list {self.id}"


Peer = Group | Block | PrefixList


@dataclass(frozen=True, order=True)
class Ports:
    """A range of ports of a protocol.

    Attributes:
        protocol: tcp, udp, icmp, icmpv6, all, or a number.
        first, last: both included; 0 and 65535 where the protocol has no ports.
    """

    protocol: str
    first: int = 0
    last: int = _LAST_PORT

    def __str__(self) -> str:
        """Return it as a person writes it: ``tcp 8080``."""
        if self.protocol not in _WITH_PORTS:
            return self.protocol
        if (self.first, self.last) == (0, _LAST_PORT):
            return f"{self.protocol} all ports"
        span = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.protocol} {span}"

    def common(self, other: "Ports") -> "Ports | None":
        """Return what both let through, or None."""
        if "all" in (self.protocol, other.protocol):
            return other if self.protocol == "all" else self
        first, last = max(self.first, other.first), min(self.last, other.last)
        if self.protocol != other.protocol or first > last:
            return None
        return Ports(self.protocol, first, last)


@dataclass(frozen=True)
class Rule:
    """What a group lets in or out.

    Attributes:
        group: the key of the group that has the rule.
        direction: ingress or egress.
        peer: from or to whom.
        ports: to which ports.
    """

    group: str
    direction: str
    peer: Peer
    ports: Ports


def group_of(resource: Resource) -> Group:
    """Return the group that a resource is or, for a cluster, that EKS makes for it."""
    cluster = resource.type == CLUSTER
    return Group(resource.urn, f"cluster group of {resource.name}" if cluster else resource.name)


def groups_at(stack: Stack, resource: Resource, path: str, value: object) -> tuple[Group, ...]:
    """Return the groups that a property names.

    Where ids aren't known yet, the engine's record of what the property comes from says which
    groups they are, if it leaves no doubt.

    Args:
        stack: the stack.
        resource: what has the property.
        path: the property's dotted path, for that record and for messages.
        value: its value: an id, a list of ids, or nothing.

    Raises:
        UnknownValueError: it isn't known yet, and the record leaves a doubt.
    """
    values = value if isinstance(value, list) else [value]
    ids = [each for each in values if each not in (UNKNOWN, None, "")]
    unknown = sum(each is UNKNOWN for each in values)
    found = [_group_with(stack, str(each)) for each in ids]
    if unknown:
        origins = [group_of(origin) for origin in stack.sources(resource, path, *GROUP_TYPES)]
        origins = [origin for origin in origins if origin not in found]
        if len(origins) != unknown:
            raise UnknownValueError(f"{resource.label}: {path}")
        found += origins
    return tuple(found)


def rules(stack: Stack) -> Iterator[Rule]:
    """Yield all rules of all groups of a stack.

    Raises:
        InputError: a rule is none that AWS takes.
        UnknownValueError: a rule isn't known yet.
    """
    for resource in stack.of(*GROUP_TYPES, CLASSIC_RULE, *RULES):
        with reading(resource):
            yield from _rules_at(stack, resource)


def _rules_at(stack: Stack, resource: Resource) -> Iterator[Rule]:
    """Yield the rules that one resource makes."""
    if resource.type == CLUSTER:
        yield from _rules_of_cluster_group(resource)
    elif resource.type in GROUP_TYPES:
        for direction in ("ingress", "egress"):
            for entry in resource.items(direction):
                yield from _classic(stack, resource, group_of(resource), direction, entry)
    else:
        for group in groups_at(stack, resource, "securityGroupId", resource.get("securityGroupId")):
            if resource.type == CLASSIC_RULE:
                yield from _classic(stack, resource, group, str(resource.known("type")), None)
            else:
                yield from _single(stack, resource, group)


def _group_with(stack: Stack, group_id: str) -> Group:
    for resource in stack.of(GROUP, DEFAULT_GROUP):
        if resource.id == group_id:
            return group_of(resource)
    for cluster in stack.of(CLUSTER):
        if cluster.get(CLUSTER_GROUP) == group_id:
            return group_of(cluster)
    return Group(group_id, f"{group_id} (not in this stack)")


def _rules_of_cluster_group(cluster: Resource) -> Iterator[Rule]:
    """Yield what EKS gives a cluster's group: everything from itself, everything out.

    Source: Amazon EKS user guide, "View Amazon EKS security group requirements for clusters".
    """
    group = group_of(cluster)
    yield Rule(group.key, "ingress", group, Ports("all"))
    for block in ("0.0.0.0/0", "::/0"):
        yield Rule(group.key, "egress", ip_network(block), Ports("all"))


def _single(stack: Stack, rule: Resource, group: Group) -> Iterator[Rule]:
    """Yield the rule of an ingress or egress rule resource."""
    ports = _ports(rule, {key: rule.known(key) for key in ("ipProtocol", "fromPort", "toPort")})
    path = "referencedSecurityGroupId"
    peers: list[Peer] = list(groups_at(stack, rule, path, rule.get(path)))
    peers += [_block(rule, rule.known(key)) for key in ("cidrIpv4", "cidrIpv6") if rule.known(key)]
    if rule.known("prefixListId"):
        peers.append(PrefixList(str(rule.known("prefixListId"))))
    for peer in peers:
        yield Rule(group.key, RULES[rule.type], peer, ports)


def _classic(
    stack: Stack, holder: Resource, group: Group, direction: str, entry: Mapping[str, Any] | None
) -> Iterator[Rule]:
    """Yield the rules of an entry of a group, or of a rule resource of the old kind."""
    keys = (
        "protocol", "fromPort", "toPort", "self", "cidrBlocks", "ipv6CidrBlocks", "prefixListIds",
        "securityGroups", "sourceSecurityGroupId",
    )  # fmt: skip
    path = direction if entry is not None else "sourceSecurityGroupId"
    values = entry if entry is not None else {key: holder.get(key) for key in keys}
    for key in keys[:-2]:
        if values.get(key) is UNKNOWN:
            raise UnknownValueError(f"{holder.label}: {key}")
    ports = _ports(holder, values)
    named = values.get("securityGroups") or values.get("sourceSecurityGroupId")
    peers: list[Peer] = list(groups_at(stack, holder, path, named))
    if values.get("self"):
        peers.append(group)
    for key in ("cidrBlocks", "ipv6CidrBlocks"):
        peers += [_block(holder, each) for each in values.get(key) or ()]
    peers += [PrefixList(str(each)) for each in values.get("prefixListIds") or ()]
    for peer in peers:
        yield Rule(group.key, direction, peer, ports)


def _block(holder: Resource, value: object) -> Block:
    if value is UNKNOWN:
        raise UnknownValueError(f"{holder.label}: an address block")
    try:
        return ip_network(str(value), strict=False)
    except ValueError:
        raise InputError(f"{holder.label}: {value} is not an address block.") from None


def _ports(holder: Resource, values: Mapping[str, Any]) -> Ports:
    given = str(values.get("ipProtocol") or values.get("protocol") or "").lower()
    protocol = _PROTOCOLS.get(given, given)
    if not protocol:
        raise InputError(f"{holder.label}: a rule has no protocol.")
    if protocol not in _WITH_PORTS:
        return Ports(protocol)
    ends: Sequence[object] = (values.get("fromPort"), values.get("toPort"))
    try:
        first, last = (int(str(end).removesuffix(".0")) for end in ends)
    except ValueError:
        raise InputError(f"{holder.label}: a {protocol} rule needs fromPort and toPort.") from None
    return Ports(protocol) if first == -1 else Ports(protocol, first, last)
