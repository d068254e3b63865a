"""eks-no-pod-identity: pods on Fargate get no credentials from Pod Identity."""

from fnmatch import fnmatchcase

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import guide
from ..core.values import UNKNOWN, Findings, Place, Undecided, Violation

_ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
_PROFILE = "aws:eks/fargateProfile:FargateProfile"


def _check(stack: Stack) -> Findings:
    for association in stack.of_type(_ASSOCIATION):
        yield from _check_association(stack, association)


def _check_association(stack: Stack, association: Member) -> Findings:
    namespace = association.at("namespace")
    for profile in stack.of_type(_PROFILE):
        if not _same(association.at("clusterName"), profile.at("clusterName")):
            continue
        for selector in profile.at("selectors").items():
            pattern = selector.at("namespace")
            if UNKNOWN in (namespace.value, pattern.value):
                yield Undecided(f"namespace of {association.name}")
            elif fnmatchcase(namespace.text, pattern.text):
                yield Violation(
                    f"namespace: runs on Fargate by the profile {profile.name}", association.urn
                )


def _same(one: Place, other: Place) -> bool:
    return one.value == other.value or UNKNOWN in (one.value, other.value)


RULE = StackRule(
    name="eks-no-pod-identity",
    description="Namespaces on Fargate have no Pod Identity associations.",
    fix="Remove the association and give the service account a role by IRSA.",
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=guide(
        "AWS containers roadmap",
        "Pod Identity on Fargate (#2274)",
        "https://github.com/aws/containers-roadmap/issues/2274",
    ),
    types=(_ASSOCIATION,),
    check=_check,
)
