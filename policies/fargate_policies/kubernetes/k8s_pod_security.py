"""k8s-pod-security: pods have no powers over what they run on."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, cis_eks
from ..core.values import Findings, Place, Violation, as_integer, is_false, is_true
from ..models.workloads import WORKLOAD_TYPES, judge_pod_containers, pod

_HOST_NAMESPACES = ("hostNetwork", "hostPID", "hostIPC")


def _check(resource: Resource) -> Findings:
    spec = pod(resource).at("spec")
    for name in _HOST_NAMESPACES:
        yield from spec.at(name).forbid(is_true, "shares a namespace of the host")
    yield from judge_pod_containers(spec, lambda container: _judge(container, spec))


def _judge(container: Place, spec: Place) -> Findings:
    context = container.at("securityContext")
    yield from context.at("privileged").forbid(is_true, "has the host's root powers")
    yield from context.at("allowPrivilegeEscalation").require(
        is_false, "a process can get more powers than its parent"
    )
    for port in container.at("ports").items():
        yield from port.at("hostPort").forbid(
            lambda value: value not in (None, 0), "opens a port of the host"
        )
    yield from _judge_user(context, spec.at("securityContext"))


def _judge_user(context: Place, pod_context: Place) -> Findings:
    """A container's own context wins over the pod's, key by key."""
    user = _effective("runAsUser", context, pod_context)
    nonroot = _effective("runAsNonRoot", context, pod_context)
    if not user.known or not nonroot.known:
        yield (user if not user.known else nonroot).unreadable()
    elif as_integer(user.value) == 0:
        yield Violation(f"{user.path}: the container runs as root")
    elif not is_true(nonroot.value) and not (as_integer(user.value) or 0) > 0:
        yield Violation(f"{nonroot.path}: the container may run as root")


def _effective(key: str, context: Place, pod_context: Place) -> Place:
    own = context.at(key)
    inherited = pod_context.at(key)
    return own if own.present or not inherited.present else inherited


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
    types=WORKLOAD_TYPES,
    check=_check,
)
