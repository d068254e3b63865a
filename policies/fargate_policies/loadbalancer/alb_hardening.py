"""alb-hardening: a load balancer drops what misleads servers, and production's keeps records."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, Undecided, Value, Violation, is_false, is_true
from ..models.load_balancers import LOAD_BALANCERS
from ..models.production import PARAMETERS, in_production

_APPLICATION = (None, "", "application")


def _check(resource: Resource) -> Findings:
    kind = resource.at("loadBalancerType")
    if not kind.known:
        yield kind.unreadable()
    elif kind.value in _APPLICATION:
        yield from resource.at("dropInvalidHeaderFields").require(
            is_true, "headers that servers read differently reach the targets"
        )
        yield from resource.at("desyncMitigationMode").require(
            _is_safe_mode, "requests that can be read in two ways reach the targets"
        )
    production = in_production(resource, resource.settings)
    if production is None:
        yield Undecided("tags")
    elif production:
        yield from _check_production(resource)


def _check_production(resource: Resource) -> Findings:
    yield from resource.at("enableDeletionProtection").require(
        is_true, "production's load balancer can be deleted by one call"
    )
    logs = resource.at("accessLogs")
    if is_true(logs.at("enabled").value) and not logs.at("bucket").present:
        yield Violation(f"{logs.path}.bucket: names no bucket")
    yield from logs.at("enabled").require(is_true, "production's requests aren't recorded")


def _is_safe_mode(mode: Value) -> bool:
    return mode in (None, "", "defensive", "strictest")


def _remedy(resource: Resource) -> Iterator[Change]:
    if resource.at("loadBalancerType").value in _APPLICATION:
        headers = resource.at("dropInvalidHeaderFields").value
        if headers is None or is_false(headers):
            yield Change(("dropInvalidHeaderFields",), value=True)
        if resource.at("desyncMitigationMode").value == "monitor":
            yield Change(("desyncMitigationMode",), "defensive")
    protection = resource.at("enableDeletionProtection").value
    if in_production(resource, resource.settings) and (protection is None or is_false(protection)):
        yield Change(("enableDeletionProtection",), value=True)


RULE = Rule(
    name="alb-hardening",
    description=(
        "Load balancers drop invalid headers and ambiguous requests; production's have access logs"
        " and deletion protection."
    ),
    fix=(
        "Set dropInvalidHeaderFields to true, desyncMitigationMode to defensive or strictest, and"
        " in production enableDeletionProtection to true and accessLogs with a bucket. The"
        " parameters `productionTags` and `productionStacks` say what production is."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(
        *security_hub("ELB.4", "ELB.5", "ELB.6", "ELB.12"),
        *checkov("CKV_AWS_131", "CKV_AWS_328", "CKV_AWS_91", "CKV_AWS_150"),
    ),
    parameters=PARAMETERS,
    types=LOAD_BALANCERS,
    check=_check,
    remedy=_remedy,
)
