"""A service on ECS."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.autoscaling import scale_on_cpu
from components.container import container_definitions, log_options
from components.ecs_cluster import EcsCluster
from components.grants import grant_statements
from components.iam import allow, document, ecs_tasks_trust
from components.images import pull_statements
from components.load_balancer import LoadBalancer, Route
from components.queue import Queue
from components.reach import allow_https_out, connect, security_group
from components.service import Service
from components.settings import ServiceSettings

CAPACITY: Final[Mapping[str, str]] = {"on-demand": "FARGATE", "spot": "FARGATE_SPOT"}
ARCHITECTURE: Final[Mapping[str, str]] = {"x86_64": "X86_64", "arm64": "ARM64"}

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
        self._environment = cluster.network.environment
        self._callees = callees
        self._child = pulumi.ResourceOptions(parent=self)

        self._log_group = self._create_log_group()
        self._execution_role, execution_policy = self._create_execution_role()
        self._task_role, grants = self._create_task_role(queues or {})
        self._rules: list[pulumi.Resource] = []
        self.security_group_id = self._create_security_group()
        self.route = self._create_route(balancer)
        task_definition = self._create_task_definition()
        service = self._create_service(task_definition, [execution_policy, *grants])
        scale_on_cpu(
            name,
            settings.scaling,
            cluster=cluster.cluster.name,
            service=service.name,
            parent=self,
        )
        self.ready = service
        self.register_outputs({"securityGroupId": self.security_group_id})

    def _create_log_group(self) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            f"{self.name}-logs",
            name=f"/ecs/{self._environment.prefix}/{self.name}",
            retention_in_days=self._settings.log_retention_days,
            opts=self._child,
        )

    def _create_role(self, purpose: str) -> aws.iam.Role:
        return aws.iam.Role(
            f"{self.name}-{purpose}-role",
            name=self._environment.global_name(self.name, purpose),
            assume_role_policy=ecs_tasks_trust(self._environment),
            opts=self._child,
        )

    def _create_execution_role(self) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        """Create the role with which ECS starts the task."""
        role = self._create_role("execution")
        log_streams = self._environment.arn(
            "logs", pulumi.Output.concat("log-group:", self._log_group.name, ":*")
        )
        policy = aws.iam.RolePolicy(
            f"{self.name}-execution-policy",
            role=role.name,
            policy=document(
                [
                    allow(["logs:CreateLogStream", "logs:PutLogEvents"], [log_streams]),
                    *pull_statements(self._environment, self._settings.image),
                ]
            ),
            opts=self._child,
        )
        return role, policy

    def _create_task_role(
        self, queues: Mapping[str, Queue]
    ) -> tuple[aws.iam.Role, Sequence[aws.iam.RolePolicy]]:
        """Create the role that the service's own code has, and what it is granted."""
        role = self._create_role("task")
        statements = grant_statements(self._settings.grants, queues)
        if not statements:
            return role, []
        policy = aws.iam.RolePolicy(
            f"{self.name}-task-policy",
            role=role.name,
            policy=document(statements),
            opts=self._child,
        )
        return role, [policy]

    def _create_security_group(self) -> pulumi.Output[str]:
        group = security_group(
            f"{self.name}-group",
            f"Tasks of service {self.name}",
            network=self._cluster.network,
            parent=self,
        )
        self._rules.append(allow_https_out(self.name, group=group.id, parent=self))
        for callee in self._callees:
            if callee.port is not None:
                self._rules += connect(
                    f"{self.name}-to-{callee.name}",
                    f"{self.name} calls {callee.name}",
                    source=group.id,
                    target=callee.security_group_id,
                    port=callee.port,
                    parent=self,
                )
        return group.id

    def _create_route(self, balancer: LoadBalancer | None) -> Route | None:
        route, port = self._settings.route, self._settings.port
        if balancer is None or route is None or port is None:
            return None
        self._rules += connect(
            f"{self.name}-from-balancer",
            f"Load balancer to {self.name}",
            source=balancer.security_group_id,
            target=self.security_group_id,
            port=port,
            parent=self,
        )
        return balancer.add_route(self.name, port, route, parent=self)

    def _create_task_definition(self) -> aws.ecs.TaskDefinition:
        settings = self._settings
        return aws.ecs.TaskDefinition(
            f"{self.name}-task",
            family=self._environment.regional_name(self.name, limit=255),
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(round(settings.size.cpu * 1024)),
            memory=str(settings.size.memory),
            runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(
                operating_system_family="LINUX",
                cpu_architecture=ARCHITECTURE[settings.architecture],
            ),
            execution_role_arn=self._environment.role_arn(self._execution_role),
            task_role_arn=self._environment.role_arn(self._task_role),
            container_definitions=container_definitions(
                self.name,
                settings,
                log_group=self._log_group.name,
                region=self._environment.region,
            ),
            track_latest=True,
            opts=self._child,
        )

    def _create_service(
        self, task_definition: aws.ecs.TaskDefinition, policies: Sequence[pulumi.Resource]
    ) -> aws.ecs.Service:
        settings, cluster = self._settings, self._cluster
        balanced = self.route is not None
        return aws.ecs.Service(
            f"{self.name}-service",
            name=self.name,
            cluster=cluster.cluster.arn,
            task_definition=task_definition.arn,
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
                depends_on=self._prerequisites(policies),
                # Scaling owns the number of tasks from the first deployment on.
                ignore_changes=["desiredCount"],
                custom_timeouts=pulumi.CustomTimeouts(
                    create=DEPLOYMENT_TIMEOUT, update=DEPLOYMENT_TIMEOUT, delete=DEPLOYMENT_TIMEOUT
                ),
            ),
        )

    def _prerequisites(
        self, policies: Sequence[pulumi.Resource]
    ) -> pulumi.Output[list[pulumi.Resource]]:
        """Return what has to be there while the service runs, and so is destroyed after it."""
        resources = [
            *policies,
            *self._rules,
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
                    self._log_group.name, self._environment.region, "service-connect"
                ),
            ),
        )
