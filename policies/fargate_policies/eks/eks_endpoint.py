"""eks-endpoint: the Kubernetes API answers inside the VPC, and outside to named blocks only."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, cis_eks, security_hub
from ..core.values import UNKNOWN, Findings, Place, Undecided, Violation, is_false, is_true
from ..models.addresses import is_block, is_world


def _check(resource: Resource) -> Findings:
    network = resource.at("vpcConfig")
    yield from network.at("endpointPrivateAccess").require(
        is_true, "the API can't be reached from inside the VPC"
    )
    public = network.at("endpointPublicAccess")
    if public.value is UNKNOWN:
        yield Undecided(public.path)
    if not public.known or is_false(public.value):
        return
    blocks = network.at("publicAccessCidrs").items()
    if not blocks:
        yield Violation(f"{network.path}.publicAccessCidrs: the API is open to the whole internet")
    for block in blocks:
        yield from _check_block(block)


def _check_block(block: Place) -> Findings:
    yield from block.require(
        lambda value: isinstance(value, str) and is_block(value), "is not an address block"
    )
    if is_world(block.text):
        yield Violation(f"{block.path}: opens the API to the whole internet")


def _remedy(resource: Resource) -> Iterator[Change]:
    """Open the API inside the VPC; whom it answers outside is the owner's to say."""
    private = resource.at("vpcConfig", "endpointPrivateAccess").value
    if private is None or is_false(private):
        yield Change(("vpcConfig", "endpointPrivateAccess"), value=True)


RULE = Rule(
    name="eks-endpoint",
    description="The Kubernetes API is private, or public to named address blocks only.",
    fix=(
        "Set vpcConfig.endpointPrivateAccess to true, and endpointPublicAccess to false or"
        " publicAccessCidrs to the blocks that need it."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(
        *security_hub("EKS.1"),
        *checkov("CKV_AWS_38", "CKV_AWS_39"),
        *cis_eks("5.4.1", "5.4.2"),
    ),
    types=("aws:eks/cluster:Cluster",),
    check=_check,
    remedy=_remedy,
)
