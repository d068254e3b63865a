"""k8s-pod-security: pods have no powers over what they run on."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, cis_eks
from ..core.values import REMOVED, Findings, Place, Violation, as_integer, is_false, is_true
from ..models.workloads import (
    PATCH_TYPES,
    WORKLOAD_TYPES,
    effective,
    is_patch,
    judge_pod_containers,
    pod,
    pod_containers,
    pod_path,
)

_HOST_NAMESPACES = ("hostNetwork", "hostPID", "hostIPC")
_ESCALATES = "a process can get more powers than its parent"


def _check(resource: Resource) -> Findings:
    spec = pod(resource).at("spec")
    for name in _HOST_NAMESPACES:
        yield from spec.at(name).forbid(is_true, "shares a namespace of the host")
    judge = _judge_part if is_patch(resource) else _judge_whole
    yield from judge_pod_containers(spec, lambda container: judge(container, spec))


def _judge_whole(container: Place, spec: Place) -> Findings:
    yield from _judge(container)
    yield from _escalation(container).require(is_false, _ESCALATES)
    user, nonroot = _users(container, spec)
    number = as_integer(user.value)
    if not user.known or not nonroot.known:
        yield (user if not user.known else nonroot).unreadable()
    elif number == 0:
        yield Violation(f"{user.path}: the container runs as root")
    elif number is None and not is_true(nonroot.value):
        yield Violation(f"{nonroot.path}: the container may run as root")


def _judge_part(container: Place, spec: Place) -> Findings:
    """Judge what a patch says; what it leaves out, the patched object says."""
    yield from _judge(container)
    yield from _escalation(container).forbid(is_true, _ESCALATES)
    user, nonroot = _users(container, spec)
    yield from user.forbid(lambda value: as_integer(value) == 0, "the container runs as root")
    yield from nonroot.forbid(is_false, "the container may run as root")


def _judge(container: Place) -> Findings:
    context = container.at("securityContext")
    yield from context.at("privileged").forbid(is_true, "has the host's root powers")
    for port in container.at("ports").items():
        yield from port.at("hostPort").forbid(
            lambda value: value not in (None, 0), "opens a port of the host"
        )


def _escalation(container: Place) -> Place:
    return container.at("securityContext", "allowPrivilegeEscalation")


def _users(container: Place, spec: Place) -> tuple[Place, Place]:
    return effective("runAsUser", container, spec), effective("runAsNonRoot", container, spec)


def _remedy(resource: Resource) -> Iterator[Change]:
    """Take away what reaches beyond the pod; Fargate refuses nearly all of it anyway.

    Not the user: an image that is made for root wouldn't start as another. Nor a patch, which
    would say more than its owner did.
    """
    if is_patch(resource):
        return
    spec, path = pod(resource).at("spec"), (*pod_path(resource.type), "spec")
    for name in _HOST_NAMESPACES:
        if is_true(spec.at(name).value):
            yield Change((*path, name), value=False)
    for kind, index, container in pod_containers(spec):
        for change in _remedy_container(container):
            yield Change((*path, kind, index, *change.path), change.value)


def _remedy_container(container: Place) -> Iterator[Change]:
    if not isinstance(container.value, dict):
        return
    context = container.at("securityContext")
    if is_true(context.at("privileged").value):
        yield Change(("securityContext", "privileged"), value=False)
    escalation = context.at("allowPrivilegeEscalation").value
    if escalation is None or is_true(escalation):
        yield Change(("securityContext", "allowPrivilegeEscalation"), value=False)
    for index, port in enumerate(container.at("ports").items()):
        number = port.at("hostPort")
        if number.known and number.value not in (None, 0):
            yield Change(("ports", index, "hostPort"), REMOVED)


RULE = Rule(
    name="k8s-pod-security",
    description="Pods are unprivileged: no host access, no escalation, not root.",
    fix=(
        "Set runAsNonRoot true and allowPrivilegeEscalation false in the security context, and"
        " remove privileged, hostNetwork, hostPID, hostIPC and hostPort."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(
        *cis_eks("4.2.1", "4.2.2", "4.2.3", "4.2.4", "4.2.5"),
        *checkov(*(f"CKV_K8S_{number}" for number in (16, 17, 18, 19, 20, 23, 26))),
    ),
    types=(*WORKLOAD_TYPES, *PATCH_TYPES),
    check=_check,
    remedy=_remedy,
)
