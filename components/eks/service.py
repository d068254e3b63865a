"""A service on EKS."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as k8s

from components.budget import budget_tag
from components.eks.cluster import EksCluster
from components.eks.load_balancer_controller import LoadBalancerController
from components.eks.placement import Placement, placements
from components.eks.pod_autoscaling import scale_pods
from components.eks.pod_parts import PodParts
from components.eks.pod_routing import bind, create_service
from components.eks.secrets_operator import SecretsOperator
from components.eks.serving import serving
from components.grants import Grantable
from components.load_balancer.load_balancer import LoadBalancer, Route
from components.service import Service
from components.service_reach import service_reach
from components.settings import ServiceSettings
from components.settings.protocol import PortProtocol


class EksService(pulumi.ComponentResource):
    """A service on EKS with Fargate: a Deployment of pods, kept running and scaled.

    Creates a role for exactly its service account (IRSA) with what it is granted, a security group
    with a rule pair for the load balancer and each service it calls, the policy that puts the pods
    into that group and the shared one, a Deployment with its disruption budget and CPU scaling,
    with a port a Service, with a route a target group, a listener rule and the binding of the pods
    to it, and with secrets a second role, which may read them (see PodSecrets). Objects live in one
    of the cluster's namespaces.

    Cost (us-east-1): that of the same size on ECS; a pod asks for 256 MB less than its size.
    """

    name: str
    port: int | None
    protocol: PortProtocol
    security_group_id: pulumi.Output[str]
    route: Route | None
    ready: Sequence[pulumi.Resource]

    def __init__(
        self,
        name: str,
        settings: ServiceSettings,
        *,
        cluster: EksCluster,
        controller: LoadBalancerController,
        operator: SecretsOperator | None = None,
        balancer: LoadBalancer | None = None,
        callees: Sequence[Service] = (),
        grantables: Mapping[str, Grantable] | None = None,
        after: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:eks:EksService", name, None, opts)
        self.name = name
        self.port = settings.port
        self.protocol = settings.protocol
        self._settings = settings
        self._cluster = cluster
        self._pods = PodParts(
            name,
            settings,
            cluster=cluster,
            controller=controller,
            operator=operator,
            grantables=grantables or {},
            parent=self,
        )
        reach = service_reach(
            name,
            settings,
            description=f"Pods of service {name}",
            network=cluster.network,
            balancer=balancer,
            callees=callees,
            parent=self,
        )
        self.security_group_id, self.route = reach.group_id, reach.route
        membership = self._pods.join_security_groups(self.security_group_id)
        admitted = self._admit_connections(controller)
        self.ready = self._create_deployments(
            [
                *reach.rules,
                membership,
                *admitted,
                *(resource for callee in callees for resource in callee.ready),
                *after,
            ]
        )
        self._limit_disruption()
        self.register_outputs({"securityGroupId": self.security_group_id})

    def _admit_connections(self, controller: LoadBalancerController) -> Sequence[pulumi.Resource]:
        """Create what leads to the pods: with a port a Service, and with a route its binding."""
        if self.port is None:
            return []
        service = create_service(
            self.name,
            port=self.port,
            protocol=self.protocol,
            selector=self._pods.labels,
            # The endpoints come with the Deployment, which comes later: don't wait for them.
            metadata=self._pods.metadata({"pulumi.com/skipAwait": "true"}),
            opts=self._pods.options([controller.release]),
        )
        if self.route is None:
            return [service]
        binding = bind(
            self.name,
            service,
            port=self.port,
            route=self.route,
            metadata=self._pods.metadata(),
            opts=self._pods.options(
                [controller.release, self.route.rule], immutable=["spec.targetGroupARN"]
            ),
        )
        return [service, binding]

    def _create_deployments(
        self, after: Sequence[pulumi.Resource]
    ) -> Sequence[k8s.apps.v1.Deployment]:
        """Create the Deployment, or one in each zone, and what scales it."""
        created = []
        for place in placements(
            self.name,
            self._settings,
            namespace=self._pods.namespace,
            zones=self._cluster.network.zones,
        ):
            created.append(self._create_deployment(place, after))
            scale_pods(
                f"{self.name}{place.suffix}",
                place.scaling,
                metadata=self._pods.metadata(suffix=place.suffix),
                deployment=created[-1].metadata.name,
                opts=self._pods.options(),
            )
        return created

    def _create_deployment(
        self, place: Placement, after: Sequence[pulumi.Resource]
    ) -> k8s.apps.v1.Deployment:
        deployment, scaling = self._settings.deployment, self._settings.scaling
        budget = budget_tag(self._settings, part=place.scaling.initial, whole=scaling.initial)
        return k8s.apps.v1.Deployment(
            f"{self.name}{place.suffix}-deployment",
            metadata=self._pods.metadata(budget or None, place.suffix),
            spec=k8s.apps.v1.DeploymentSpecArgs(
                # Automatic scaling owns the number of replicas.
                replicas=place.scaling.count,
                selector=k8s.meta.v1.LabelSelectorArgs(
                    match_labels={**self._pods.labels, **place.selector}
                ),
                strategy=k8s.apps.v1.DeploymentStrategyArgs(
                    type="RollingUpdate",
                    rolling_update=k8s.apps.v1.RollingUpdateDeploymentArgs(
                        max_surge=f"{deployment.maximum_percent - 100}%",
                        max_unavailable=f"{100 - deployment.minimum_healthy_percent}%",
                    ),
                ),
                template=self._pods.template(labels=place.labels, serving=serving(self._settings)),
            ),
            opts=self._pods.start_options(after),
        )

    def _limit_disruption(self) -> None:
        """Let Fargate's patching evict one pod at a time."""
        k8s.policy.v1.PodDisruptionBudget(
            f"{self.name}-disruption",
            metadata=self._pods.metadata(),
            spec=k8s.policy.v1.PodDisruptionBudgetSpecArgs(
                max_unavailable=1,
                selector=k8s.meta.v1.LabelSelectorArgs(match_labels=self._pods.labels),
            ),
            opts=self._pods.options(),
        )
