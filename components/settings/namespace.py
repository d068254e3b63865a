"""Settings of the Kubernetes namespaces, one for each team."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from components.settings.base import NAME, Model
from components.settings.roles import RoleArns

INSIGHTS_NAMESPACE: Final = "fargate-container-insights"
SECRETS_NAMESPACE: Final = "external-secrets"
RESERVED_NAMESPACES: Final = (
    "default",
    "aws-observability",
    "amazon-cloudwatch",
    INSIGHTS_NAMESPACE,
    SECRETS_NAMESPACE,
)


def _own_namespace(name: str) -> str:
    if name in RESERVED_NAMESPACES or name.startswith("kube-"):
        raise ValueError(
            "belongs to Kubernetes, AWS or the platform; take a name of your own, such as a team's"
        )
    return name


NamespaceName = Annotated[str, Field(max_length=40), NAME, AfterValidator(_own_namespace)]


class QuotaSettings(Model):
    """What all pods of a namespace may ask for together. It also forbids NodePort and LoadBalancer.

    A pod beyond it isn't started. A deployment runs old and new pods side by side for a while, so
    the services of the stack file have to fit with both; that is checked. Pods that are leaving
    count until they are gone.
    """

    pods: Annotated[int, Field(ge=1, le=10_000)] = 50
    """Most pods."""
    cpu: Annotated[int, Field(ge=1, le=10_000)] = 25
    """Most vCPU. At their largest the defaults of cpu and memory cost 1,063 USD a month
    (us-east-1)."""
    memory: Annotated[int, Field(ge=1, le=100_000)] = 100
    """Most memory in GiB, by the sizes that services ask for (Kubernetes counts 256 MiB less for
    each pod)."""


class NamespaceSettings(Model):
    """A namespace: its quota, who may see and edit what is in it, and where its pods run.

    Pods are held to the restricted pod security standard. The namespace has a Fargate profile.
    """

    quota: QuotaSettings = QuotaSettings()
    """What all of its pods may ask for together."""
    editor_role_arns: RoleArns = ()
    """IAM roles that may change what is in the namespace (AmazonEKSEditPolicy), none by default.
    They can read its Secrets, open a shell in its pods and act as its service accounts, and so have
    what its services are granted. A pod that they start themselves is in the cluster's security
    group unless its labels are a service's."""
    viewer_role_arns: RoleArns = ()
    """IAM roles that may see what is in the namespace, but no Secret (AmazonEKSViewPolicy); none by
    default."""
    zone_profiles: bool = False
    """Add a Fargate profile for each zone, for services with `zoneSpread: guaranteed`. An account's
    default quota is 10 profiles a cluster."""
