"""alb-https: what the internet sends to a load balancer is encrypted.

About a stack, since only the security groups say whether a listener is open to the world.
"""

import re

from pulumi_policy import Severity

from ..core.rule import Member, Parameter, Stack, StackRule
from ..core.sources import checkov, security_hub
from ..core.values import (
    UNKNOWN,
    Findings,
    Place,
    Undecided,
    Violation,
    as_integer,
    is_true,
)
from ..models.addresses import is_world
from ..models.load_balancers import LISTENER_RULES, LISTENERS, LOAD_BALANCERS
from ..models.security_groups import GROUP_TYPES, Opening, openings_of

_NOT_HTTPS = "is neither HTTPS nor TLS"
_PLAIN = {"HTTP"}
_PASSED_ON = {"TCP", "TCP_UDP"}
"""What a network load balancer passes on as it comes; who encrypts it, if anybody, isn't seen."""
_MODERN = re.compile(r"ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-.+")


def _check(stack: Stack) -> Findings:
    plain = _PLAIN if stack.settings["passThrough"] else _PLAIN | _PASSED_ON
    for listener in stack.of_type(*LISTENERS):
        protocol = _protocol(listener)
        if listener.at("protocol").value is UNKNOWN:
            yield Undecided(f"protocol of {listener.name}")
        elif protocol in {"HTTPS", "TLS"}:
            yield from _check_tls(listener)
        elif protocol in plain and not _only_redirects(stack, listener):
            yield from _check_closed(stack, listener)


def _protocol(listener: Member) -> str:
    """Return what a listener speaks, in upper case: the provider takes any, and HTTP for none.

    A gateway load balancer's listener has neither protocol nor port.
    """
    default = "HTTP" if listener.at("port").present else ""
    return listener.at("protocol").text.upper() or default


def _check_tls(listener: Member) -> Findings:
    policy = listener.at("sslPolicy")
    if policy.value is UNKNOWN:
        yield Undecided(f"sslPolicy of {listener.name}")
    elif not _MODERN.fullmatch(policy.text):
        yield Violation("sslPolicy: accepts TLS 1.1 or older", listener.urn)


def _only_redirects(stack: Stack, listener: Member) -> bool:
    places = listener.at("defaultActions").items()
    for rule in stack.referring(listener, LISTENER_RULES, "listenerArn", LISTENERS):
        places += rule.at("actions").items()
    return bool(places) and all(map(_redirects_to_https, places))


def _redirects_to_https(action: Place) -> bool:
    return (
        action.at("type").text == "redirect" and action.at("redirect", "protocol").text == "HTTPS"
    )


def _check_closed(stack: Stack, listener: Member) -> Findings:
    balancers = stack.referred(listener, "loadBalancerArn", LOAD_BALANCERS)
    if not balancers:
        yield Violation(
            f"protocol: {_NOT_HTTPS}, and the load balancer isn't in this stack, so it may be open"
            " to the world",
            listener.urn,
        )
    for balancer in balancers:
        if not is_true(balancer.at("internal").value):
            yield from _open_ways(stack, listener, balancer)


def _open_ways(stack: Stack, listener: Member, balancer: Member) -> Findings:
    port = as_integer(listener.at("port").value) or 80
    groups = stack.referred(balancer, "securityGroups", GROUP_TYPES)
    if len(groups) < len(balancer.at("securityGroups").items()) or not groups:
        yield Violation(
            f"protocol: {_NOT_HTTPS}, and no security group of this stack closes it", listener.urn
        )
    for group in groups:
        for opener, opening in openings_of(stack, group):
            if opening.blocks and opening.ports_unknown:
                yield Undecided(f"ports of {opener.name}")
            elif opening.admits_tcp(port):
                yield from _judge_blocks(listener, opener, opening)


def _judge_blocks(listener: Member, opener: Member, opening: Opening) -> Findings:
    if any(is_world(block.text) for block in opening.blocks):
        yield Violation(f"protocol: {_NOT_HTTPS}, and open to the world", listener.urn)
    elif any(block.value is UNKNOWN for block in opening.blocks):
        yield Undecided(f"address blocks of {opener.name}")


RULE = StackRule(
    name="alb-https",
    description="Listeners that are open to the world use HTTPS with a modern TLS policy.",
    fix=(
        "Listen with HTTPS and ELBSecurityPolicy-TLS13-1-2-2021-06, and let port 80 redirect to it;"
        " or admit named address blocks only. A network load balancer listens with TLS; the"
        " parameter `passThrough` admits TCP, where the targets encrypt."
    ),
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=(
        *security_hub("ELB.1", "ELB.17", "ELB.18"),
        *checkov("CKV_AWS_2", "CKV_AWS_103"),
    ),
    parameters={
        "passThrough": Parameter(
            "whether TCP may be open to the world, since the targets encrypt", default=False
        )
    },
    types=LISTENERS,
    check=_check,
)
