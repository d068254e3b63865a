"""eks-version: a cluster runs a Kubernetes version that gets fixes."""

from pulumi_policy import Severity

from ..core.rule import Parameter, Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings

_STANDARD_SUPPORT = ("1.35", "1.36", "1.37")


def _check(resource: Resource) -> Findings:
    version = resource.at("version")
    if not version.present:
        message = "isn't named, so the cluster stays on whatever was the newest when it was made"
    else:
        message = "isn't among the supported versions"
    supported = resource.settings["supported"]
    return version.require(lambda value: value in supported, message)


RULE = Rule(
    name="eks-version",
    description="An EKS cluster names a Kubernetes version in standard support.",
    fix=(
        "Set version to one in standard support; the parameter `supported` lists them, and has to"
        " follow the EKS release calendar."
    ),
    severity=Severity.HIGH,
    mandatory=False,
    sources=(*security_hub("EKS.2"), *checkov("CKV_AWS_339")),
    parameters={
        "supported": Parameter("Kubernetes versions in standard support", _STANDARD_SUPPORT)
    },
    types=("aws:eks/cluster:Cluster",),
    check=_check,
)
