"""The ECS cluster."""

import pulumi
import pulumi_aws as aws

from components.network import Network
from components.settings import EcsSettings


class EcsCluster(pulumi.ComponentResource):
    """An ECS cluster that runs on Fargate and Fargate Spot.

    Creates the cluster with Container Insights, its log group (made before the cluster, since ECS
    would make one that keeps everything for ever), its capacity providers and a Cloud Map
    namespace for Service Connect.

    Cost: nothing for the cluster. Container Insights is billed as custom metrics and logs.
    """

    network: Network
    """Where its services run."""
    cluster: aws.ecs.Cluster
    namespace: aws.servicediscovery.HttpNamespace
    """Names by which services call each other."""
    capacity_providers: aws.ecs.ClusterCapacityProviders
    """What every service depends on: a capacity provider in use can't be taken from a cluster."""

    def __init__(
        self,
        name: str,
        settings: EcsSettings,
        *,
        network: Network,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:ecs:EcsCluster", name, None, opts)
        self.network = network
        self._cluster_name = network.environment.regional_name(name, limit=255)
        insights = self._create_insights_log_group(name, settings)
        self.namespace = self._create_namespace(name)
        self.cluster = self._create_cluster(name, settings, insights)
        self.capacity_providers = self._attach_fargate(name)
        self.register_outputs({"clusterName": self.cluster.name})

    def _create_insights_log_group(
        self, name: str, settings: EcsSettings
    ) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            f"{name}-insights",
            name=f"/aws/ecs/containerinsights/{self._cluster_name}/performance",
            retention_in_days=settings.log_retention_days,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _create_namespace(self, name: str) -> aws.servicediscovery.HttpNamespace:
        return aws.servicediscovery.HttpNamespace(
            f"{name}-namespace",
            name=self.network.environment.regional_name(name, limit=1024),
            description="Service Connect: names by which services call each other",
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _create_cluster(
        self, name: str, settings: EcsSettings, insights: aws.cloudwatch.LogGroup
    ) -> aws.ecs.Cluster:
        return aws.ecs.Cluster(
            f"{name}-cluster",
            name=self._cluster_name,
            settings=[
                aws.ecs.ClusterSettingArgs(
                    name="containerInsights", value=settings.container_insights
                )
            ],
            service_connect_defaults=aws.ecs.ClusterServiceConnectDefaultsArgs(
                namespace=self.namespace.arn
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[insights]),
        )

    def _attach_fargate(self, name: str) -> aws.ecs.ClusterCapacityProviders:
        return aws.ecs.ClusterCapacityProviders(
            f"{name}-capacity",
            cluster_name=self.cluster.name,
            capacity_providers=["FARGATE", "FARGATE_SPOT"],
            default_capacity_provider_strategies=[
                aws.ecs.ClusterCapacityProvidersDefaultCapacityProviderStrategyArgs(
                    capacity_provider="FARGATE", weight=1
                )
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
