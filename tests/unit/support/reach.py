"""Network reach, computed from the rules that a run registered."""

from collections.abc import Iterator
from typing import NamedTuple

from tests.unit.support.engine import Recorder, Registration

GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
CLUSTER = "cluster group"
"""What the group that EKS makes for a cluster is called here."""


class Connection(NamedTuple):
    """Who may connect to whom; a group by its resource's name, or a block of addresses."""

    source: str
    target: str
    port: int
    protocol: str = "tcp"


def reach(run: Recorder) -> set[Connection]:
    """Return what is open: out of the one group and into the other, or to or from addresses.

    Half of a connection, an egress without its ingress or the other way round, opens nothing.
    """
    out, into = set(_openings(run, EGRESS)), set(_openings(run, INGRESS))
    return {found for found in out | into if found in out & into or not _between_groups(found)}


def halves(run: Recorder) -> set[Connection]:
    """Return rules between groups whose other half is missing."""
    out, into = set(_openings(run, EGRESS)), set(_openings(run, INGRESS))
    return {found for found in out ^ into if _between_groups(found)}


def inline_rules(run: Recorder) -> list[str]:
    """Return the groups that have rules of their own besides the rule resources."""
    return [
        group.name
        for group in run.of(GROUP)
        if group.inputs.get("ingress") or group.inputs.get("egress")
    ]


def _between_groups(connection: Connection) -> bool:
    return "/" not in connection.source + connection.target


def _openings(run: Recorder, type_: str) -> Iterator[Connection]:
    for rule in run.of(type_):
        assert rule.inputs["fromPort"] == rule.inputs["toPort"], f"{rule.name} opens a range"
        own = _group(run, rule, "securityGroupId")
        other = (
            rule.inputs.get("cidrIpv4")
            or _prefix_list(rule)
            or _group(run, rule, "referencedSecurityGroupId")
        )
        source, target = (own, other) if type_ == EGRESS else (other, own)
        yield Connection(source, target, rule.inputs["toPort"], rule.inputs["ipProtocol"])


def _prefix_list(rule: Registration) -> str | None:
    """Return a prefix list as a block of addresses is written, with a slash."""
    found = rule.inputs.get("prefixListId")
    return f"prefix list/{found}" if found else None


def _group(run: Recorder, rule: Registration, name: str) -> str:
    """Return which group an input names: a preview doesn't know ids, but where they come from."""
    sources = {found.urn: found for found in run.of(GROUP)}
    groups = [sources[urn].name for urn in rule.sources[name] if urn in sources]
    if groups:
        (group,) = groups
        return group
    assert any("aws:eks/cluster:Cluster" in urn for urn in rule.sources[name]), rule
    return CLUSTER
