"""alb-waf: requests to production's applications pass a web application firewall.

About a stack, since what joins a firewall and a load balancer is a resource of its own.
"""

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import security_hub
from ..core.values import UNKNOWN, Findings, Undecided, Violation, is_true
from ..models.load_balancers import LOAD_BALANCERS
from ..models.production import PARAMETERS, in_production

_ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"


def _check(stack: Stack) -> Findings:
    for balancer in stack.of_type(*LOAD_BALANCERS):
        if not stack.referring(balancer, (_ASSOCIATION,), "resourceArn", LOAD_BALANCERS):
            yield from _check_open(stack, balancer)


def _check_open(stack: Stack, balancer: Member) -> Findings:
    kind, internal = balancer.at("loadBalancerType"), balancer.at("internal")
    if is_true(internal.value) or kind.text in {"network", "gateway"}:
        return
    production = in_production(balancer, stack.settings)
    if production is False:
        return
    if production is None or UNKNOWN in (kind.value, internal.value):
        yield Undecided(f"properties of {balancer.name}")
    else:
        yield Violation("no web ACL is associated with it", balancer.urn)


RULE = StackRule(
    name="alb-waf",
    description="Production's load balancers that face the internet have a web ACL.",
    fix=(
        "Create a wafv2 WebAcl of scope REGIONAL and a WebAclAssociation with the load balancer's"
        " ARN. The parameters `productionTags` and `productionStacks` say what production is."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=security_hub("ELB.16"),
    parameters=PARAMETERS,
    types=LOAD_BALANCERS,
    check=_check,
)
