"""How connections find the pods of a service on EKS: its Service, and the binding to its route."""

import pulumi
import pulumi_kubernetes as k8s

from components.load_balancer.load_balancer import Route
from components.settings.protocol import PortProtocol


def create_service(
    name: str,
    *,
    port: int,
    protocol: PortProtocol,
    selector: dict[str, str],
    metadata: k8s.meta.v1.ObjectMetaArgs,
    opts: pulumi.ResourceOptions,
) -> k8s.core.v1.Service:
    """Create the name by which other pods, and the binding, find a service's pods.

    Args:
        name: prefix of the resource's name.
        port: the Service's, and the pods' own.
        protocol: what it speaks; the port is named so, on both.
        selector: labels of the pods.
        metadata: the object's.
        opts: options of an object in the cluster.
    """
    return k8s.core.v1.Service(
        f"{name}-service",
        metadata=metadata,
        spec=k8s.core.v1.ServiceSpecArgs(
            type="ClusterIP",
            selector=selector,
            ports=[
                k8s.core.v1.ServicePortArgs(
                    name=protocol, port=port, target_port=protocol, protocol="TCP"
                )
            ],
        ),
        opts=opts,
    )


def bind(
    name: str,
    service: k8s.core.v1.Service,
    *,
    port: int,
    route: Route,
    metadata: k8s.meta.v1.ObjectMetaArgs,
    opts: pulumi.ResourceOptions,
) -> k8s.apiextensions.CustomResource:
    """Have the load balancer controller register a service's pods with its target group.

    The binding says nothing of networking: the rules are this stack's own, and with two groups to a
    pod the controller wouldn't know which to change.

    Args:
        name: prefix of the resource's name.
        service: the Service that finds the pods.
        port: the Service's.
        route: what leads to the target group.
        metadata: the object's.
        opts: options of an object in the cluster.
    """
    return k8s.apiextensions.CustomResource(
        f"{name}-binding",
        api_version="elbv2.k8s.aws/v1beta1",
        kind="TargetGroupBinding",
        metadata=metadata,
        spec={
            "serviceRef": {"name": service.metadata.name, "port": port},
            "targetGroupARN": route.target_group.arn,
            "targetType": "ip",
        },
        opts=opts,
    )
