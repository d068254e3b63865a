"""k8s-sa-token: a pod has an identity of its own, and no key to the Kubernetes API.

IRSA doesn't need the mounted token: its webhook projects another one.
"""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Change, Parameter, Resource, Rule
from ..core.sources import checkov, cis_eks
from ..core.values import Findings, Place, Value, is_false, is_set, is_true
from ..models.workloads import SERVICE_ACCOUNT, WORKLOAD_TYPES, pod, pod_path

_SECRET: Final = "kubernetes:core/v1:Secret"  # noqa: S105 - a type
_TOKEN: Final = "automountServiceAccountToken"  # noqa: S105 - a property's name


def _check(resource: Resource) -> Findings:
    if resource.type == _SECRET:
        yield from resource.at("type").forbid(
            lambda kind: kind == "kubernetes.io/service-account-token",
            "is a token for the Kubernetes API that never expires",
        )
    elif resource.type == SERVICE_ACCOUNT:
        if resource.at("metadata", "name").text not in resource.settings["apiClients"]:
            yield from resource.at(_TOKEN).require(
                is_false, "pods of this account get a token for the Kubernetes API"
            )
    else:
        yield from _check_pod(resource, pod(resource).at("spec"))


def _check_pod(resource: Resource, spec: Place) -> Findings:
    account = spec.at("serviceAccountName")
    yield from account.require(
        lambda name: is_set(name) and name != "default", "pods run as the default service account"
    )
    if account.text in resource.settings["apiClients"]:
        return
    yield from spec.at(_TOKEN).require(is_false, "pods get a token for the Kubernetes API")
    for volume in spec.at("volumes").items():
        for source in volume.at("projected", "sources").items():
            yield from source.at("serviceAccountToken").forbid(
                _is_for_the_api, "mounts a token for the Kubernetes API"
            )


def _is_for_the_api(token: Value) -> bool:
    """Whether a projected token is the API's own, as it is unless it names another audience."""
    return token is not None and not Place(token, "").at("audience").present


def _remedy(resource: Resource) -> Iterator[Change]:
    """Take the token away. Which account a pod has instead of the default one, its owner says."""
    if resource.type == _SECRET:
        return
    if resource.type == SERVICE_ACCOUNT:
        yield from _without_token(resource, resource.properties, ("metadata", "name"), ())
    else:
        spec, path = pod(resource).at("spec"), (*pod_path(resource.type), "spec")
        yield from _without_token(resource, spec, ("serviceAccountName",), path)


def _without_token(
    resource: Resource, place: Place, name: tuple[str, ...], path: tuple[str, ...]
) -> Iterator[Change]:
    account, token = place.at(*name), place.at(_TOKEN)
    api_client = not account.known or account.text in resource.settings["apiClients"]
    has_token = token.value is None or is_true(token.value)
    if has_token and not api_client:
        yield Change((*path, _TOKEN), value=False)


RULE = Rule(
    name="k8s-sa-token",
    description="Pods have a service account of their own and no token for the Kubernetes API.",
    fix=(
        "Set serviceAccountName, and automountServiceAccountToken to false on the account and in"
        " the pod's spec; IRSA works without. Remove projected tokens that name no audience, and"
        " Secrets of type kubernetes.io/service-account-token. The parameter `apiClients` names"
        " accounts that need the token."
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
    types=(*WORKLOAD_TYPES, SERVICE_ACCOUNT, _SECRET),
    check=_check,
    remedy=_remedy,
)
