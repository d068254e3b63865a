"""A service on ECS."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.autoscaling import scale_on_cpu
from components.container import log_options
from components.ecs_cluster import EcsCluster
from components.ecs_task import EcsTask
from components.load_balancer import LoadBalancer, Route
from components.queue import Queue
from components.reach import allow_https_out
from components.service import Service
from components.service_reach import service_reach
from components.settings import ServiceSettings

CAPACITY: Final[Mapping[str, str]] = {"on-demand": "FARGATE", "spot": "FARGATE_SPOT"}

HEALTH_CHECK_GRACE: Final = 60
"""Seconds after a task's start in which a failing health check doesn't stop it."""

DEPLOYMENT_TIMEOUT: Final = "30m"
"""How long an update waits for a steady service before it fails; the circuit breaker is faster."""


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
    security_group_id: pulumi.Output[str]
    route: Route | None
    ready: pulumi.Resource

    def __init__(
        self,
        name: str,
        settings: ServiceSettings,
        *,
        cluster: EcsCluster,
        balancer: LoadBalancer | None = None,
        callees: Sequence[Service] = (),
        queues: Mapping[str, Queue] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:ecs:EcsService", name, None, opts)
        self.name = name
        self.port = settings.port
        self._settings = settings
        self._cluster = cluster
        self._callees = callees

        self._task = EcsTask(name, settings, cluster=cluster, queues=queues or {}, parent=self)
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
        https = allow_https_out(name, group=reach.group_id, parent=self)
        service = self._create_service([*self._task.policies, *reach.rules, https])
        scale_on_cpu(
            name,
            settings.scaling,
            cluster=cluster.cluster.name,
            service=service.name,
            parent=self,
        )
        self.ready = service
        self.register_outputs({"securityGroupId": self.security_group_id})

    def _create_service(self, needed: Sequence[pulumi.Resource]) -> aws.ecs.Service:
        settings, cluster = self._settings, self._cluster
        balanced = self.route is not None
        return aws.ecs.Service(
            f"{self.name}-service",
            name=self.name,
            cluster=cluster.cluster.arn,
            task_definition=self._task.definition.arn,
            desired_count=settings.scaling.min,
            scheduling_strategy="REPLICA",
            platform_version="LATEST",
            capacity_provider_strategies=[
                aws.ecs.ServiceCapacityProviderStrategyArgs(
                    capacity_provider=CAPACITY[settings.capacity], weight=1
                )
            ],
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=cluster.network.private_subnet_ids,
                security_groups=[self.security_group_id],
                assign_public_ip=False,
            ),
            load_balancers=self._targets(),
            health_check_grace_period_seconds=HEALTH_CHECK_GRACE if balanced else None,
            service_connect_configuration=self._service_connect(),
            deployment_controller=aws.ecs.ServiceDeploymentControllerArgs(type="ECS"),
            deployment_circuit_breaker=aws.ecs.ServiceDeploymentCircuitBreakerArgs(
                enable=True, rollback=True
            ),
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            availability_zone_rebalancing="ENABLED",
            enable_execute_command=False,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            tags={"service": self.name},
            wait_for_steady_state=True,
            # A running task learns neither a new capacity provider nor a new callee's name.
            force_new_deployment=True,
            triggers={
                "callees": ",".join(sorted(callee.name for callee in self._callees)),
                "capacity": settings.capacity,
            },
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=self._prerequisites(needed),
                # Scaling owns the number of tasks from the first deployment on.
                ignore_changes=["desiredCount"],
                custom_timeouts=pulumi.CustomTimeouts(
                    create=DEPLOYMENT_TIMEOUT, update=DEPLOYMENT_TIMEOUT, delete=DEPLOYMENT_TIMEOUT
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
            *(callee.ready for callee in self._callees),
        ]
        return self._cluster.network.routes.apply(lambda routes: [*resources, *routes])

    def _targets(self) -> Sequence[aws.ecs.ServiceLoadBalancerArgs]:
        if self.route is None or self.port is None:
            return []
        return [
            aws.ecs.ServiceLoadBalancerArgs(
                target_group_arn=self.route.target_group.arn,
                container_name=self.name,
                container_port=self.port,
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
