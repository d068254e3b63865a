"""eks-secrets-kms: Kubernetes secrets are encrypted with a key of the account."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, cis_eks, security_hub
from ..core.values import UNKNOWN, Findings, Undecided, Violation


def _check(resource: Resource) -> Findings:
    configuration = resource.at("encryptionConfig")
    resources = configuration.at("resources")
    items = resources.items()
    if not any(item.value == "secrets" for item in items):
        if any(item.value is UNKNOWN for item in items):
            yield Undecided(resources.path)
        else:
            yield Violation(f"{configuration.path}: secrets aren't encrypted with a KMS key")
    elif not configuration.at("provider", "keyArn").present:
        yield Violation(f"{configuration.path}.provider.keyArn: names no KMS key")


RULE = Rule(
    name="eks-secrets-kms",
    description="An EKS cluster encrypts Kubernetes secrets with a KMS key of the account.",
    fix=(
        "Set encryptionConfig with the resource secrets and the ARN of a symmetric KMS key; it can"
        " be added to a cluster that exists, but not taken away again."
    ),
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=(*security_hub("EKS.3"), *checkov("CKV_AWS_58"), *cis_eks("5.3.1")),
    types=("aws:eks/cluster:Cluster",),
    check=_check,
)
