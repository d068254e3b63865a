"""Who can reach whom: the groups of both sides, and the ways in from outside."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Final

from reports.reach.carriers import Carrier, carriers
from reports.reach.rules import CLUSTER, Block, Group, Peer, Ports, Rule, rules
from reports.stack import Stack, reading

PRIVATE: Final = tuple(
    ip_network(block)
    for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
"""Addresses that aren't routed on the internet (RFC 1918, 6598, 4193)."""


@dataclass(frozen=True, order=True)
class Pair:
    """A connection that the groups of both sides allow.

    Attributes:
        source, target: what the report calls them.
        ports: the target's.
        note: what limits it, if anything does.
    """

    source: str
    target: str
    ports: Ports
    note: str = ""


@dataclass(frozen=True)
class Path:
    """The shortest way from outside to something, if there is one.

    Attributes:
        target: what is reached.
        source: from where; empty if it can't be reached.
        hops: each step's name and ports, the target last.
    """

    target: str
    source: str
    hops: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ReachReport:
    """Who can reach whom.

    Attributes:
        stack: the stack's name.
        pairs: what both sides' groups allow, sorted.
        paths: for all that carries groups, the ways to it from outside.
        unused: groups that nothing here is known to carry.
        without_groups: what carries groups that this stack doesn't say.
    """

    stack: str
    pairs: tuple[Pair, ...]
    paths: tuple[Path, ...]
    unused: tuple[str, ...]
    without_groups: tuple[str, ...]


def reach_report(stack: Stack) -> ReachReport:
    """Return who can reach whom.

    An address block counts for everything in the VPC that it overlaps: in which subnet something
    runs isn't considered, so that the report rather shows too much than too little.

    Raises:
        InputError: a rule is none that AWS takes.
        UnknownValueError: something that decides it isn't known before the deployment.
    """
    everything = tuple(rules(stack))
    everyone = tuple(carriers(stack))
    all_carriers = tuple(carrier for carrier in everyone if carrier.groups)
    network = _Network(_vpc_blocks(stack), everything)
    inside = {
        (source.urn, target.urn): ports
        for source in all_carriers
        for target in all_carriers
        if (ports := network.between(source, target))
    }
    names = {carrier.urn: carrier.name for carrier in all_carriers}
    pairs = {
        Pair(names[source], names[target], each)
        for (source, target), ports in inside.items()
        for each in ports
    }
    for carrier in all_carriers:
        pairs |= set(network.with_peers(carrier))
    pairs |= set(_cluster_endpoints(stack))
    carried = {key for carrier in all_carriers for key in carrier.keys}
    return ReachReport(
        stack.name,
        tuple(sorted(pairs)),
        tuple(_paths(all_carriers, inside, network)),
        tuple(
            sorted(
                resource.name
                for resource in stack.of("aws:ec2/securityGroup:SecurityGroup")
                if resource.urn not in carried
            )
        ),
        tuple(sorted(carrier.name for carrier in everyone if not carrier.groups)),
    )


class _Network:
    """The rules of a stack and the addresses of its VPCs."""

    def __init__(self, blocks: Sequence[Block], everything: Sequence[Rule]) -> None:
        self._blocks = blocks
        self._rules: dict[tuple[str, str], list[Rule]] = {}
        for rule in everything:
            self._rules.setdefault((rule.group, rule.direction), []).append(rule)

    def rules_of(self, carrier: Carrier, direction: str) -> Iterator[Rule]:
        """Yield the rules of all groups that something carries."""
        for key in sorted(carrier.keys):
            yield from self._rules.get((key, direction), ())

    def between(self, source: Carrier, target: Carrier) -> tuple[Ports, ...]:
        """Return the ports that the one's egress and the other's ingress both allow."""
        found = {
            common
            for out in self.rules_of(source, "egress")
            if self._covers(out.peer, target)
            for into in self.rules_of(target, "ingress")
            if self._covers(into.peer, source) and (common := out.ports.common(into.ports))
        }
        return _merged(found)

    def with_peers(self, carrier: Carrier) -> Iterator[Pair]:
        """Yield what comes from and goes to addresses, and groups of other stacks."""
        for direction in ("ingress", "egress"):
            for rule in self.rules_of(carrier, direction):
                name = peer_name(rule.peer)
                note = ""
                if isinstance(rule.peer, Group):
                    if not rule.peer.foreign:
                        continue
                    note = "the other side's rules aren't in this stack"
                if direction == "ingress":
                    if carrier.public is False and self.outside(rule.peer):
                        note = "it has no public address"
                    yield Pair(name, carrier.name, rule.ports, note)
                else:
                    yield Pair(carrier.name, name, rule.ports, note)

    def outside(self, peer: Peer) -> bool:
        """Whether a block has addresses outside the VPCs and private networks."""
        if not isinstance(peer, Block):
            return False
        return peer.prefixlen == 0 or not any(
            peer.version == known.version and peer.overlaps(known)
            for known in (*self._blocks, *PRIVATE)
        )

    def _covers(self, peer: Peer, carrier: Carrier) -> bool:
        if isinstance(peer, Group):
            return peer.key in carrier.keys
        if not isinstance(peer, Block):
            return False
        return peer.prefixlen == 0 or any(
            peer.version == known.version and peer.overlaps(known)
            for known in self._blocks or PRIVATE
        )


