"""eks-profile: a Fargate profile takes the pods of named namespaces, into private subnets."""

from fnmatch import fnmatchcase

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import cis_eks, guide
from ..core.values import UNKNOWN, Findings, Undecided, Violation
from ..models.iam_document import is_everything
from ..models.routes import SUBNETS, leads_to_internet

_PROFILE = "aws:eks/fargateProfile:FargateProfile"


def _check(stack: Stack) -> Findings:
    for profile in stack.of_type(_PROFILE):
        yield from _check_selectors(profile)
        yield from _check_subnets(stack, profile)


def _check_selectors(profile: Member) -> Findings:
    for selector in profile.at("selectors").items():
        namespace = selector.at("namespace")
        if namespace.value is UNKNOWN:
            yield Undecided(f"{namespace.path} of {profile.name}")
        elif is_everything(namespace.text):
            yield Violation(f"{namespace.path}: takes the pods of every namespace", profile.urn)
        elif fnmatchcase("default", namespace.text):
            yield Violation(
                f"{namespace.path}: takes the pods of the default namespace", profile.urn
            )


def _check_subnets(stack: Stack, profile: Member) -> Findings:
    subnets = stack.referred(profile, "subnetIds", SUBNETS)
    for subnet in subnets:
        leads = leads_to_internet(stack, subnet)
        if leads is None:
            yield Undecided(f"routes of {subnet.name}")
        elif leads:
            yield Violation(
                f"subnetIds: the subnet {subnet.name} has a route to an internet gateway",
                profile.urn,
            )
    named = profile.at("subnetIds").items()
    if not subnets and any(place.value is UNKNOWN for place in named):
        yield Undecided(f"subnetIds of {profile.name}")


RULE = StackRule(
    name="eks-profile",
    description="Fargate profiles are for named namespaces but default, and for private subnets.",
    fix=(
        "Give each team or application a namespace, and a selector that names it; give the profile"
        " private subnets, the only ones that EKS accepts."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(
        *cis_eks("4.5.2"),
        *guide(
            "Amazon EKS user guide",
            "Fargate profiles",
            "https://docs.aws.amazon.com/eks/latest/userguide/fargate-profile.html",
        ),
    ),
    types=(_PROFILE,),
    check=_check,
)
