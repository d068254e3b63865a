"""sg-world: the internet reaches a load balancer's two ports, and nothing else."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import cdk_nag, checkov, security_hub
from ..core.values import Findings, Violation
from ..models.addresses import is_block, is_world
from ..models.security_groups import INGRESS_TYPES, Opening, openings

_PUBLIC_PORTS = (80, 443)
_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
_LISTS = (_LIST, "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry")


def _check(resource: Resource) -> Findings:
    return _check_list(resource) if resource.type in _LISTS else _check_group(resource)


def _check_group(resource: Resource) -> Findings:
    for opening in openings(resource):
        if opening.port not in _PUBLIC_PORTS:
            yield from _check_opening(opening)


def _check_opening(opening: Opening) -> Findings:
    for block in opening.blocks:
        if not block.known:
            yield block.unreadable()
        elif not is_block(block.text):
            yield Violation(f"{block.path}: is not an address block")
        elif is_world(block.text):
            yield (
                opening.ports_unknown.unreadable()
                if opening.ports_unknown
                else Violation(f"{block.path}: admits the internet to more than TCP port 80 or 443")
            )


def _check_list(resource: Resource) -> Findings:
    """Judge what a group admits by a list's name, whatever ports it does so to."""
    entries = resource.at("entries").items() if resource.type == _LIST else [resource.at()]
    for block in (entry.at("cidr") for entry in entries):
        yield from block.forbid(
            lambda text: isinstance(text, str) and is_world(text),
            "makes a list of the internet, which groups admit without naming it",
        )


RULE = Rule(
    name="sg-world",
    description=(
        "Security groups admit the internet to TCP ports 80 and 443 only, and no prefix list is the"
        " internet."
    ),
    fix=(
        "Admit the security group or the address blocks that need it; only a load balancer is open"
        " to the world."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(
        *security_hub("EC2.18"),
        *checkov("CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_277"),
        *cdk_nag("EC23"),
    ),
    types=(*INGRESS_TYPES, *_LISTS),
    check=_check,
)
