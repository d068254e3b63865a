"""EC2's security groups and their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import ACCOUNT, Check, Facts, Kind, operation
from sandbox.standins.aws.services.ec2 import default_security_group

if TYPE_CHECKING:
    from collections.abc import Mapping

_TAGS = {"tags": "become TagSpecifications; limits.tags checks them"}
_SOURCES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
_RULE_KEYS = ("securityGroupId", "ipProtocol", "fromPort", "toPort", *_SOURCES)
_PORT_PROTOCOLS = {"tcp", "udp", "6", "17"}
_HIGHEST_PORT = 65535

# CreateSecurityGroup and IpRange in the EC2 API reference.
_CHARACTERS = r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]"
_DESCRIPTION = "be at most 255 characters of a-z A-Z 0-9 space ._-:/()#,@[]+=&;{}!$*"


def _arn(facts: Facts) -> str:
    return facts.place.arn("ec2", f"security-group/{facts.id}")


def _ports(inputs: Mapping[str, Any]) -> list[str]:
    """Ports as IpPermission in the EC2 API reference has them."""
    protocol = str(inputs.get("ipProtocol", "")).lower()
    given = [key for key in ("fromPort", "toPort") if inputs.get(key) is not None]
    if protocol == "-1":
        return [f"{key}: must be absent when ipProtocol is -1 (all traffic)" for key in given
                if inputs[key] != -1]  # fmt: skip
    if protocol not in _PORT_PROTOCOLS:
        return []
    missing = [f"{key}: must be given for {protocol}" for key in ("fromPort", "toPort")
               if key not in given]  # fmt: skip
    return missing + _range(inputs)


def _range(rule: Mapping[str, Any]) -> list[str]:
    found = [text for key in ("fromPort", "toPort")
             for text in limits.number(key, 0, _HIGHEST_PORT)(rule)]  # fmt: skip
    return found + limits.ordered("fromPort", "toPort")(rule)


def _inline(direction: str) -> Check:
    """The rules that a group has of its own, its ``ingress`` or ``egress``."""

    def run(inputs: Mapping[str, Any]) -> list[str]:
        rules = limits.value_at(inputs, direction) or []
        return [
            f"{direction}[{index}].{text}"
            for index, rule in enumerate(rules)
            for text in _inline_rule(rule)
        ]

    return run


def _inline_rule(rule: Mapping[str, Any]) -> list[str]:
    """Ports of all traffic are 0 here, where a rule that is a resource must have none."""
    found = [text for check in _INLINE_CHECKS for text in check(rule)]
    if rule.get("protocol") == "-1":
        return found + [f"{key}: must be 0 when protocol is -1 (all traffic)"
                        for key in ("fromPort", "toPort") if rule.get(key)]  # fmt: skip
    return found + (_range(rule) if rule.get("protocol") in _PORT_PROTOCOLS else [])


_PROTOCOL = (r"-1|tcp|udp|icmp|icmpv6|\d{1,3}",
             "be -1, tcp, udp, icmp, icmpv6 or a protocol number")  # fmt: skip
_INLINE_CHECKS = (
    limits.text("protocol", *_PROTOCOL),
    limits.text("description", rf"{_CHARACTERS}{{0,255}}", _DESCRIPTION),
    limits.networks("cidrBlocks"),
)
_INLINE = (_inline("ingress"), _inline("egress"))


def _rule(operation_name: str) -> Kind:
    return Kind(
        id=lambda f: f.short_id("sgr"),
        outputs=lambda f: {
            "arn": f.place.arn("ec2", f"security-group-rule/{f.id}"),
            "securityGroupRuleId": f.id,
        },
        replaces=("securityGroupId",),
        # AWS refuses the same rule twice in one group.
        unique=lambda f: "|".join(f.text(key) for key in _RULE_KEYS),
        taken="InvalidPermission.Duplicate",
        operations=(
            operation(
                "ec2",
                operation_name,
                renames={
                    "cidrIpv4": "IpPermissions.IpRanges.CidrIp",
                    "cidrIpv6": "IpPermissions.Ipv6Ranges.CidrIpv6",
                    "description": "IpPermissions.IpRanges.Description",
                    "prefixListId": "IpPermissions.PrefixListIds.PrefixListId",
                    "referencedSecurityGroupId": "IpPermissions.UserIdGroupPairs.GroupId",
                    "securityGroupId": "GroupId",
                },
                skips=_TAGS,
            ),
        ),
        checks=(
            limits.text("ipProtocol", *_PROTOCOL),
            limits.network("cidrIpv4"),
            limits.network_v6("cidrIpv6"),
            limits.exactly_one(*_SOURCES),
            limits.text("description", rf"{_CHARACTERS}{{0,255}}", _DESCRIPTION),
            _ports,
        ),
    )  # fmt: skip


KINDS = {
    "aws:ec2/securityGroup:SecurityGroup": Kind(
        id=lambda f: f.short_id("sg"),
        outputs=lambda f: {"arn": _arn(f), "ownerId": ACCOUNT},
        replaces=("description", "name", "namePrefix", "vpcId"),
        defaults={"description": "Managed by Pulumi", "revokeRulesOnDelete": False},
        unique=lambda f: f"{f.text('vpcId')}/{f.text('name')}",
        taken="InvalidGroup.Duplicate",
        operations=(
            operation(
                "ec2",
                "CreateSecurityGroup",
                renames={"name": "GroupName"},
                skips={
                    **_TAGS,
                    "egress": "AuthorizeSecurityGroupEgress",
                    "ingress": "AuthorizeSecurityGroupIngress",
                    "revokeRulesOnDelete": "decides how the group is deleted",
                },
            ),
        ),
        checks=(
            limits.text("name", rf"(?!sg-){_CHARACTERS}{{1,255}}",
                        "be 1 to 255 characters of a-z A-Z 0-9 space ._-:/()#,@[]+=&;{}!$*,"
                        " not beginning with sg-"),
            limits.text("description", rf"{_CHARACTERS}{{1,255}}", _DESCRIPTION),
            *_INLINE,
        ),
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": Kind(
        # No API operation creates it: the provider takes over the one that came with the VPC, and
        # replaces its rules by those that are given.
        id=lambda f: default_security_group(f.text("vpcId")),
        outputs=lambda f: {
            "arn": _arn(f),
            "description": "default VPC security group",
            "name": "default",
            "ownerId": ACCOUNT,
        },
        replaces=("vpcId",),
        defaults={"revokeRulesOnDelete": False},
        operations=(
            operation(
                "ec2",
                "AuthorizeSecurityGroupIngress",
                renames={"ingress": "IpPermissions"},
                skips={
                    **_TAGS,
                    "egress": "AuthorizeSecurityGroupEgress, with the same checks",
                    "revokeRulesOnDelete": "decides how the group is let go",
                    "vpcId": "finds the group",
                },
            ),
        ),
        checks=_INLINE,
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rule(
        "AuthorizeSecurityGroupIngress"
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rule(
        "AuthorizeSecurityGroupEgress"
    ),
}  # fmt: skip
