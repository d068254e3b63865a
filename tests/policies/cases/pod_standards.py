"""What pods are made of: the Pod Security Standards, their images, their files, their tokens."""

from typing import Any

from tests.policies.cases.case import About, Case
from tests.policies.cases.resources import (
    ACCOUNT,
    CRON_JOB,
    DEPLOYMENT,
    POD,
    deployment,
    pod_spec,
    scheduled,
)
from tests.policies.protocol import UNKNOWN

PATCH = "kubernetes:apps/v1:DeploymentPatch"
POD_PATCH = "kubernetes:core/v1:PodPatch"
SECRET = "kubernetes:core/v1:Secret"  # noqa: S105 - a type
TOKEN_TYPE = "kubernetes.io/service-account-token"  # noqa: S105 - a type
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1.0"


def of(**values: object) -> dict[str, Any]:
    """Return a deployment whose container has a security context."""
    return deployment({"name": "web", "securityContext": values})


def of_pod(**values: object) -> dict[str, Any]:
    """Return a deployment whose pod has a security context."""
    return deployment({"name": "web"}, securityContext=values)


def with_container(**values: object) -> dict[str, Any]:
    return deployment({"name": "web", **values})


def with_volume(**kinds: object) -> dict[str, Any]:
    return deployment({"name": "web"}, volumes=[{"name": "data", **kinds}])


def with_volume_of(image: object) -> dict[str, Any]:
    """Return a deployment without containers, with a volume made of an image."""
    return deployment(volumes=[{"name": "data", "image": {"reference": image}}])


def annotated(**annotations: object) -> dict[str, Any]:
    """Return a deployment whose pods choose AppArmor by annotations."""
    prefix = "container.apparmor.security.beta.kubernetes.io/"
    metadata = {"annotations": {f"{prefix}{name}": value for name, value in annotations.items()}}
    return {"spec": {"template": {"metadata": metadata, "spec": {"containers": []}}}}


def restricted(**values: object) -> dict[str, Any]:
    """Return a deployment of a restricted pod but for `values` of its container's context."""
    context = {"capabilities": {"drop": ["ALL"]}, **values}
    return deployment(
        {"name": "web", "securityContext": context},
        securityContext={"seccompProfile": {"type": "RuntimeDefault"}},
    )


def token(**source: object) -> dict[str, Any]:
    """Return a deployment that mounts a token of its account."""
    projected = {"sources": [{"serviceAccountToken": {"path": "token", **source}}]}
    return deployment(
        {"name": "web"},
        serviceAccountName="api",
        automountServiceAccountToken=False,
        volumes=[{"name": "token", "projected": projected}],
    )


def options(**values: object) -> dict[str, Any]:
    return {"seLinuxOptions": values}


def added(*capabilities: object) -> dict[str, Any]:
    return {"capabilities": {"add": list(capabilities)}}


