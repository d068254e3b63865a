"""subnet-public-ip: nothing gets a public address because of where it starts."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, is_true


def _check(resource: Resource) -> Findings:
    return resource.at("mapPublicIpOnLaunch").forbid(
        is_true, "whatever starts in the subnet gets a public IP address"
    )


def _remedy(resource: Resource) -> Iterator[Change]:
    if is_true(resource.at("mapPublicIpOnLaunch").value):
        yield Change(("mapPublicIpOnLaunch",), value=False)


RULE = Rule(
    name="subnet-public-ip",
    description="Subnets give out no public IP addresses by themselves.",
    fix="Set mapPublicIpOnLaunch to false; for awsx's VPC with a transform on the component.",
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=(*security_hub("EC2.15"), *checkov("CKV_AWS_130")),
    types=("aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet"),
    check=_check,
    remedy=_remedy,
)
