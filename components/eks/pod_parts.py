"""What pods consist of besides what runs them: image, role, secrets, groups, metadata."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as k8s

from components.eks.cluster import EksCluster
from components.eks.load_balancer_controller import LoadBalancerController
from components.eks.pod import Serving, pod_template
from components.eks.pod_groups import join_security_groups
from components.eks.pod_identity import create_pod_identity
from components.eks.pod_secrets import PodSecrets
from components.eks.secrets_operator import SecretsOperator
from components.grants import Grantable, grant_environment, grant_statements
from components.images.built_image import task_image
from components.secret_sources import secret_sources
from components.settings import TaskSettings


class PodParts:
    """An image, a role and secrets, for a Deployment or a CronJob to run pods of.

    It is no component of its own: its resources are children of the service or job.

    Args:
        name: the service's or job's name.
        settings: its settings.
        cluster: where its pods run.
        controller: the load balancer controller, whose webhook answers for every pod of the
            namespace, with a route or without.
        operator: what copies secrets; needed with secrets.
        grantables: what it may be granted, by name.
        parent: the service's or job's component.

    Attributes:
        namespace: name of the namespace that its objects are in.
        labels: what selects its pods.
    """

    def __init__(
        self,
        name: str,
        settings: TaskSettings,
        *,
        cluster: EksCluster,
        controller: LoadBalancerController,
        operator: SecretsOperator | None,
        grantables: Mapping[str, Grantable],
        parent: pulumi.Resource,
    ) -> None:
        self._name = name
        self._settings = settings
        self._cluster = cluster
        self._parent = parent
        self.namespace = cluster.namespace_of(settings)
        self.labels = {"app.kubernetes.io/name": name}
        self._image = task_image(name, settings, images=cluster.network.images, parent=parent)
        self._granted = grant_environment(settings.grants, grantables)
        identity = create_pod_identity(
            name,
            cluster=cluster,
            namespace=self.namespace,
            statements=grant_statements(settings.grants, grantables),
            opts=self.options(),
            parent=parent,
        )
        self._secrets = PodSecrets(
            name,
            secret_sources(settings.secrets, grantables),
            cluster=cluster,
            namespace=self.namespace,
            operator=operator,
            parent=parent,
        )
        self._ready = [
            *identity,
            controller.release,
            *self._secrets.ready,
            *self._image.ready,
        ]

    def metadata(
        self, annotations: Mapping[str, pulumi.Input[str]] | None = None, suffix: str = ""
    ) -> k8s.meta.v1.ObjectMetaArgs:
        """Return the metadata of an object, which is called like the service or job."""
        return k8s.meta.v1.ObjectMetaArgs(
            name=f"{self._name}{suffix}",
            namespace=self._cluster.namespaces[self.namespace].metadata.name,
            labels=self.labels,
            annotations=annotations,
        )

    def options(
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
            parent=self._parent,
            provider=self._cluster.provider,
            depends_on=depends_on,
            replace_on_changes=immutable,
            delete_before_replace=bool(immutable) or None,
        )

    def start_options(self, after: Sequence[pulumi.Resource]) -> pulumi.ResourceOptions:
        """Return options of the object that starts the pods: after all that they need.

        Args:
            after: what has to be there besides these parts and the network's routes.
        """
        routes = self._cluster.network.routes
        return self.options(routes.apply(lambda routes: [*self._ready, *after, *routes]))

    def join_security_groups(self, own: pulumi.Input[str]) -> k8s.apiextensions.CustomResource:
        """Put the pods into the group that all pods share, and their own.

        Args:
            own: the group's id.

        Returns:
            The policy, for what starts the pods to come after.
        """
        return join_security_groups(
            self._name,
            [self._cluster.pod_group_id, own],
            labels=self.labels,
            metadata=self.metadata(),
            opts=self.options(),
        )

    def template(
        self,
        *,
        labels: Mapping[str, str] | None = None,
        serving: Serving | None = None,
        restart_policy: str | None = None,
    ) -> k8s.core.v1.PodTemplateSpecArgs:
        """Return the pods.

        Args:
            labels: what they carry besides.
            serving: what their container has because it serves somebody.
            restart_policy: whether their container is started again when it ends; always by
                default.
        """
        return pod_template(
            self._name,
            self._settings,
            image=self._image.reference,
            labels={**self.labels, **(labels or {})},
            annotations=self._cluster.pod_annotations,
            environment=self._granted,
            secrets=self._secrets.names,
            # The name itself: an account's outputs are unknown until its cluster exists.
            service_account=self._name,
            serving=serving,
            restart_policy=restart_policy,
        )