DEFAULT_CAPABILITIES = (
    *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"),
    *("NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
)
SYSCTLS = [
    {"name": name, "value": "1"}
    for name in (
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
]
VOLUMES = (
    *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image"),
    *("persistentVolumeClaim", "projected", "secret"),
)
ABOUT = [
    About("k8s-pod-security", PATCH)
    .passes(
        {
            "what it leaves out": deployment({"name": "web"}),
            "safe": of(allowPrivilegeEscalation=False, runAsNonRoot=True, runAsUser=1000),
        }
    )
    .fails(
        {
            "the host's network": deployment(hostNetwork=True),
            "privileged": of(privileged=True),
            "escalation": of(allowPrivilegeEscalation=True),
            "root": of(runAsUser=0),
            "root by the pod": of_pod(runAsUser=0),
            "maybe root": of(runAsNonRoot=False),
            "a port of the host": with_container(ports=[{"hostPort": 80}]),
        }
    )
    .undecided(
        {
            "an unknown user": of(runAsUser=UNKNOWN),
            "an unknown promise": of(runAsNonRoot=UNKNOWN),
            "unknown escalation": of(allowPrivilegeEscalation=UNKNOWN),
        }
    )
    .fails({"the host's processes": pod_spec(hostPID=True)}, POD_PATCH),
    About("k8s-pod-baseline", DEPLOYMENT)
    .passes(
        {
            "nothing said": deployment({"name": "web"}),
            "a folder of its own": with_volume(emptyDir={}),
            "the default profile": of(seccompProfile={"type": "RuntimeDefault"}),
            "the default profile of AppArmor": of(appArmorProfile={"type": "RuntimeDefault"}),
            "the default profile by annotation": annotated(web="runtime/default"),
            "capabilities that it has anyway": of(**added(*DEFAULT_CAPABILITIES)),
            "masked": of(procMount="Default"),
            "masked, as an empty text says": of(procMount=""),
            "kernel parameters of its own": of_pod(sysctls=SYSCTLS),
            **{
                f"an SELinux type that confines: {kind}": of(**options(type=kind, level="s0"))
                for kind in ("container_t", "container_init_t", "container_kvm_t")
            },
            "an SELinux type that confines an engine": of(**options(type="container_engine_t")),
            "SELinux options without type": of_pod(**options(type="", user="", role="")),
            "not on the host": of(windowsOptions={"hostProcess": False}),
            "a probe of the pod": with_container(livenessProbe={"httpGet": {"port": 80}}),
            "absent": {},
        }
    )
    .fails(
        {
            "a path of the host": with_volume(hostPath={"path": "/"}),
            "a path of the host, in another volume": deployment(
                volumes=[{"emptyDir": {}}, {"hostPath": {"path": "/var/run/docker.sock"}}]
            ),
            "every system call": of(seccompProfile={"type": "Unconfined"}),
            "every system call by the pod": of_pod(seccompProfile={"type": "Unconfined"}),
            "no AppArmor": of(appArmorProfile={"type": "Unconfined"}),
            "no AppArmor by the pod": of_pod(appArmorProfile={"type": "Unconfined"}),
            "no AppArmor by annotation": annotated(web="unconfined"),
            "raw packets": of(**added("NET_RAW")),
            "a list as capability": of(**added([])),
            "a list as kernel parameter": of_pod(sysctls=[{"name": []}]),
            "a capability in lower case": of(**added("sys_admin")),
            "all capabilities, besides a harmless one": of(**added("CHOWN", "ALL")),
            "unmasked": of(procMount="Unmasked"),
            "a kernel parameter of the host": of_pod(
                sysctls=[*SYSCTLS, {"name": "kernel.msgmax", "value": "1"}]
            ),
            "an SELinux type that confines nothing": of(**options(type="spc_t")),
            "an SELinux user": of_pod(**options(user="root")),
            "an SELinux role": of_pod(**options(role="sysadm_r")),
            "on the host": of_pod(windowsOptions={"hostProcess": True}),
            "on the host by the container": of(windowsOptions={"hostProcess": True}),
            **{
                f"a {name} of another address by {how}": with_container(
                    **{name: {how: {"host": "169.254.169.254", "port": 80}}}
                )
                for name in ("livenessProbe", "readinessProbe", "startupProbe")
                for how in ("httpGet", "tcpSocket")
            },
            **{
                f"a {name} hook of another address": with_container(
                    lifecycle={name: {"httpGet": {"host": "169.254.169.254", "port": 80}}}
                )
                for name in ("postStart", "preStop")
            },
            "an init container that stays": deployment(
                initContainers=[
                    {"restartPolicy": "Always", "securityContext": {"procMount": "Unmasked"}}
                ]
            ),
            "an ephemeral container": deployment(
                ephemeralContainers=[{"securityContext": added("SYS_PTRACE")}]
            ),
            "malformed volumes": deployment(volumes="/"),
            "a malformed context": deployment({"securityContext": "none"}),
        }
    )
    .fails({"a path of the host": pod_spec(volumes=[{"hostPath": {"path": "/"}}])}, POD)
    .fails({"raw packets": scheduled({"securityContext": added("NET_RAW")})}, CRON_JOB)
    .fails({"a path of the host": with_volume(hostPath={"path": "/"})}, PATCH)
    .undecided(
        {
            "unknown": {"spec": UNKNOWN},
            "unknown volumes": deployment(volumes=UNKNOWN),
            "an unknown profile": of(seccompProfile=UNKNOWN),
            "an unknown profile by annotation": annotated(web=UNKNOWN),
            "an unknown capability": of(**added(UNKNOWN)),
        }
    ),
    About("k8s-pod-restricted", DEPLOYMENT)
    .passes(
        {
            "restricted": restricted(),
            "a profile of the container": deployment(
                {
                    "securityContext": {
                        "capabilities": {"drop": ["NET_RAW", "ALL"]},
                        "seccompProfile": {"type": "Localhost"},
                    }
                }
            ),
            "one capability back": restricted(
                capabilities={"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}
            ),
            **{
                f"a volume by {kind}": deployment(volumes=[{"name": "data", kind: {}}])
                for kind in VOLUMES
            },
            "no containers": deployment(),
        }
    )
    .fails(
        {
            "nothing said": deployment({"name": "web"}),
            "no profile": deployment({"securityContext": {"capabilities": {"drop": ["ALL"]}}}),
            "every system call": restricted(seccompProfile={"type": "Unconfined"}),
            "capabilities kept": restricted(capabilities={"drop": ["NET_RAW"]}),
            "a malformed list": restricted(capabilities={"drop": "ALL"}),
            "another capability back": restricted(
                capabilities={"drop": ["ALL"], "add": ["NET_RAW"]}
            ),
            "files of a server": deployment(volumes=[{"name": "data", "nfs": {"server": "x"}}]),
            "a malformed volume": deployment(volumes=["data"]),
            "an init container": deployment(initContainers=[{"name": "init"}]),
        }
    )
    .fails({"nothing said": scheduled({"name": "web"})}, CRON_JOB)
    .undecided(
        {
            "unknown": {"spec": UNKNOWN},
            "an unknown profile": restricted(seccompProfile={"type": UNKNOWN}),
            "unknown capabilities": restricted(capabilities={"drop": ["NET_RAW", UNKNOWN]}),
            "an unknown volume": deployment(volumes=[UNKNOWN]),
        }
    ),
    About("k8s-readonly-root", DEPLOYMENT)
    .passes({"on": of(readOnlyRootFilesystem=True), "no containers": deployment()})
    .fails(
        {
            "absent": deployment({"name": "web"}),
            "off": of(readOnlyRootFilesystem=False),
            "off in an init container": deployment(
                initContainers=[{"securityContext": {"readOnlyRootFilesystem": False}}]
            ),
        }
    )
    .fails({"absent": pod_spec({"name": "web"})}, POD)
    .undecided({"unknown": of(readOnlyRootFilesystem=UNKNOWN)}),
    About("k8s-image-source", DEPLOYMENT)
    .passes(
        {
            "a tag": with_container(image=IMAGE),
            "no containers": deployment(),
            "a volume made of an image": with_volume_of(IMAGE),
            "another volume": deployment(volumes=[{"name": "data", "emptyDir": {}}]),
        }
    )
    .fails(
        {
            "latest": with_container(image="public.ecr.aws/nginx/nginx:latest"),
            "Docker Hub": with_container(image="nginx:1.29"),
            "an init container": deployment(initContainers=[{"image": "busybox"}]),
            "a volume made of Docker Hub's image": with_volume_of("nginx:1.29"),
            "a volume made of no image": with_volume_of(None),
        }
    )
    .undecided(
        {
            "unknown": with_container(image=UNKNOWN),
            "unknown volumes": deployment(volumes=UNKNOWN),
            "a volume made of an unknown image": with_volume_of(UNKNOWN),
        }
    ),
    About("k8s-env-secrets", DEPLOYMENT)
    .passes(
        {
            "an ordinary variable": with_container(env=[{"name": "LOG_LEVEL", "value": "debug"}]),
            "a secret by reference": with_container(
                env=[{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db"}}}]
            ),
            "a flag that a variable fills": with_container(args=["--password=$(DB_PASSWORD)"]),
        }
    )
    .fails(
        {
            "a password": with_container(env=[{"name": "DB_PASSWORD", "value": "hunter22"}]),
            "a flag": with_container(args=["--password=hunter22"]),
            "a command": with_container(command=["sh", "-c", "login --token=hunter22"]),
            "an init container": deployment(
                initContainers=[{"env": [{"name": "API_KEY", "value": "hunter22"}]}]
            ),
        }
    )
    .fails({"a password": with_container(env=[{"name": "DB_PASS", "value": "hunter22"}])}, PATCH)
    .undecided({"unknown": with_container(env=UNKNOWN)})
    .passes(
        {"ordinary": {"data": {"config.yaml": "level: debug"}}, "nothing": {}},
        "kubernetes:core/v1:ConfigMap",
    )
    .fails(
        {
            "a password": {"data": {"DB_PASSWORD": "hunter22"}},
            "a key in a file": {"data": {"settings.env": "KEY=AKIAIOSFODNN7EXAMPLE"}},
            "malformed": {"data": {"DB_PASSWORD": ["hunter22"]}},
        },
        "kubernetes:core/v1:ConfigMap",
    )
    .undecided({"unknown": {"data": UNKNOWN}}, "kubernetes:core/v1:ConfigMap"),
    About("k8s-sa-token", DEPLOYMENT)
    .passes(
        {
            "a token for another audience": token(audience="sts.amazonaws.com"),
            "a token for a client of the API": deployment(
                serviceAccountName="adot-collector",
                volumes=[{"projected": {"sources": [{"serviceAccountToken": {}}]}}],
            ),
            "other projected files": deployment(
                serviceAccountName="api",
                automountServiceAccountToken=False,
                volumes=[{"projected": {"sources": [{"configMap": {"name": "x"}}]}}],
            ),
        }
    )
    .fails(
        {
            "a token by a volume": token(),
            "a token by a volume, for an empty audience": token(audience=""),
            "a malformed token": deployment(
                serviceAccountName="api",
                automountServiceAccountToken=False,
                volumes=[{"projected": "token"}],
            ),
        }
    )
    .passes({"ordinary": {"type": "Opaque"}, "nothing said": {}}, SECRET)
    .fails({"a token that never expires": {"type": TOKEN_TYPE}}, SECRET)
    .undecided({"unknown": {"type": UNKNOWN}}, SECRET)
    .passes({"a client of the API": {"metadata": {"name": "adot-collector"}}}, ACCOUNT),
]
CASES: list[Case] = [case for about in ABOUT for case in about.cases]
