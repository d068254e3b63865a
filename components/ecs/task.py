"""A task on ECS: what runs, as whom, and where it logs."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.ecs.cluster import EcsCluster
from components.ecs.container import definitions, own_container
from components.ecs.files import allow_mounts, create_mounts, efs_volumes, mount_points
from components.ecs.sidecars import sidecars
from components.ecs.task_secrets import task_secrets
from components.grants import Grantable, grant_environment, grant_statements
from components.iam import Statement, allow, create_role, ecs_tasks_trust
from components.images.built_image import task_image
from components.images.images import pull_statements
from components.settings import TaskSettings
from components.sizes import FREE_STORAGE_GIB
from components.storage.file_system import FileSystem

ARCHITECTURE: Final[Mapping[str, str]] = {"x86_64": "X86_64", "arm64": "ARM64"}


class EcsTask:
    """A task definition with its log group, its execution role and its task role.

    It is no component of its own: its resources are children of the service or job that runs it.

    Args:
        name: the service's or job's name.
        settings: its settings.
        cluster: where it runs.
        grantables: what it may be granted, by name.
        file_systems: what it may mount, by name.
        parent: the service's or job's component.
        members: what its own container's definition has besides, such as a port.
        statements: what its task role may do besides.

    Attributes:
        log_group: where its containers log.
        definition: the task definition.
        family: the task definition's family, known in the first preview.
        roles: ARNs of its execution and task role, known in the first preview.
        policies: what its roles may do; what runs it starts after, and is destroyed before, them.
        secret_versions: the version that each variable of a secret has now.
        mounts: directories of file systems that it mounts.
    """

    def __init__(
        self,
        name: str,
        settings: TaskSettings,
        *,
        cluster: EcsCluster,
        grantables: Mapping[str, Grantable],
        file_systems: Mapping[str, FileSystem],
        parent: pulumi.Resource,
        members: Mapping[str, Any] | None = None,
        statements: Sequence[Statement] = (),
    ) -> None:
        self._name = name
        self._settings = settings
        self._cluster = cluster
        self._environment = cluster.network.environment
        self._parent = parent
        self._members = members or {}
        self._child = pulumi.ResourceOptions(parent=parent)
        self.log_group = self._create_log_group()
        images = cluster.network.images
        self._image = task_image(name, settings, images=images, parent=parent)
        self._sidecars = sidecars(
            name, settings.sidecars, images=images, log_group=self.log_group.name
        )
        pulled = [self._image, *self._sidecars.images]
        self._images_ready = [resource for image in pulled for resource in image.ready]
        self._granted = grant_environment(settings.granted, grantables)
        self._secrets = task_secrets(settings.secrets, grantables)
        self.secret_versions = self._secrets.versions
        execution_role, execution_policy = self._create_role(
            "execution", self._execution_statements()
        )
        task_role, task_policy = self._create_role(
            "task",
            [
                *grant_statements(settings.granted, grantables),
                *self._sidecars.statements,
                *statements,
            ],
        )
        self.mounts = create_mounts(name, settings, file_systems, parent=parent)
        mounting = allow_mounts(name, self.mounts, role=task_role.name, parent=parent)
        self.policies = [*execution_policy, *task_policy, *mounting, *self._images_ready]
        self.family = self._environment.regional_name(name, limit=255)
        self.roles = [self._environment.role_arn(role) for role in (execution_role, task_role)]
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
        return create_role(
            f"{self._name}-{purpose}",
            fixed_name=self._environment.global_name(self._name, purpose),
            trust=ecs_tasks_trust(self._environment),
            environment=self._environment,
            parent=self._parent,
            statements=statements,
        )

    def _execution_statements(self) -> Sequence[Statement]:
        """What ECS needs to start the task."""
        log_streams = self._environment.arn(
            "logs", pulumi.Output.concat("log-group:", self.log_group.name, ":*")
        )
        return [
            allow(["logs:CreateLogStream", "logs:PutLogEvents"], [log_streams]),
            *pull_statements([self._image, *self._sidecars.images]),
            *self._secrets.statements,
            *self._cluster.agent_statements,
        ]

    def _define(
        self, execution_role: aws.iam.Role, task_role: aws.iam.Role
    ) -> aws.ecs.TaskDefinition:
        settings = self._settings
        own = own_container(
            self._name,
            settings,
            image=self._image.reference,
            logs=self._sidecars.logs,
            environment={**self._granted, **self._sidecars.environment},
            secrets=self._secrets.references,
            mount_points=mount_points(settings.files),
            after=self._sidecars.names,
            **self._members,
        )
        return aws.ecs.TaskDefinition(
            f"{self._name}-task",
            family=self.family,
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(round(settings.size.cpu * 1024)),
            memory=str(settings.size.memory),
            ephemeral_storage=aws.ecs.TaskDefinitionEphemeralStorageArgs(
                size_in_gib=settings.storage
            )
            if settings.storage > FREE_STORAGE_GIB
            else None,
            volumes=efs_volumes(self.mounts) or None,
            runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(
                operating_system_family="LINUX",
                cpu_architecture=ARCHITECTURE[settings.architecture],
            ),
            execution_role_arn=self._environment.role_arn(execution_role),
            task_role_arn=self._environment.role_arn(task_role),
            container_definitions=definitions([own, *self._sidecars.containers]),
            track_latest=True,
            opts=pulumi.ResourceOptions.merge(
                self._child, pulumi.ResourceOptions(depends_on=self._images_ready)
            ),
        )
