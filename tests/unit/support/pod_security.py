"""The restricted pod security standard, as Kubernetes documents it for version 1.35.

Source: Kubernetes documentation, "Pod Security Standards": the tables of the baseline and of the
restricted profile, which contains it. Each function is a row; windows and user namespaces' own
exceptions aren't made use of.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

Object = Mapping[str, Any]

CONTAINERS: Final = ("containers", "initContainers", "ephemeralContainers")
PROBES: Final = ("livenessProbe", "readinessProbe", "startupProbe")
HOOKS: Final = ("postStart", "preStop")
APP_ARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"
PROFILES: Final = ("RuntimeDefault", "Localhost")
SELINUX_TYPES: Final = (
    None, "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t",
)  # fmt: skip
SYSCTLS: Final = (
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_syncookies",
)
VOLUMES: Final = (
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim",
    "projected", "secret",
)  # fmt: skip


def violations(pod: Object) -> list[str]:
    """Return what a pod, or the template of one, has that the restricted standard forbids.

    Args:
        pod: an object with metadata and spec.

    Returns:
        The forbidden fields' paths, each with the row of the table that forbids it.
    """
    return [f"{path}: {row}" for row, check in ROWS.items() for path in check(pod)]


def _spec(pod: Object) -> Object:
    found: Object = pod.get("spec") or {}
    return found


def _containers(pod: Object) -> Iterator[tuple[str, Object]]:
    """Yield each container of whatever kind with its path."""
    for kind in CONTAINERS:
        for container in _spec(pod).get(kind) or ():
            yield f"spec.{kind}[{container.get('name')}]", container


def _pod_context(pod: Object) -> Object:
    found: Object = _spec(pod).get("securityContext") or {}
    return found


def _contexts(pod: Object) -> Iterator[tuple[str, Object]]:
    """Yield the pod's and each container's security context with its path."""
    yield "spec.securityContext", _pod_context(pod)
    for path, container in _containers(pod):
        yield f"{path}.securityContext", container.get("securityContext") or {}


def _container_contexts(pod: Object) -> Iterator[tuple[str, Object]]:
    yield from (found for found in _contexts(pod) if found[0] != "spec.securityContext")


def _host_process(pod: Object) -> Iterator[str]:
    for path, context in _contexts(pod):
        if (context.get("windowsOptions") or {}).get("hostProcess"):
            yield f"{path}.windowsOptions.hostProcess"


def _host_namespaces(pod: Object) -> Iterator[str]:
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if _spec(pod).get(key):
            yield f"spec.{key}"


def _privileged(pod: Object) -> Iterator[str]:
    for path, context in _container_contexts(pod):
        if context.get("privileged"):
            yield f"{path}.privileged"


def _capabilities(pod: Object) -> Iterator[str]:
    for path, context in _container_contexts(pod):
        capabilities = context.get("capabilities") or {}
        if "ALL" not in (capabilities.get("drop") or ()):
            yield f"{path}.capabilities.drop"
        if set(capabilities.get("add") or ()) - {"NET_BIND_SERVICE"}:
            yield f"{path}.capabilities.add"


def _volume_types(pod: Object) -> Iterator[str]:
    """Yield volumes of other types, hostPath (a row of its own) among them."""
    for volume in _spec(pod).get("volumes") or ():
        for kind in sorted(volume.keys() - {"name", *VOLUMES}):
            yield f"spec.volumes[{volume.get('name')}].{kind}"


def _host_ports(pod: Object) -> Iterator[str]:
    for path, container in _containers(pod):
        for port in container.get("ports") or ():
            if port.get("hostPort"):
                yield f"{path}.ports[{port.get('containerPort')}].hostPort"


def _host_probes(pod: Object) -> Iterator[str]:
    for path, container in _containers(pod):
        handlers = {key: container.get(key) for key in PROBES}
        handlers |= {f"lifecycle.{k}": (container.get("lifecycle") or {}).get(k) for k in HOOKS}
        for key, handler in handlers.items():
            for action in ("httpGet", "tcpSocket"):
                if ((handler or {}).get(action) or {}).get("host"):
                    yield f"{path}.{key}.{action}.host"


def _app_armor(pod: Object) -> Iterator[str]:
    for path, context in _contexts(pod):
        if (context.get("appArmorProfile") or {}).get("type") not in (None, *PROFILES):
            yield f"{path}.appArmorProfile.type"
    annotations = (pod.get("metadata") or {}).get("annotations") or {}
    for key, value in annotations.items():
        allowed = value == "runtime/default" or str(value).startswith("localhost/")
        if key.startswith(APP_ARMOR) and not allowed:
            yield f"metadata.annotations[{key}]"


def _selinux(pod: Object) -> Iterator[str]:
    for path, context in _contexts(pod):
        options = context.get("seLinuxOptions") or {}
        if options.get("type") not in SELINUX_TYPES:
            yield f"{path}.seLinuxOptions.type"
        yield from (f"{path}.seLinuxOptions.{key}" for key in ("user", "role") if options.get(key))


def _proc_mount(pod: Object) -> Iterator[str]:
    for path, context in _container_contexts(pod):
        if context.get("procMount") not in (None, "Default"):
            yield f"{path}.procMount"


def _sysctls(pod: Object) -> Iterator[str]:
    for sysctl in _pod_context(pod).get("sysctls") or ():
        if sysctl.get("name") not in SYSCTLS:
            yield f"spec.securityContext.sysctls[{sysctl.get('name')}]"


def _escalation(pod: Object) -> Iterator[str]:
    for path, context in _container_contexts(pod):
        if context.get("allowPrivilegeEscalation") is not False:
            yield f"{path}.allowPrivilegeEscalation"


def _non_root(pod: Object) -> Iterator[str]:
    """Yield containers that may run as root: their own word counts, else the pod's."""
    inherited = _pod_context(pod).get("runAsNonRoot")
    for path, context in _container_contexts(pod):
        own = context.get("runAsNonRoot")
        if (inherited if own is None else own) is not True:
            yield f"{path}.runAsNonRoot"


def _non_root_user(pod: Object) -> Iterator[str]:
    for path, context in _contexts(pod):
        if context.get("runAsUser") == 0:
            yield f"{path}.runAsUser"


def _seccomp(pod: Object) -> Iterator[str]:
    """Yield unconfined profiles, and containers that neither they nor the pod give one."""
    inherited = (_pod_context(pod).get("seccompProfile") or {}).get("type")
    if inherited not in (None, *PROFILES):
        yield "spec.securityContext.seccompProfile.type"
    for path, context in _container_contexts(pod):
        own = (context.get("seccompProfile") or {}).get("type")
        if (own or inherited) not in PROFILES:
            yield f"{path}.seccompProfile.type"


ROWS: Final[Mapping[str, Callable[[Object], Iterator[str]]]] = {
    "HostProcess": _host_process,
    "Host Namespaces": _host_namespaces,
    "Privileged Containers": _privileged,
    "Capabilities": _capabilities,
    "Volume Types": _volume_types,
    "Host Ports": _host_ports,
    "Host Probes / Lifecycle Hooks": _host_probes,
    "AppArmor": _app_armor,
    "SELinux": _selinux,
    "/proc Mount Type": _proc_mount,
    "Sysctls": _sysctls,
    "Privilege Escalation": _escalation,
    "Running as Non-root": _non_root,
    "Running as Non-root user": _non_root_user,
    "Seccomp": _seccomp,
}
"""The rows of both tables; three are in both, and the restricted one's is the stricter."""
