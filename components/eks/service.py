"""A service on EKS."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as k8s

from components.eks.cluster import EksCluster
from components.eks.load_balancer_controller import LoadBalancerController
from components.eks.placement import Placement, placements
from components.eks.pod import pod_template
from components.eks.pod_autoscaling import scale_pods
from components.eks.pod_groups import join_security_groups
from components.eks.pod_identity import create_pod_identity
from components.eks.pod_routing import bind, create_service
from components.eks.pod_secrets import PodSecrets
from components.eks.secrets_operator import SecretsOperator
from components.eks.serving import serving
from components.grants import Grantable, grant_environment, grant_statements
from components.images.built_image import task_image
from components.load_balancer.load_balancer import LoadBalancer, Route
from components.secret_sources import secret_sources
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
        self._labels = {"app.kubernetes.io/name": name}
        self._namespace_name = cluster.namespace_of(settings)
        self._namespace = cluster.namespaces[self._namespace_name]

        self._image = task_image(name, settings, images=cluster.network.images, parent=self)
        self._granted = grant_environment(settings.grants, grantables or {})
        identity = create_pod_identity(
            name,
            cluster=cluster,
            namespace=self._namespace_name,
            statements=grant_statements(settings.grants, grantables or {}),
            opts=self._object_options(),
            parent=self,
        )
        self._secrets = PodSecrets(
            name,
            secret_sources(settings.secrets, grantables or {}),
            cluster=cluster,
            namespace=self._namespace_name,
            operator=operator,
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
        membership = self._join_security_groups()
        admitted = self._admit_connections(controller)
        self.ready = self._create_deployments(
            [
                *identity,
                # Its webhook answers for every pod of the namespace, with a route or without.
                controller.release,
                *reach.rules,
                membership,
                *admitted,
                *self._secrets.ready,
                *(resource for callee in callees for resource in callee.ready),
                *self._image.ready,
                *after,
            ]
        )
        self._limit_disruption()
        self.register_outputs({"securityGroupId": self.security_group_id})

    def _metadata(
        self, annotations: Mapping[str, pulumi.Input[str]] | None = None, suffix: str = ""
    ) -> k8s.meta.v1.ObjectMetaArgs:
        return k8s.meta.v1.ObjectMetaArgs(
            name=f"{self.name}{suffix}",
            namespace=self._namespace.metadata.name,
            labels=self._labels,
            annotations=annotations,
        )

    def _object_options(
        self,
        depends_on: pulumi.Input[Sequence[pulumi.Input[pulumi.Resource]]] | None = None,
        immutable: list[str] | None = None,
    ) -> pulumi.ResourceOptions:
        """Return options of an object in the cluster.

        Args:
            depends_on: what has to be there before.
            immutable: properties whose change needs another object; since two objects can't have
                one name, the old one goes first.
        """
        return pulumi.ResourceOptions(
            parent=self,
            provider=self._cluster.provider,
            depends_on=depends_on,
            replace_on_changes=immutable,
            delete_before_replace=bool(immutable) or None,
        )

    def _join_security_groups(self) -> k8s.apiextensions.CustomResource:
        return join_security_groups(
            self.name,
            [self._cluster.pod_group_id, self.security_group_id],
            labels=self._labels,
            metadata=self._metadata(),
            opts=self._object_options(),
        )

    def _admit_connections(self, controller: LoadBalancerController) -> Sequence[pulumi.Resource]:
        """Create what leads to the pods: with a port a Service, and with a route its binding."""
        if self.port is None:
            return []
        service = create_service(
            self.name,
            port=self.port,
            protocol=self.protocol,
            selector=self._labels,
            # The endpoints come with the Deployment, which comes later: don't wait for them.
            metadata=self._metadata({"pulumi.com/skipAwait": "true"}),
            opts=self._object_options([controller.release]),
        )
        if self.route is None:
            return [service]
        binding = bind(
            self.name,
            service,
            port=self.port,
            route=self.route,
            metadata=self._metadata(),
            opts=self._object_options(
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
            namespace=self._namespace_name,
            zones=self._cluster.network.zones,
        ):
            created.append(self._create_deployment(place, after))
            scale_pods(
                f"{self.name}{place.suffix}",
                place.scaling,
                metadata=self._metadata(suffix=place.suffix),
                deployment=created[-1].metadata.name,
                opts=self._object_options(),
            )
        return created

    def _create_deployment(
        self, place: Placement, after: Sequence[pulumi.Resource]
    ) -> k8s.apps.v1.Deployment:
        routes, deployment = self._cluster.network.routes, self._settings.deployment
        return k8s.apps.v1.Deployment(
            f"{self.name}{place.suffix}-deployment",
            metadata=self._metadata(suffix=place.suffix),
            spec=k8s.apps.v1.DeploymentSpecArgs(
                # Automatic scaling owns the number of replicas.
                replicas=place.scaling.count,
                selector=k8s.meta.v1.LabelSelectorArgs(
                    match_labels={**self._labels, **place.selector}
                ),
                strategy=k8s.apps.v1.DeploymentStrategyArgs(
                    type="RollingUpdate",
                    rolling_update=k8s.apps.v1.RollingUpdateDeploymentArgs(
                        max_surge=f"{deployment.maximum_percent - 100}%",
                        max_unavailable=f"{100 - deployment.minimum_healthy_percent}%",
                    ),
                ),
                template=pod_template(
                    self.name,
                    self._settings,
                    image=self._image.reference,
                    labels={**self._labels, **place.labels},
                    annotations=self._cluster.pod_annotations,
                    environment=self._granted,
                    secrets=self._secrets.names,
                    # The name itself: an account's outputs are unknown until its cluster exists.
                    service_account=self.name,
                    serving=serving(self._settings),
                ),
            ),
            opts=self._object_options(routes.apply(lambda routes: [*after, *routes])),
        )

    def _limit_disruption(self) -> None:
        """Let Fargate's patching evict one pod at a time."""
        k8s.policy.v1.PodDisruptionBudget(
            f"{self.name}-disruption",
            metadata=self._metadata(),
            spec=k8s.policy.v1.PodDisruptionBudgetSpecArgs(
                max_unavailable=1,
                selector=k8s.meta.v1.LabelSelectorArgs(match_labels=self._labels),
            ),
            opts=self._object_options(),
        )
