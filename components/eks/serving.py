"""What a container has because it serves somebody: a port, probes, and a pause before it stops."""

from typing import Final

import pulumi_kubernetes as k8s

from components.eks.pod import Serving
from components.settings import ServiceSettings
from components.settings.protocol import HEALTH_SERVICE

MARGIN: Final = 5
"""Seconds for which a leaving pod serves on after its target group has let it go."""


def _pause(service: ServiceSettings) -> int:
    """Return the seconds for which a leaving pod goes on serving: requests may still come."""
    return service.route.deregistration_delay + MARGIN if service.route else 0


def serving(service: ServiceSettings) -> Serving:
    """Return what a service's container has besides."""
    port = service.port
    return Serving(
        ports=[k8s.core.v1.ContainerPortArgs(name=service.protocol, container_port=port)]
        if port
        else None,
        readiness=_probe(service),
        liveness=_liveness(service),
        pause=_pause(service),
    )


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
