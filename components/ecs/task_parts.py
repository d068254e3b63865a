"""What a task consists of besides its definition: image, log group, roles, secrets, directories."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.ecs.cluster import EcsCluster
from components.ecs.files import allow_mounts, create_mounts
from components.ecs.sidecars import sidecars
from components.ecs.task_secrets import task_secrets
from components.grants import Grantable, grant_environment, grant_statements
from components.iam import Statement, allow, create_role
from components.images.built_image import task_image
from components.images.images import pull_statements
from components.settings import TaskSettings
from components.storage.file_system import FileSystem


class TaskParts:
    """A log group, an execution role, a task role and what they need, for a definition to name.

    It is no component of its own: its resources are children of the service or job that runs it.

    Args:
        name: the service's or job's name.
        settings: its settings.
        cluster: where it runs.
        trust: who may assume its roles.
        grantables: what it may be granted, by name.
        file_systems: what it may mount, by name.
        parent: the service's or job's component.
        statements: what its task role may do besides.

    Attributes:
        log_group: where its containers log.
        image: what its own container runs.
        images_ready: what the definition waits for, so that its images are there.
        sidecars: containers beside its own.
        secrets: what its own container reads at its start.
        granted: variables that say where to find what it is granted.
        execution_role: what starts it.
        task_role: what it has while it runs.
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
        trust: pulumi.Input[str],
        parent: pulumi.Resource,
        statements: Sequence[Statement] = (),
    ) -> None:
        self._name = name
        self._settings = settings
        self._cluster = cluster
        self._environment = cluster.network.environment
        self._parent = parent
        self._trust = trust
        self._child = pulumi.ResourceOptions(parent=parent)
        self.log_group = self._create_log_group()
        images = cluster.network.images
        self.image = task_image(name, settings, images=images, parent=parent)
        self.sidecars = sidecars(
            name, settings.sidecars, images=images, log_group=self.log_group.name
        )
        pulled = [self.image, *self.sidecars.images]
        self.images_ready = [resource for image in pulled for resource in image.ready]
        self.granted = grant_environment(settings.granted, grantables)
        self.secrets = task_secrets(settings.secrets, grantables)
        self.secret_versions = self.secrets.versions
        self.execution_role, execution_policy = self._create_role(
            "execution", self._execution_statements()
        )
        self.task_role, task_policy = self._create_role(
            "task",
            [
                *grant_statements(settings.granted, grantables),
                *self.sidecars.statements,
                *statements,
            ],
        )
        self.mounts = create_mounts(name, settings, file_systems, parent=parent)
        mounting = allow_mounts(name, self.mounts, role=self.task_role.name, parent=parent)
        self.policies = [*execution_policy, *task_policy, *mounting, *self.images_ready]
        self.roles = [
            self._environment.role_arn(role) for role in (self.execution_role, self.task_role)
        ]

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
            trust=self._trust,
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
            *pull_statements([self.image, *self.sidecars.images]),
            *self.secrets.statements,
            *self._cluster.agent_statements,
        ]
