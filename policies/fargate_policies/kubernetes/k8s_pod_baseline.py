"""k8s-pod-baseline: pods keep what Kubernetes and its runtime protect the kernel with by default.

What the baseline of the Pod Security Standards forbids, without what `k8s-pod-security` judges.
"""

from itertools import product
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, guide
from ..core.values import Findings, Place, Value, is_set, is_true
from ..models.workloads import PATCH_TYPES, WORKLOAD_TYPES, judge_pod_containers, pod

_CAPABILITIES: Final = (
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
)
"""What containers have without asking, so that asking for it adds nothing."""
_SYSCTLS: Final = (
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_notsent_lowat",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_slow_start_after_idle",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
)
"""Kernel parameters that are a pod's own, by the standard of Kubernetes 1.37."""
_SELINUX_TYPES: Final = (
    *(None, "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"),
)
_APPARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"
_PROBES: Final = (
    *(("livenessProbe",), ("readinessProbe",), ("startupProbe",)),
    *(("lifecycle", "postStart"), ("lifecycle", "preStop")),
)


def _check(resource: Resource) -> Findings:
    template = pod(resource)
    yield from _judge_annotations(template.at("metadata", "annotations"))
    spec = template.at("spec")
    for volume in spec.at("volumes").items():
        yield from volume.at("hostPath").forbid(is_set, "mounts a path of the host")
    context = spec.at("securityContext")
    for sysctl in context.at("sysctls").items():
        yield from sysctl.at("name").forbid(
            lambda name: name not in _SYSCTLS, "sets a kernel parameter that isn't the pod's own"
        )
    yield from _judge_context(context)
    yield from judge_pod_containers(spec, _judge)


def _judge_annotations(annotations: Place) -> Findings:
    """Judge how AppArmor was chosen before it had a field of its own."""
    for key in annotations.value if isinstance(annotations.value, dict) else ():
        if key.startswith(_APPARMOR):
            yield from annotations.at(key).forbid(
                lambda profile: profile == "unconfined", "switches AppArmor off"
            )


def _judge(container: Place) -> Findings:
    context = container.at("securityContext")
    yield from _judge_context(context)
    yield from context.at("procMount").forbid(
        lambda kind: kind not in (None, "", "Default"), "unmasks the kernel's files in /proc"
    )
    for capability in context.at("capabilities", "add").items():
        yield from capability.forbid(
            lambda name: name not in _CAPABILITIES, "adds a Linux capability"
        )
    for hook, how in product(_PROBES, ("httpGet", "tcpSocket")):
        yield from container.at(*hook, how, "host").forbid(
            is_set, "makes the host call another address than the pod's"
        )


def _judge_context(context: Place) -> Findings:
    """Judge what a pod and a container may say both."""
    for kind, message in (
        ("seccompProfile", "lets every system call through"),
        ("appArmorProfile", "switches AppArmor off"),
    ):
        yield from context.at(kind, "type").forbid(_is_unconfined, message)
    yield from context.at("windowsOptions", "hostProcess").forbid(
        is_true, "runs on the host itself"
    )
    options = context.at("seLinuxOptions")
    yield from options.at("type").forbid(
        lambda kind: kind not in _SELINUX_TYPES, "chooses an SELinux type that confines less"
    )
    for key in ("user", "role"):
        yield from options.at(key).forbid(is_set, "chooses an SELinux user or role")


def _is_unconfined(kind: Value) -> bool:
    return bool(kind == "Unconfined")


RULE = Rule(
    name="k8s-pod-baseline",
    description="Pods switch off no protection: the baseline of the Pod Security Standards.",
    fix=(
        "Remove hostPath volumes, added capabilities, procMount, Unconfined profiles, hostProcess,"
        " seLinuxOptions, hosts of probes, and sysctls that aren't safe."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=(
        *guide(
            "Kubernetes documentation",
            "Pod Security Standards: Baseline",
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
        ),
        *checkov("CKV_K8S_25", "CKV_K8S_27"),
    ),
    types=(*WORKLOAD_TYPES, *PATCH_TYPES),
    check=_check,
)
