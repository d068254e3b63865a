"""The ECS cluster."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.ecs.exec import exec_statements
from components.encryption_keys import (
    EncryptionKey,
    encryption_key,
    fargate_statements,
    logs_statement,
)
from components.iam import Statement
from components.network.guardduty import agent_statements
from components.network.network import Network, WayOut
from components.settings import EcsSettings
from components.settings.capacity import DefaultCapacitySettings

LONGEST_NAME: Final = 255


class EcsCluster(pulumi.ComponentResource):
    """An ECS cluster that runs on Fargate and Fargate Spot.

    Creates the cluster with Container Insights, its log group (made before the cluster, since ECS
    would make one that keeps everything for ever), its capacity providers and a Cloud Map
    namespace for Service Connect. With `exec` it creates a KMS key and a log group encrypted with
    it, for sessions; with customer-managed ephemeral storage a KMS key for the tasks' disks.

    Cost: nothing for the cluster. Container Insights is billed as custom metrics and logs, a KMS
    key at 1 USD a month (us-east-1).
    """

    network: Network
    """Where its services run."""
    ways_out: Sequence[WayOut]
    """Where HTTPS of its tasks leads to."""
    cluster: aws.ecs.Cluster
    namespace: aws.servicediscovery.HttpNamespace
    """Names by which services call each other."""
    capacity_providers: aws.ecs.ClusterCapacityProviders
    """What every service depends on: a capacity provider in use can't be taken from a cluster."""
    default_capacity: DefaultCapacitySettings
    """Where tasks run of services that don't say it themselves."""
    exec_key: EncryptionKey | None
    """What sessions of ECS Exec are encrypted with; None unless the settings switch it on."""
    exec_log_group: aws.cloudwatch.LogGroup | None
    """What they are logged to."""
    exec_statements: Sequence[Statement]
    """What the role of a task needs to be entered; nothing unless the settings switch it on."""
    agent_statements: Sequence[Statement]
    """What every execution role needs for GuardDuty's agent; nothing unless it is asked for."""

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
        self.ways_out = self._find_ways_out(settings)
        self.default_capacity = settings.default_capacity
        self._environment = network.environment
        self._cluster_name = network.environment.regional_name(name, limit=LONGEST_NAME)
        self.agent_statements = agent_statements(self._environment) if settings.guard_duty else ()
        insights = self._create_insights_log_group(name, settings)
        self.namespace = self._create_namespace(name)
        self.exec_key, self.exec_log_group, self.exec_statements = self._create_exec(name, settings)
        storage_key = self._create_storage_key(name, settings)
        self.cluster = self._create_cluster(name, settings, insights, storage_key)
        self.capacity_providers = self._attach_fargate(name, settings.default_capacity)
        self.register_outputs({"clusterName": self.cluster.name})

    def _find_ways_out(self, settings: EcsSettings) -> Sequence[WayOut]:
        """Return the network's, and the way to the endpoint that GuardDuty makes for its agent.

        GuardDuty makes it in the VPC, behind a group of its own that admits the VPC's blocks
        (GuardDuty guide, "How Runtime Monitoring works with Fargate").
        """
        network = self.network
        open_already = any(way in network.ways_out for way in network.ways_within)
        if not settings.guard_duty or network.internet or open_already:
            return network.ways_out
        return [*network.ways_out, *network.ways_within]

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
            name=self._environment.regional_name(name, limit=1024),
            description="Service Connect: names by which services call each other",
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _create_exec(
        self, name: str, settings: EcsSettings
    ) -> tuple[EncryptionKey | None, aws.cloudwatch.LogGroup | None, Sequence[Statement]]:
        """Create what sessions of ECS Exec are encrypted with and logged to."""
        if not settings.exec.enabled:
            return None, None, ()
        # Not below /ecs/, where each service has a log group of its own name.
        log_group_name = f"/ecs-exec/{self._cluster_name}"
        key = encryption_key(
            f"{name}-exec-key",
            f"Sessions of ECS Exec in {self._cluster_name}",
            [logs_statement(self._environment, log_group_name)],
            environment=self._environment,
            parent=self,
        )
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-exec",
            name=log_group_name,
            retention_in_days=settings.exec.retention_days,
            kms_key_id=key.key.arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        statements = exec_statements(
            self._environment, log_group=log_group.name, key_alias=key.alias.name
        )
        return key, log_group, statements

    def _create_storage_key(self, name: str, settings: EcsSettings) -> EncryptionKey | None:
        if settings.ephemeral_storage_encryption != "customer-managed":
            return None
        return encryption_key(
            f"{name}-storage-key",
            f"Ephemeral storage of tasks in {self._cluster_name}",
            fargate_statements(self._environment, self._cluster_name),
            environment=self._environment,
            parent=self,
        )

    def _create_cluster(
        self,
        name: str,
        settings: EcsSettings,
        insights: aws.cloudwatch.LogGroup,
        storage_key: EncryptionKey | None,
    ) -> aws.ecs.Cluster:
        return aws.ecs.Cluster(
            f"{name}-cluster",
            name=self._cluster_name,
            settings=[
                aws.ecs.ClusterSettingArgs(
                    name="containerInsights", value=settings.container_insights
                )
            ],
            configuration=self._configuration(storage_key),
            service_connect_defaults=aws.ecs.ClusterServiceConnectDefaultsArgs(
                namespace=self.namespace.arn
            ),
            # Asks for the agent where GuardDuty isn't told to put it into every cluster.
            tags={"GuardDutyManaged": "true"} if settings.guard_duty else None,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[insights]),
        )

    def _configuration(
        self, storage_key: EncryptionKey | None
    ) -> aws.ecs.ClusterConfigurationArgs | None:
        if not self.exec_key and not storage_key:
            return None
        sessions = storage = None
        if self.exec_key and self.exec_log_group:
            sessions = aws.ecs.ClusterConfigurationExecuteCommandConfigurationArgs(
                kms_key_id=self.exec_key.key.arn,
                logging="OVERRIDE",
                log_configuration=aws.ecs.ClusterConfigurationExecuteCommandConfigurationLogConfigurationArgs(
                    cloud_watch_log_group_name=self.exec_log_group.name,
                    cloud_watch_encryption_enabled=True,
                ),
            )
        if storage_key:
            storage = aws.ecs.ClusterConfigurationManagedStorageConfigurationArgs(
                # The key's own ARN: Fargate takes no alias.
                fargate_ephemeral_storage_kms_key_id=storage_key.key.arn
            )
        return aws.ecs.ClusterConfigurationArgs(
            execute_command_configuration=sessions, managed_storage_configuration=storage
        )

    def _attach_fargate(
        self, name: str, capacity: DefaultCapacitySettings
    ) -> aws.ecs.ClusterCapacityProviders:
        parts = {"FARGATE": capacity.on_demand, "FARGATE_SPOT": capacity.spot}
        return aws.ecs.ClusterCapacityProviders(
            f"{name}-capacity",
            cluster_name=self.cluster.name,
            capacity_providers=list(parts),
            default_capacity_provider_strategies=[
                aws.ecs.ClusterCapacityProvidersDefaultCapacityProviderStrategyArgs(
                    capacity_provider=provider, base=part.base or None, weight=part.weight
                )
                for provider, part in parts.items()
                if part.weight
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
