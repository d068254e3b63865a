"""Settings of the load balancer."""

from ipaddress import IPv4Network
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from components.settings.base import Model, matching
from components.settings.cidrs import EVERYWHERE, Ipv4Blocks, hold_everything
from components.settings.domain import DomainSettings
from components.settings.waf import WafSettings

MOST_BLOCKS_WITH_TLS = 30
"""A security group holds 60 rules in each direction, and each block needs one for either port."""

PRIVATE_BLOCKS = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""Addresses of private networks (RFC 1918)."""

CertificateArn = Annotated[
    str,
    matching(
        r"arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+",
        "must be the ARN of an ACM certificate, arn:aws:acm:REGION:ACCOUNT:certificate/ID",
    ),
]

TlsPolicy = Literal[
    "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
]
"""Policies with TLS 1.2 and 1.3, or 1.3 alone, and forward secrecy (Elastic Load Balancing user
guide, "Security policies for your Application Load Balancer")."""


class AccessLogSettings(Model):
    """A line for each request, in a bucket that only the load balancer's service writes to.

    Storage costs 0.023 USD per GB and month, encrypted with S3's own keys: Elastic Load Balancing
    can't write with others.
    """

    enabled: bool = False
    """Create the bucket and write the logs. With `deletionProtection: false`, the bucket is deleted
    with what it holds."""
    retention_days: Annotated[int, Field(ge=1, le=3_653)] = 90
    """Days for which logs are kept, 1 to 3653."""


class LoadBalancerSettings(Model):
    """The application load balancer that all services share.

    It costs 0.0225 USD an hour (16 USD a month) and 0.008 USD per capacity unit and hour.
    """

    enabled: bool = True
    """Create the load balancer."""
    scheme: Literal["internet-facing", "internal"] = "internet-facing"
    """internet-facing stands in the public subnets; internal in the private ones, with private
    addresses only. A change replaces the load balancer, and with it its name in DNS. The old one is
    deleted first: `deletionProtection` has to be off, and nothing answers for some minutes."""
    certificate_arn: CertificateArn | None = None
    """ARN of an ACM certificate in the stack's region. With it, or with `domain`, the load balancer
    speaks HTTPS and redirects HTTP; without, it speaks HTTP, to the named blocks only."""
    domain: DomainSettings | None = None
    """A host name of your own, with its certificate and DNS records, instead of certificateArn;
    none by default."""
    tls_policy: TlsPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
    """Protocols and ciphers of HTTPS: TLS 1.3 and 1.2 by default. Names with TLS13-1-3 refuse TLS
    1.2; those with Res leave out ciphers in CBC mode; those with PQ add a post-quantum key exchange
    for clients that know it (AWS recommends ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09); those with
    FIPS use validated modules only."""
    strict_transport_security: Annotated[int, Field(ge=0, le=63_072_000)] | None = None
    """Seconds for which browsers ask for these hosts by HTTPS only, up to 63072000 (two years), by
    the header Strict-Transport-Security in each answer; 0 makes them forget it. By default it is
    left to the services."""
    allowed_cidrs: Ipv4Blocks = ()
    """IPv4 blocks from which clients may come. None named: everywhere with a certificate, an error
    without one; private networks (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16) where the load
    balancer is internal."""
    idle_timeout: Annotated[int, Field(ge=1, le=4_000)] = 60
    """Seconds without a byte after which a connection is closed, 1 to 4000: a service that takes
    longer to answer is given up with 504. It should keep idle connections open for longer."""
    waf: WafSettings = WafSettings()
    """A web application firewall in front; none by default."""
    access_logs: AccessLogSettings = AccessLogSettings()
    """Logs of all requests; none by default."""
    deletion_protection: bool = True
    """Refuse to delete the load balancer: to destroy the stack, switch it off, run up, then
    destroy."""

    @model_validator(mode="after")
    def _has_one_certificate(self) -> Self:
        if self.certificate_arn is not None and self.domain is not None:
            raise ValueError(
                "certificateArn and domain each give a certificate; keep domain to have it issued "
                "and renewed, or certificateArn for one that exists"
            )
        return self

    @model_validator(mode="after")
    def _tells_browsers_of_https_by_https(self) -> Self:
        if self.strict_transport_security is not None and not self.tls:
            raise ValueError(
                "strictTransportSecurity needs HTTPS, since browsers ignore it over HTTP: set "
                "domain or certificateArn, or remove it"
            )
        return self

    @model_validator(mode="after")
    def _plain_http_is_restricted(self) -> Self:
        if not self.enabled or self.tls or self.scheme == "internal":
            return self
        if not self.allowed_cidrs:
            raise ValueError(
                "without certificateArn or domain the load balancer speaks plain HTTP and must be "
                "restricted: set allowedCidrs to the blocks that may reach it (such as your "
                "office's), certificateArn to an ACM certificate, or domain to a name of your own"
            )
        if hold_everything(self.allowed_cidrs):
            raise ValueError(
                f"{' and '.join(map(str, self.allowed_cidrs))} in allowedCidrs would serve plain "
                "HTTP to the whole internet: set certificateArn or domain, or name narrower blocks"
            )
        return self

    @model_validator(mode="after")
    def _blocks_fit_a_security_group(self) -> Self:
        if self.tls and len(self.allowed_cidrs) > MOST_BLOCKS_WITH_TLS:
            raise ValueError(
                f"allowedCidrs names {len(self.allowed_cidrs)} blocks; with HTTPS each needs a "
                f"rule for port 80 and one for 443, and a security group holds 60: name "
                f"{MOST_BLOCKS_WITH_TLS} at most"
            )
        return self

    @property
    def tls(self) -> bool:
        """Whether it speaks HTTPS."""
        return self.certificate_arn is not None or self.domain is not None

    @property
    def clients(self) -> tuple[IPv4Network, ...]:
        """Blocks from which clients may come."""
        return self.allowed_cidrs or (
            PRIVATE_BLOCKS if self.scheme == "internal" else (EVERYWHERE,)
        )
