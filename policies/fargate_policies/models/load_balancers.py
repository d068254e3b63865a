"""Type tokens of load balancers: the provider has each under several names."""

from typing import Final


def _tokens(name: str) -> tuple[str, ...]:
    kind = name[0].upper() + name[1:]
    modules = ("lb", "alb", "elasticloadbalancingv2", "applicationloadbalancing")
    return tuple(f"aws:{module}/{name}:{kind}" for module in modules)


LISTENERS: Final = _tokens("listener")
LISTENER_RULES: Final = _tokens("listenerRule")
LOAD_BALANCERS: Final = _tokens("loadBalancer")
TARGET_GROUPS: Final = _tokens("targetGroup")
