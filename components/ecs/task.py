"""A task on ECS: what runs, as whom, and where it logs."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.ecs.cluster import EcsCluster
from components.ecs.container import definitions, own_container
from components.ecs.files import efs_volumes, mount_points
from components.ecs.task_parts import TaskParts
from components.grants import Grantable
from components.iam import Statement, ecs_tasks_trust
from components.settings import TaskSettings
from components.sizes import FREE_STORAGE_GIB
from components.storage.file_system import FileSystem

ARCHITECTURE: Final[Mapping[str, str]] = {"x86_64": "X86_64", "arm64": "ARM64"}


class EcsTask(TaskParts):
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
        definition: the task definition.
        family: the task definition's family, known in the first preview.
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
        super().__init__(
            name,
            settings,
            cluster=cluster,
            grantables=grantables,
            file_systems=file_systems,
            trust=ecs_tasks_trust(cluster.network.environment),
            parent=parent,
            statements=statements,
        )
        self._members = members or {}
        self.family = self._environment.regional_name(name, limit=255)
        self.definition = self._define()

    def _define(self) -> aws.ecs.TaskDefinition:
        settings = self._settings
        execution_role, task_role = self.roles
        own = own_container(
            self._name,
            settings,
            image=self.image.reference,
            logs=self.sidecars.logs,
            environment={**self.granted, **self.sidecars.environment},
            secrets=self.secrets.references,
            mount_points=mount_points(settings.files),
            after=self.sidecars.names,
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
            execution_role_arn=execution_role,
            task_role_arn=task_role,
            container_definitions=definitions([own, *self.sidecars.containers]),
            track_latest=True,
            opts=pulumi.ResourceOptions.merge(
                self._child, pulumi.ResourceOptions(depends_on=self.images_ready)
            ),
        )
