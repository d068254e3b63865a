"""Pod templates of services on EKS."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_kubernetes as k8s

from components.settings import ServiceSettings
from components.settings.protocol import HEALTH_SERVICE
from components.sizes import EKS_POD_OVERHEAD_MIB, FREE_STORAGE_GIB

MARGIN: Final = 5
"""Seconds for which a leaving pod serves on after its target group has let it go."""


def pre_stop(service: ServiceSettings) -> int:
    """Return the seconds for which a leaving pod goes on serving: requests may still come."""
    return service.route.deregistration_delay + MARGIN if service.route else 0


def resources(service: ServiceSettings) -> k8s.core.v1.ResourceRequirementsArgs:
    """Return requests for which Fargate gives exactly the size that was asked for.

    EKS adds 256 MB to a pod's memory and rounds up to the next size, so the container asks for that
    much less. Limits equal requests: Fargate gives a pod all of its size and no more.
    """
    amounts = {
        "cpu": f"{round(service.size.cpu * 1000)}m",
        "memory": f"{service.size.memory - EKS_POD_OVERHEAD_MIB}Mi",
    }
    requests = {**amounts, **_disk(service.storage)}
    return k8s.core.v1.ResourceRequirementsArgs(requests=requests, limits=amounts)


def _disk(gib: int) -> Mapping[str, str]:
    """Return the request for which Fargate gives a pod a disk of this size.

    To what is requested EKS adds a tenth, and 5 GiB for its own parts (AWS containers blog, "AWS
    Fargate adds support for larger ephemeral volumes"). No limit: all of the disk is the pod's.
    """
    if gib <= FREE_STORAGE_GIB:
        return {}
    return {"ephemeral-storage": f"{int((gib - 5) * 1024 / 1.1)}Mi"}


def pod_template(
    name: str,
    service: ServiceSettings,
    *,
    image: pulumi.Input[str],
    labels: Mapping[str, str],
    annotations: Mapping[str, pulumi.Input[str]],
    environment: Mapping[str, pulumi.Input[str]],
    secrets: Mapping[str, pulumi.Input[str]],
    service_account: str,
) -> k8s.core.v1.PodTemplateSpecArgs:
    """Return the pods of a service, as the restricted pod security standard wants them.

    Args:
        name: the service's, and so the container's, name.
        service: its settings.
        image: what its image is pulled by.
        labels: what selects the pods.
        annotations: of the pods; a change starts new ones.
        environment: variables that the platform adds; the service's own win.
        secrets: Kubernetes Secrets by the variable that each gives, which is the key in it too.
        service_account: name of the account whose role the pods have.
    """
    return k8s.core.v1.PodTemplateSpecArgs(
        metadata=k8s.meta.v1.ObjectMetaArgs(labels=labels, annotations=annotations),
        spec=k8s.core.v1.PodSpecArgs(
            service_account_name=service_account,
            automount_service_account_token=False,
            enable_service_links=False,
            # It includes the seconds before SIGTERM.
            termination_grace_period_seconds=pre_stop(service) + service.stop_timeout,
            security_context=k8s.core.v1.PodSecurityContextArgs(
                run_as_non_root=True,
                run_as_user=service.user,
                run_as_group=service.user,
                fs_group=service.user,
                seccomp_profile=k8s.core.v1.SeccompProfileArgs(type="RuntimeDefault"),
            ),
            containers=[
                _container(name, service, image, _variables(service, environment, secrets))
            ],
            volumes=_volumes(service) or None,
        ),
    )


def _container(
    name: str,
    service: ServiceSettings,
    image: pulumi.Input[str],
    variables: Sequence[k8s.core.v1.EnvVarArgs],
) -> k8s.core.v1.ContainerArgs:
    return k8s.core.v1.ContainerArgs(
        name=name,
        image=image,
        args=list(service.command) or None,
        env=variables,
        ports=[k8s.core.v1.ContainerPortArgs(name=service.protocol, container_port=service.port)]
        if service.port
        else None,
        resources=resources(service),
        readiness_probe=_probe(service),
        liveness_probe=_liveness(service),
        volume_mounts=[
            k8s.core.v1.VolumeMountArgs(name=_volume_name(path), mount_path=path)
            for path in sorted(service.writable_paths)
        ]
        or None,
        lifecycle=k8s.core.v1.LifecycleArgs(
            pre_stop=k8s.core.v1.LifecycleHandlerArgs(
                sleep=k8s.core.v1.SleepActionArgs(seconds=pre_stop(service))
            )
        )
        if service.route
        else None,
        security_context=k8s.core.v1.SecurityContextArgs(
            allow_privilege_escalation=False,
            privileged=False,
            read_only_root_filesystem=service.read_only_root,
            run_as_non_root=True,
            run_as_user=service.user,
            capabilities=k8s.core.v1.CapabilitiesArgs(drop=["ALL"]),
        ),
    )


def _variables(
    service: ServiceSettings,
    environment: Mapping[str, pulumi.Input[str]],
    secrets: Mapping[str, pulumi.Input[str]],
) -> Sequence[k8s.core.v1.EnvVarArgs]:
    # A secret named like a variable that the platform adds wins, as on ECS: each name stands once.
    added = {key: value for key, value in environment.items() if key not in secrets}
    plain = {**added, **service.environment}
    return [
        *(k8s.core.v1.EnvVarArgs(name=key, value=value) for key, value in sorted(plain.items())),
        *(
            k8s.core.v1.EnvVarArgs(
                name=key,
                value_from=k8s.core.v1.EnvVarSourceArgs(
                    secret_key_ref=k8s.core.v1.SecretKeySelectorArgs(name=secret, key=key)
                ),
            )
            for key, secret in sorted(secrets.items())
        ),
    ]


def _probe(service: ServiceSettings) -> k8s.core.v1.ProbeArgs | None:
    """Probe what the load balancer checks too, or that the port is open.

    The kubelet speaks HTTP/1 or asks gRPC's health service, which not every server has (Kubernetes
    documentation, "Configure Liveness, Readiness and Startup Probes").
    """
    if service.port is None:
        return None
    asked = service.route.health_path if service.route else None
    if asked and service.protocol == "http":
        return k8s.core.v1.ProbeArgs(
            http_get=k8s.core.v1.HTTPGetActionArgs(path=asked, port=service.protocol),
            period_seconds=10,
            timeout_seconds=5,
        )
    if asked == HEALTH_SERVICE:
        return k8s.core.v1.ProbeArgs(
            # It takes the port's number only.
            grpc=k8s.core.v1.GRPCActionArgs(port=service.port),
            period_seconds=10,
            timeout_seconds=5,
        )
    return k8s.core.v1.ProbeArgs(
        tcp_socket=k8s.core.v1.TCPSocketActionArgs(port=service.protocol), period_seconds=10
    )


def _liveness(service: ServiceSettings) -> k8s.core.v1.ProbeArgs | None:
    """Run the service's own check; a container that fails it is restarted."""
    check = service.health_check
    if check is None:
        return None
    return k8s.core.v1.ProbeArgs(
        exec_=k8s.core.v1.ExecActionArgs(command=list(check.command)),
        initial_delay_seconds=check.start_period,
        period_seconds=check.interval,
        timeout_seconds=check.timeout,
        failure_threshold=check.retries,
    )


def _volumes(service: ServiceSettings) -> list[k8s.core.v1.VolumeArgs]:
    """Folders to write in; a pod that fills one beyond its size is evicted."""
    return [
        k8s.core.v1.VolumeArgs(
            name=_volume_name(path),
            empty_dir=k8s.core.v1.EmptyDirVolumeSourceArgs(size_limit=f"{size}Mi"),
        )
        for path, size in sorted(service.writable_paths.items())
    ]


def _volume_name(path: str) -> str:
    """Return a name that Kubernetes takes: up to 63 lower-case letters, digits and hyphens."""
    plain = "".join(letter if letter.isalnum() else "-" for letter in path.lower()).strip("-")
    digest = hashlib.sha256(path.encode()).hexdigest()[:8]
    return f"{plain[:54].rstrip('-')}-{digest}"
