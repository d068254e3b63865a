"""A task on ECS: what runs, as whom, and where it logs."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.container import definitions, service_container
from components.ecs_cluster import EcsCluster
from components.grants import grant_statements
from components.iam import Statement, allow, document, ecs_tasks_trust
from components.images import pull_statements
from components.queue import Queue
from components.settings import ServiceSettings
from components.sidecars import sidecars

ARCHITECTURE: Final[Mapping[str, str]] = {"x86_64": "X86_64", "arm64": "ARM64"}


class EcsTask:
    """A task definition with its log group, its execution role and its task role.

    It is no component of its own: its resources are children of the service that runs it.

    Attributes:
        log_group: where its containers log.
        definition: the task definition.
        policies: what its roles may do; a service starts after, and is destroyed before, them.
    """

    def __init__(
        self,
        name: str,
        settings: ServiceSettings,
        *,
        cluster: EcsCluster,
        queues: Mapping[str, Queue],
        parent: pulumi.Resource,
    ) -> None:
        self._name = name
        self._settings = settings
        self._environment = cluster.network.environment
        self._child = pulumi.ResourceOptions(parent=parent)
        self.log_group = self._create_log_group()
        self._sidecars = sidecars(
            name,
            settings.sidecars,
            environment=self._environment,
            log_group=self.log_group.name,
        )
        execution_role, execution_policy = self._create_role(
            "execution", self._execution_statements()
        )
        task_role, task_policy = self._create_role(
            "task", [*grant_statements(settings.grants, queues), *self._sidecars.statements]
        )
        self.policies = [*execution_policy, *task_policy]
        self.definition = self._define(execution_role, task_role)

    def _create_log_group(self) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            f"{self._name}-logs",
            name=f"/ecs/{self._environment.prefix}/{self._name}",
            retention_in_days=self._settings.log_retention_days,
            opts=self._child,
        )

    def _create_role(
        self, purpose: str, statements: Sequence[Statement]
    ) -> tuple[aws.iam.Role, Sequence[aws.iam.RolePolicy]]:
        role = aws.iam.Role(
            f"{self._name}-{purpose}-role",
            name=self._environment.global_name(self._name, purpose),
            assume_role_policy=ecs_tasks_trust(self._environment),
            opts=self._child,
        )
        if not statements:
            return role, []
        policy = aws.iam.RolePolicy(
            f"{self._name}-{purpose}-policy",
            role=role.name,
            policy=document(statements),
            opts=self._child,
        )
        return role, [policy]

    def _execution_statements(self) -> Sequence[Statement]:
        """What ECS needs to start the task."""
        log_streams = self._environment.arn(
            "logs", pulumi.Output.concat("log-group:", self.log_group.name, ":*")
        )
        return [
            allow(["logs:CreateLogStream", "logs:PutLogEvents"], [log_streams]),
            *pull_statements(self._environment, self._settings.image),
        ]

    def _define(
        self, execution_role: aws.iam.Role, task_role: aws.iam.Role
    ) -> aws.ecs.TaskDefinition:
        settings = self._settings
        own = service_container(
            self._name,
            settings,
            image=settings.image,
            logs=self._sidecars.logs,
            environment=self._sidecars.environment,
            secrets={},
            after=self._sidecars.names,
        )
        return aws.ecs.TaskDefinition(
            f"{self._name}-task",
            family=self._environment.regional_name(self._name, limit=255),
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(round(settings.size.cpu * 1024)),
            memory=str(settings.size.memory),
            runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(
                operating_system_family="LINUX",
                cpu_architecture=ARCHITECTURE[settings.architecture],
            ),
            execution_role_arn=self._environment.role_arn(execution_role),
            task_role_arn=self._environment.role_arn(task_role),
            container_definitions=definitions([own, *self._sidecars.containers]),
            track_latest=True,
            opts=self._child,
        )