def peer_name(peer: Peer) -> str:
    """Return what the report calls the other side of a rule."""
    if isinstance(peer, Group):
        return peer.name
    if isinstance(peer, Block) and peer.prefixlen == 0:
        return "internet" if peer.version == 4 else "internet (IPv6)"  # noqa: PLR2004 - IP's version
    return str(peer)


def _merged(found: set[Ports]) -> tuple[Ports, ...]:
    """Drop what another one holds."""
    return tuple(
        sorted(
            ports
            for ports in found
            if not any(other != ports and other.common(ports) == ports for other in found)
        )
    )


def _vpc_blocks(stack: Stack) -> tuple[Block, ...]:
    found: list[Block] = []
    for vpc in stack.of("aws:ec2/vpc:Vpc"):
        with reading(vpc):
            blocks = (vpc.get(key) for key in ("cidrBlock", "ipv6CidrBlock"))
            found += [ip_network(block) for block in blocks if isinstance(block, str) and block]
    return tuple(found)


def _cluster_endpoints(stack: Stack) -> Iterator[Pair]:
    """Yield who reaches the public endpoint of a Kubernetes API, which has no group."""
    for cluster in stack.of(CLUSTER):
        if cluster.known("vpcConfig.endpointPublicAccess") is False:
            continue
        for block in cluster.items("vpcConfig.publicAccessCidrs") or ["0.0.0.0/0"]:
            with reading(cluster):
                peer = ip_network(str(block), strict=False)
            target = f"Kubernetes API of {cluster.name}"
            yield Pair(peer_name(peer), target, Ports("tcp", 443, 443))


def _paths(
    all_carriers: Sequence[Carrier],
    inside: Mapping[tuple[str, str], tuple[Ports, ...]],
    network: _Network,
) -> Iterator[Path]:
    """Yield for each carrier the shortest way from each outside block, the same ways together."""
    entries: dict[str, list[tuple[Carrier, Ports]]] = {}
    for carrier in all_carriers:
        if carrier.public is not False:
            for rule in network.rules_of(carrier, "ingress"):
                if network.outside(rule.peer):
                    entries.setdefault(peer_name(rule.peer), []).append((carrier, rule.ports))
    ways: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for source, first in sorted(entries.items()):
        for urn, hops in _walk(all_carriers, inside, first).items():
            ways.setdefault((urn, hops), []).append(source)
    for carrier in all_carriers:
        found = [(hops, source) for (urn, hops), source in ways.items() if urn == carrier.urn]
        for hops, from_blocks in found:
            yield Path(carrier.name, ", ".join(from_blocks), hops)
        if not found:
            yield Path(carrier.name, "", ())


def _walk(
    all_carriers: Sequence[Carrier],
    inside: Mapping[tuple[str, str], tuple[Ports, ...]],
    first: Sequence[tuple[Carrier, Ports]],
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the shortest way to each carrier that can be reached from some of them."""
    names = {carrier.urn: carrier.name for carrier in all_carriers}
    open_ports: dict[str, list[str]] = {}
    for carrier, ports in first:
        open_ports.setdefault(carrier.urn, []).append(str(ports))
    found: dict[str, tuple[tuple[str, str], ...]] = {
        urn: ((names[urn], ", ".join(sorted(set(each)))),) for urn, each in open_ports.items()
    }
    waiting = deque(found)
    while waiting:
        here = waiting.popleft()
        for (source, target), both in inside.items():
            if source == here and target not in found:
                step = (names[target], ", ".join(map(str, both)))
                found[target] = (*found[here], step)
                waiting.append(target)
    return found
