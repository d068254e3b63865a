"""Pod templates of services on EKS."""

from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_kubernetes as k8s

from components.load_balancer import DEREGISTRATION_DELAY
from components.settings import ServiceSettings
from components.sizes import EKS_POD_OVERHEAD_MIB

PRE_STOP: Final = DEREGISTRATION_DELAY + 5
"""Seconds that a leaving pod goes on serving: as long as requests may still come, and more."""
GRACE_PERIOD: Final = PRE_STOP + 30
"""Seconds until a leaving pod is killed, those before SIGTERM included."""


def resources(service: ServiceSettings) -> k8s.core.v1.ResourceRequirementsArgs:
    """Return requests for which Fargate gives exactly the size that was asked for.

    EKS adds 256 MB to a pod's memory and rounds up to the next size, so the container asks for that
    much less. Limits equal requests: Fargate gives a pod all of its size and no more.
    """
    amounts = {
        "cpu": f"{round(service.size.cpu * 1000)}m",
        "memory": f"{service.size.memory - EKS_POD_OVERHEAD_MIB}Mi",
    }
    return k8s.core.v1.ResourceRequirementsArgs(requests=amounts, limits=amounts)


def pod_template(
    name: str,
    service: ServiceSettings,
    *,
    labels: Mapping[str, str],
    annotations: Mapping[str, pulumi.Input[str]],
    service_account: str,
) -> k8s.core.v1.PodTemplateSpecArgs:
    """Return the pods of a service, as the restricted pod security standard wants them.

    Args:
        name: the service's, and so the container's, name.
        service: its settings.
        labels: what selects the pods.
        annotations: of the pods; a change starts new ones.
        service_account: name of the account whose role the pods have.
    """
    return k8s.core.v1.PodTemplateSpecArgs(
        metadata=k8s.meta.v1.ObjectMetaArgs(labels=labels, annotations=annotations),
        spec=k8s.core.v1.PodSpecArgs(
            service_account_name=service_account,
            automount_service_account_token=False,
            enable_service_links=False,
            termination_grace_period_seconds=GRACE_PERIOD,
            security_context=k8s.core.v1.PodSecurityContextArgs(
                run_as_non_root=True,
                run_as_user=service.user,
                run_as_group=service.user,
                fs_group=service.user,
                seccomp_profile=k8s.core.v1.SeccompProfileArgs(type="RuntimeDefault"),
            ),
            containers=[_container(name, service)],
        ),
    )


def _container(name: str, service: ServiceSettings) -> k8s.core.v1.ContainerArgs:
    return k8s.core.v1.ContainerArgs(
        name=name,
        image=service.image,
        args=list(service.command) or None,
        env=[
            k8s.core.v1.EnvVarArgs(name=key, value=value)
            for key, value in sorted(service.environment.items())
        ],
        ports=[k8s.core.v1.ContainerPortArgs(name="http", container_port=service.port)]
        if service.port
        else None,
        resources=resources(service),
        readiness_probe=_probe(service),
        lifecycle=k8s.core.v1.LifecycleArgs(
            pre_stop=k8s.core.v1.LifecycleHandlerArgs(
                sleep=k8s.core.v1.SleepActionArgs(seconds=PRE_STOP)
            )
        )
        if service.route
        else None,
        security_context=k8s.core.v1.SecurityContextArgs(
            allow_privilege_escalation=False,
            privileged=False,
            read_only_root_filesystem=True,
            run_as_non_root=True,
            run_as_user=service.user,
            capabilities=k8s.core.v1.CapabilitiesArgs(drop=["ALL"]),
        ),
    )


def _probe(service: ServiceSettings) -> k8s.core.v1.ProbeArgs | None:
    """Probe what the load balancer checks too, or that the port is open."""
    if service.port is None:
        return None
    if service.route:
        return k8s.core.v1.ProbeArgs(
            http_get=k8s.core.v1.HTTPGetActionArgs(path=service.route.health_path, port="http"),
            period_seconds=10,
            timeout_seconds=5,
        )
    return k8s.core.v1.ProbeArgs(
        tcp_socket=k8s.core.v1.TCPSocketActionArgs(port="http"), period_seconds=10
    )
