"""k8s-sa-token: a pod has an identity of its own, and no key to the Kubernetes API.

IRSA doesn't need the mounted token: its webhook projects another one.
"""

from pulumi_policy import Severity

from ..core.rule import Parameter, Resource, Rule
from ..core.sources import checkov, cis_eks
from ..core.values import Findings, is_false, is_set
from ..models.workloads import SERVICE_ACCOUNT, WORKLOAD_TYPES, pod


def _check(resource: Resource) -> Findings:
    if resource.type == SERVICE_ACCOUNT:
        if resource.at("metadata", "name").text in resource.settings["apiClients"]:
            return
        yield from resource.at("automountServiceAccountToken").require(
            is_false, "pods of this account get a token for the Kubernetes API"
        )
        return
    spec = pod(resource).at("spec")
    account = spec.at("serviceAccountName")
    yield from account.require(
        lambda name: is_set(name) and name != "default", "pods run as the default service account"
    )
    if account.text not in resource.settings["apiClients"]:
        yield from spec.at("automountServiceAccountToken").require(
            is_false, "pods get a token for the Kubernetes API"
        )


RULE = Rule(
    name="k8s-sa-token",
    description="Pods have a service account of their own and no token for the Kubernetes API.",
    fix=(
        "Set serviceAccountName, and automountServiceAccountToken to false on the account and in"
        " the pod's spec; IRSA works without. The parameter `apiClients` names accounts that need"
        " the token."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(*cis_eks("4.1.5", "4.1.6"), *checkov("CKV_K8S_38", "CKV_K8S_41")),
    parameters={
        "apiClients": Parameter(
            "names of service accounts whose pods talk to the Kubernetes API",
            ("adot-collector", "aws-load-balancer-controller"),
        )
    },
    types=(*WORKLOAD_TYPES, SERVICE_ACCOUNT),
    check=_check,
)
