"""Kubernetes objects of a stack: pod templates, namespaces, selectors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from reports.errors import InputError, UnknownValueError
from reports.stack import UNKNOWN, Resource, Stack, holds_unknown

NAMESPACE: Final = "kubernetes:core/v1:Namespace"
PROFILE: Final = "aws:eks/fargateProfile:FargateProfile"

POD_TEMPLATES: Final[Mapping[str, str]] = {
    "kubernetes:apps/v1:DaemonSet": "spec.template",
    "kubernetes:apps/v1:Deployment": "spec.template",
    "kubernetes:apps/v1:ReplicaSet": "spec.template",
    "kubernetes:apps/v1:StatefulSet": "spec.template",
    "kubernetes:batch/v1:CronJob": "spec.jobTemplate.spec.template",
    "kubernetes:batch/v1:Job": "spec.template",
    "kubernetes:core/v1:Pod": "",
}
"""Where each kind of workload describes its pods."""


@dataclass(frozen=True)
class Pods:
    """The pods of one workload.

    Attributes:
        workload: the workload.
        namespace: where they run.
        labels: their labels.
        spec: their specification.
    """

    workload: Resource
    namespace: str
    labels: Mapping[str, str]
    spec: Mapping[str, Any]


def workloads(stack: Stack) -> Iterator[Resource]:
    """Yield what starts pods, Helm releases and add-ons apart."""
    return stack.of(*POD_TEMPLATES)


def pods_of(stack: Stack, workload: Resource) -> Pods:
    """Return the pods of a workload.

    Raises:
        InputError: it has no specification of its pods.
        UnknownValueError: what they look like isn't known yet.
    """
    path = POD_TEMPLATES[workload.type]
    prefix = f"{path}." if path else ""
    spec = workload.known(f"{prefix}spec")
    if not isinstance(spec, dict):
        raise InputError(f"{workload.label}: {prefix}spec is missing.")
    labels = workload.known(f"{prefix}metadata.labels") or {}
    if holds_unknown(labels):
        raise UnknownValueError(f"{workload.label}: {prefix}metadata.labels")
    return Pods(workload, namespace_of(stack, workload), labels, spec)


def namespace_of(stack: Stack, resource: Resource) -> str:
    """Return the namespace of an object, also where only the Namespace it comes from is known.

    Raises:
        UnknownValueError: neither is known.
    """
    value = resource.get("metadata.namespace")
    if value is not UNKNOWN:
        return str(value or "default")
    found = stack.refer(resource, "metadata.namespace", NAMESPACE)
    return str(found.known("metadata.name")) if found else "default"


def matches(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Whether a label selector selects what has these labels; an empty one selects everything."""
    selector = selector or {}
    wanted = selector.get("matchLabels") or {}
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    for expression in selector.get("matchExpressions") or ():
        key, values = expression.get("key"), expression.get("values") or ()
        fits = {
            "In": labels.get(key) in values,
            "NotIn": labels.get(key) not in values,
            "Exists": key in labels,
            "DoesNotExist": key not in labels,
        }
        if not fits.get(expression.get("operator"), False):
            return False
    return True


def runs_on_fargate(stack: Stack, namespace: str, labels: Mapping[str, str]) -> bool:
    """Whether a Fargate profile of the stack takes pods; its selectors may hold ``*`` and ``?``.

    Raises:
        UnknownValueError: a profile's selectors aren't known yet.
    """
    for profile in stack.of(PROFILE):
        for selector in profile.items("selectors"):
            if holds_unknown(selector):
                raise UnknownValueError(f"{profile.label}: selectors")
            wanted = selector.get("labels") or {}
            if fnmatchcase(namespace, str(selector.get("namespace"))) and all(
                any(fnmatchcase(key, k) and fnmatchcase(value, str(v)) for key, value in
                    labels.items())
                for k, v in wanted.items()
            ):  # fmt: skip
                return True
    return False
