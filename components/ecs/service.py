"""A service on ECS."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.budget import budget_tag
from components.ecs.autoscaling import scale_service
from components.ecs.capacity import Capacity, described, strategy
from components.ecs.cluster import EcsCluster
from components.ecs.container import log_options, serving
from components.ecs.deployment import (
    alarm_rollback,
    deployment_configuration,
    error_alarms,
    let_ecs_shift_traffic,
    longest_deployment,
)
from components.ecs.files import connect_mounts, mount_prerequisites
from components.ecs.rollback import fail_if_rolled_back
from components.ecs.task import EcsTask
from components.grants import Grantable
from components.load_balancer.load_balancer import LoadBalancer, Route
from components.reach import allow_https_out
from components.service import Service
from components.service_reach import service_reach
from components.settings import ServiceSettings
from components.settings.protocol import PortProtocol
from components.settings.route import HealthCheckSettings
from components.storage.file_system import FileSystem

FULL: Final = 100
"""Percent at which all of a service's tasks run and no more."""


class EcsService(pulumi.ComponentResource):
    """A service on ECS with Fargate: tasks of one task definition, kept running and scaled.

    Creates a log group, an execution role (pulls the image and writes logs), a task role (what the
    service is granted, nothing by default), a security group with a rule pair for the load
    balancer and each service it calls, a task definition, the ECS service with its deployment
    circuit breaker, CPU scaling, and with a route a target group and a listener rule.

    Cost (us-east-1): 0.04048 USD per vCPU and hour and 0.004445 USD per GB and hour for each task,
    billed by the second: 9 USD a month for the smallest. ARM about 20 % less, Spot about 70 %.
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
        cluster: EcsCluster,
        balancer: LoadBalancer | None = None,
        callees: Sequence[Service] = (),
        grantables: Mapping[str, Grantable] | None = None,
        file_systems: Mapping[str, FileSystem] | None = None,
        after: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:ecs:EcsService", name, None, opts)
        self.name = name
        self.port = settings.port
        self.protocol = settings.protocol
        self._settings = settings
        self._cluster = cluster
        self._callees = callees

        self._task = EcsTask(
            name,
            settings,
            cluster=cluster,
            grantables=grantables or {},
            file_systems=file_systems or {},
            parent=self,
            members=serving(name, settings),
            statements=cluster.exec_statements if settings.exec else (),
        )
        reach = service_reach(
            name,
            settings,
            description=f"Tasks of service {name}",
            network=cluster.network,
            balancer=balancer,
            callees=callees,
            parent=self,
        )
        self.security_group_id, self.route = reach.group_id, reach.route
        https = allow_https_out(name, ways=cluster.ways_out, group=reach.group_id, parent=self)
        mounts = self._task.mounts
        files = connect_mounts(name, mounts, source=reach.group_id, parent=self)
        files += mount_prerequisites(mounts)
        needed = [*self._task.policies, *reach.rules, *https, *files, *after]
        service = self._create_service(needed, self._watch(balancer), self._shift_traffic(needed))
        scale_service(
            name,
            settings.scaling,
            cluster=cluster.cluster.name,
            service=service.name,
            route=self.route,
            parent=self,
        )
        self.ready = [service]
        running = fail_if_rolled_back(
            f"services.{name}",
            cluster=cluster.cluster.arn,
            service=service,
            task_definition=self._task.definition.arn,
            parent=self,
        )
        self.register_outputs(
            {"securityGroupId": self.security_group_id, "taskDefinition": running}
        )

    def _watch(self, balancer: LoadBalancer | None) -> Sequence[aws.cloudwatch.MetricAlarm]:
        """Create the alarms that roll a deployment back."""
        if balancer is None or self.route is None:
            return []
        return error_alarms(
            self.name,
            self._settings.deployment.error_threshold,
            environment=self._cluster.network.environment,
            balancer=balancer,
            route=self.route,
            parent=self,
        )

    def _shift_traffic(self, needed: list[pulumi.Resource]) -> pulumi.Output[str] | None:
        """Create the role with which ECS shifts requests; None where it doesn't."""
        if not self._settings.deployment.shifts_traffic:
            return None
        environment = self._cluster.network.environment
        role, policy = let_ecs_shift_traffic(self.name, environment=environment, parent=self)
        needed.append(policy)
        return environment.role_arn(role)

    def _create_service(
        self,
        needed: Sequence[pulumi.Resource],
        alarms: Sequence[aws.cloudwatch.MetricAlarm],
        infrastructure_role: pulumi.Output[str] | None,
    ) -> aws.ecs.Service:
        settings, cluster = self._settings, self._cluster
        check = settings.route.health_check if settings.route else HealthCheckSettings()
        deployment = settings.deployment
        timeout = longest_deployment(deployment, grace=check.grace)
        capacity = settings.capacity or cluster.default_capacity
        balanced = self.route is not None
        return aws.ecs.Service(
            f"{self.name}-service",
            name=self.name,
            cluster=cluster.cluster.arn,
            task_definition=self._task.definition.arn,
            desired_count=settings.scaling.initial,
            scheduling_strategy="REPLICA",
            platform_version="LATEST",
            capacity_provider_strategies=strategy(capacity),
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=cluster.network.private_subnet_ids,
                security_groups=[self.security_group_id],
                assign_public_ip=False,
            ),
            load_balancers=self._targets(infrastructure_role),
            health_check_grace_period_seconds=check.grace if balanced else None,
            service_connect_configuration=self._service_connect(),
            deployment_controller=aws.ecs.ServiceDeploymentControllerArgs(type="ECS"),
            deployment_circuit_breaker=aws.ecs.ServiceDeploymentCircuitBreakerArgs(
                enable=True, rollback=True
            ),
            deployment_configuration=deployment_configuration(deployment),
            deployment_minimum_healthy_percent=deployment.minimum_healthy_percent,
            deployment_maximum_percent=deployment.maximum_percent,
            alarms=alarm_rollback(deployment, alarms),
            # ECS starts the task in the other zone first, which needs room above 100 percent.
            availability_zone_rebalancing=(
                "ENABLED" if deployment.maximum_percent > FULL else "DISABLED"
            ),
            enable_execute_command=settings.exec,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            tags={"service": self.name, **budget_tag(settings)},
            wait_for_steady_state=True,
            force_new_deployment=True,
            triggers=self._triggers(capacity),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=self._prerequisites(needed),
                # Service Connect refuses another protocol for a port until its service is deleted
                # (API reference, PortMapping), and ECS has each name once.
                replacement_trigger=self.protocol,
                delete_before_replace=True,
                # Automatic scaling owns the number of tasks from the first deployment on.
                ignore_changes=["desiredCount"] if settings.scaling.count is None else None,
                custom_timeouts=pulumi.CustomTimeouts(
                    create=timeout, update=timeout, delete=timeout
                ),
            ),
        )

    def _prerequisites(
        self, needed: Sequence[pulumi.Resource]
    ) -> pulumi.Output[list[pulumi.Resource]]:
        """Return what has to be there while the service runs, and so is destroyed after it."""
        resources = [
            *needed,
            self._cluster.capacity_providers,
            *([self.route.rule] if self.route else []),
            *(resource for callee in self._callees for resource in callee.ready),
        ]
        return self._cluster.network.routes.apply(lambda routes: [*resources, *routes])

    def _triggers(self, capacity: Capacity) -> Mapping[str, pulumi.Input[str]]:
        """Return what no running task learns, so that a change of it starts new ones."""
        triggers: dict[str, pulumi.Input[str]] = {
            # The provider takes an empty text for no change (its triggers are computed too).
            "callees": ",".join(
                sorted(f"{each.name}:{each.port} {each.protocol}" for each in self._callees)
            )
            or "none",
            "capacity": described(capacity),
        }
        for variable, version in self._task.secret_versions.items():
            triggers[f"secret {variable}"] = version
        return triggers

    def _targets(
        self, infrastructure_role: pulumi.Output[str] | None
    ) -> Sequence[aws.ecs.ServiceLoadBalancerArgs]:
        if self.route is None or self.port is None:
            return []
        shifting = None
        if infrastructure_role is not None and self.route.alternate is not None:
            shifting = aws.ecs.ServiceLoadBalancerAdvancedConfigurationArgs(
                alternate_target_group_arn=self.route.alternate.arn,
                production_listener_rule=self.route.rule.arn,
                role_arn=infrastructure_role,
            )
        return [
            aws.ecs.ServiceLoadBalancerArgs(
                target_group_arn=self.route.target_group.arn,
                container_name=self.name,
                container_port=self.port,
                advanced_configuration=shifting,
            )
        ]

    def _service_connect(self) -> aws.ecs.ServiceServiceConnectConfigurationArgs | None:
        """Name the service for its callers, and let it use its callees' names."""
        if not self._settings.callers and not self._callees:
            return None
        named = [
            aws.ecs.ServiceServiceConnectConfigurationServiceArgs(
                port_name=self.name,
                discovery_name=self.name,
                client_alias=[
                    aws.ecs.ServiceServiceConnectConfigurationServiceClientAliasArgs(
                        dns_name=self.name, port=port
                    )
                ],
            )
            for port in [self.port]
            if port is not None and self._settings.callers
        ]
        return aws.ecs.ServiceServiceConnectConfigurationArgs(
            enabled=True,
            namespace=self._cluster.namespace.arn,
            services=named,
            log_configuration=aws.ecs.ServiceServiceConnectConfigurationLogConfigurationArgs(
                log_driver="awslogs",
                options=log_options(
                    self._task.log_group.name,
                    self._cluster.network.environment.region,
                    "service-connect",
                ),
            ),
        )
