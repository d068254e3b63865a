"""tg-ip: targets are addresses, as tasks and pods on Fargate are."""

from pulumi_policy import Severity

from ..core.rule import Parameter, Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, Place
from ..models.load_balancers import TARGET_GROUPS


def _check(resource: Resource) -> Findings:
    yield from resource.at("targetType").require(
        lambda kind: kind == "ip", "tasks and pods on Fargate can't be targets"
    )
    if resource.settings["requireTls"]:
        yield from _require_tls(resource.at("protocol"))


def _require_tls(protocol: Place) -> Findings:
    return protocol.require(
        lambda value: value in ("HTTPS", "TLS"), "the way to the targets isn't encrypted"
    )


RULE = Rule(
    name="tg-ip",
    description="Target groups hold IP addresses.",
    fix="Set targetType to ip; TLS to the targets is advised (parameter `requireTls`).",
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(*security_hub("ELB.21", "ELB.22"), *checkov("CKV_AWS_378")),
    parameters={
        "requireTls": Parameter("whether targets must be reached by HTTPS or TLS", default=False)
    },
    types=TARGET_GROUPS,
    check=_check,
)
