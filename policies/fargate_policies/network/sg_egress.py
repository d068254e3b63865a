"""sg-egress: whoever takes a task over can't call out by whatever protocol."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, trivy
from ..core.values import Findings, Violation
from ..models.addresses import is_world
from ..models.security_groups import EGRESS_TYPES, ways_out


def _check(resource: Resource) -> Findings:
    for way in ways_out(resource):
        for block in way.blocks:
            if not block.known:
                yield block.unreadable()
            elif is_world(block.text) and way.ports_unknown:
                yield way.ports_unknown.unreadable()
            elif is_world(block.text) and way.is_for_everything:
                yield Violation(f"{block.path}: lets everything out to the internet")


RULE = Rule(
    name="sg-egress",
    description="Security groups let out to the internet by named ports only.",
    fix=(
        "Let out to security groups, prefix lists of AWS's services and address blocks; to the"
        " internet by the ports that are needed, such as TCP 443."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(*checkov("CKV_AWS_382"), *trivy("T0104")),
    types=EGRESS_TYPES,
    check=_check,
)
