"""Settings of the load balancer."""

from typing import Annotated, Self

from pydantic import model_validator

from components.settings.base import Model, matching
from components.settings.cidrs import EVERYWHERE, Ipv4Blocks

CertificateArn = Annotated[
    str,
    matching(
        r"arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+",
        "must be the ARN of an ACM certificate, arn:aws:acm:REGION:ACCOUNT:certificate/ID",
    ),
]


class LoadBalancerSettings(Model):
    """The application load balancer in the public subnets.

    It costs 0.0225 USD an hour (16 USD a month) and 0.008 USD per capacity unit and hour.
    """

    enabled: bool = True
    """Create the load balancer."""
    certificate_arn: CertificateArn | None = None
    """ARN of an ACM certificate in the stack's region. With it the load balancer speaks HTTPS and
    redirects HTTP; without it, it speaks HTTP, to the named blocks only."""
    allowed_cidrs: Ipv4Blocks = ()
    """IPv4 blocks from which clients may come. None named: everywhere with a certificate, an error
    without one."""
    deletion_protection: bool = True
    """Refuse to delete the load balancer: to destroy the stack, switch it off, run up, then
    destroy."""

    @model_validator(mode="after")
    def _plain_http_is_restricted(self) -> Self:
        if not self.enabled or self.certificate_arn is not None:
            return self
        if not self.allowed_cidrs:
            raise ValueError(
                "without certificateArn the load balancer speaks plain HTTP and must be "
                "restricted: set allowedCidrs to the blocks that may reach it (such as your "
                "office's), or certificateArn to an ACM certificate"
            )
        if EVERYWHERE in self.allowed_cidrs:
            raise ValueError(
                "0.0.0.0/0 in allowedCidrs would serve plain HTTP to the whole internet: set "
                "certificateArn to an ACM certificate, or name narrower blocks"
            )
        return self
