"""Host names in settings."""

from typing import Annotated

from pydantic import Field

from components.settings.base import matching

LABELS = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
"""Lower case, since that is how names are compared; only letters after the last dot, as a load
balancer's host conditions want it (API reference, HostHeaderConditionConfig)."""

HostName = Annotated[
    str,
    Field(max_length=64),
    matching(LABELS, "must be a lower-case host name, such as shop.example.com"),
]
"""One host. 64 characters: the longest that a certificate's first name may have."""

HostPattern = Annotated[
    str,
    Field(max_length=128),
    matching(
        rf"(\*\.)?{LABELS}",
        "must be a lower-case host name: shop.example.com or *.example.com",
    ),
]
"""One host, or all below a domain."""


def is_below(host: str, domain: str) -> bool:
    """Say whether a host is a domain itself or below it."""
    return host == domain or host.endswith(f".{domain}")
