"""k8s-rbac: what a pod's account may do in the cluster is named.

A pod whose account may do everything reads the secrets of all others, whatever their roles.
"""

from typing import Final

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, cis_eks
from ..core.values import Findings, Place

_GROUP: Final = "kubernetes:rbac.authorization.k8s.io/v1"
_ROLES: Final = (f"{_GROUP}:ClusterRole", f"{_GROUP}:Role")
_BINDINGS: Final = (f"{_GROUP}:ClusterRoleBinding", f"{_GROUP}:RoleBinding")
_RAISING: Final = ("bind", "escalate", "impersonate")
_EVERYBODY: Final = (
    "system:anonymous",
    "system:authenticated",
    "system:serviceaccounts",
    "system:unauthenticated",
)


def _check(resource: Resource) -> Findings:
    return _check_role(resource) if resource.type in _ROLES else _check_binding(resource)


def _check_role(resource: Resource) -> Findings:
    for rule in resource.at("rules").items():
        for verb in rule.at("verbs").items():
            yield from verb.forbid(lambda value: value == "*", "allows every verb")
            yield from verb.forbid(
                lambda value: value in _RAISING, "lets an account raise its own rights"
            )
        for kind in rule.at("resources").items():
            yield from kind.forbid(lambda value: value == "*", "is about every kind of resource")


def _check_binding(resource: Resource) -> Findings:
    yield from resource.at("roleRef", "name").forbid(
        lambda name: name == "cluster-admin", "binds the role that may do everything"
    )
    for subject in resource.at("subjects").items():
        yield from _check_subject(subject.at("name"))


def _check_subject(name: Place) -> Findings:
    return name.forbid(lambda value: value in _EVERYBODY, "binds a role to everybody")


RULE = Rule(
    name="k8s-rbac",
    description="Roles of Kubernetes name what they allow, and are bound to named subjects.",
    fix=(
        "Name verbs and resources in the role, without bind, escalate and impersonate; bind it to"
        " service accounts by name, and cluster-admin to none."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(*cis_eks("4.1.1", "4.1.3", "4.1.8"), *checkov("CKV_K8S_49")),
    types=(*_ROLES, *_BINDINGS),
    check=_check,
)
