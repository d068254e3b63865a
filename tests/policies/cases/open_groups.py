"""Which addresses security groups and prefix lists admit."""

from typing import Any

from tests.policies.cases.case import About, Case
from tests.policies.protocol import UNKNOWN

GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
LIST_ENTRY = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"


def ingress(**entry: object) -> dict[str, Any]:
    return {"ingress": [entry]}


def port(number: int, **more: object) -> dict[str, Any]:
    return {"fromPort": number, "toPort": number, "protocol": "tcp", **more}


def new_port(number: int, **more: object) -> dict[str, Any]:
    return {"fromPort": number, "toPort": number, "ipProtocol": "tcp", **more}


ABOUT = [
    About("sg-world", GROUP)
    .passes(
        {
            "absent": {},
            "https for all": ingress(**port(443, cidrBlocks=["0.0.0.0/0"])),
            "https by the protocol's number": ingress(
                **port(443, cidrBlocks=["0.0.0.0/0"], protocol="6")
            ),
            "http for all": ingress(**port(80, ipv6CidrBlocks=["::/0"])),
            "ssh for some": ingress(**port(22, cidrBlocks=["10.0.0.0/8"])),
            "ssh for some, named by one of them": ingress(**port(22, cidrBlocks=["10.1.2.3/8"])),
            "ssh for a part by the new protocol": ingress(**port(22, ipv6CidrBlocks=["2000::/16"])),
            "another group": ingress(**port(8080, securityGroups=["sg-1"])),
            "all ports of another group": ingress(protocol="-1", fromPort=0, toPort=0, self=True),
            "https for whomever": ingress(**port(443, cidrBlocks=[UNKNOWN])),
            "everything out": {"egress": [{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}]},
        }
    )
    .fails(
        {
            "ssh": ingress(**port(22, cidrBlocks=["0.0.0.0/0"])),
            "ssh by the new protocol": ingress(**port(22, ipv6CidrBlocks=["::/0"])),
            "a large part by the new protocol": ingress(**port(22, ipv6CidrBlocks=["2000::/15"])),
            "a range": ingress(fromPort=80, toPort=443, protocol="tcp", cidrBlocks=["0.0.0.0/0"]),
            "everything": ingress(protocol="-1", fromPort=0, toPort=0, cidrBlocks=["0.0.0.0/0"]),
            "udp": ingress(fromPort=443, toPort=443, protocol="udp", cidrBlocks=["0.0.0.0/0"]),
            "a large part of the world": ingress(**port(22, cidrBlocks=["128.0.0.0/7"])),
            "half of the world": ingress(**port(22, cidrBlocks=["128.0.0.0/1"])),
            "the second entry": {
                "ingress": [port(443, cidrBlocks=["0.0.0.0/0"]), port(22, cidrBlocks=["0.0.0.0/0"])]
            },
            "not a block": ingress(**port(22, cidrBlocks=["everywhere"])),
            "malformed": {"ingress": "all"},
            "a malformed entry": {"ingress": ["all"]},
            "malformed blocks": ingress(**port(22, cidrBlocks="0.0.0.0/0")),
        }
    )
    .undecided(
        {
            "unknown": {"ingress": UNKNOWN},
            "an unknown block": ingress(**port(22, cidrBlocks=[UNKNOWN])),
            "an unknown port": ingress(
                fromPort=UNKNOWN, toPort=443, protocol="tcp", cidrBlocks=["0.0.0.0/0"]
            ),
        }
    )
    .fails({"ssh": ingress(**port(22, cidrBlocks=["0.0.0.0/0"]))}, DEFAULT_GROUP)
    .passes(
        {
            "https": {"type": "ingress", **port(443, cidrBlocks=["0.0.0.0/0"])},
            "out": {"type": "egress", **port(22, cidrBlocks=["0.0.0.0/0"])},
        },
        GROUP_RULE,
    )
    .fails({"ssh": {"type": "ingress", **port(22, cidrBlocks=["0.0.0.0/0"])}}, GROUP_RULE)
    .undecided(
        {"an unknown block": {"type": "ingress", **port(22, cidrBlocks=UNKNOWN)}}, GROUP_RULE
    )
    .passes(
        {
            "https": new_port(443, cidrIpv4="0.0.0.0/0"),
            "a group": new_port(8080, referencedSecurityGroupId="sg-1"),
        },
        INGRESS,
    )
    .fails(
        {
            "ssh": new_port(22, cidrIpv4="0.0.0.0/0"),
            "ssh by the new protocol": new_port(22, cidrIpv6="::/0"),
            "everything": {"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"},
        },
        INGRESS,
    )
    .undecided({"an unknown block": new_port(22, cidrIpv4=UNKNOWN)}, INGRESS)
    .passes({"everything out": {"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"}}, EGRESS)
    .passes(
        {"some": {"entries": [{"cidr": "203.0.113.0/24"}]}, "none yet": {"maxEntries": 5}},
        PREFIX_LIST,
    )
    .fails(
        {
            "the world": {"entries": [{"cidr": "10.0.0.0/8"}, {"cidr": "0.0.0.0/0"}]},
            "the world by the new protocol": {"entries": [{"cidr": "::/0"}]},
            "malformed": {"entries": "0.0.0.0/0"},
        },
        PREFIX_LIST,
    )
    .undecided({"an unknown block": {"entries": [{"cidr": UNKNOWN}]}}, PREFIX_LIST)
    .passes({"some": {"cidr": "203.0.113.0/24"}, "a number": {"cidr": 8}}, LIST_ENTRY)
    .fails({"the world": {"cidr": "0.0.0.0/0"}}, LIST_ENTRY),
]


CASES: list[Case] = [case for about in ABOUT for case in about.cases]
