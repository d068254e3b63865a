"""Directories that a service on ECS mounts: access points, volumes and what its role may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.iam import Statement, allow, document
from components.reach import connect
from components.settings import FileMountSettings, TaskSettings
from components.settings.file_system import volume_name
from components.storage.file_system import FileSystem

NFS: Final = 2049


@dataclass(frozen=True)
class Mount:
    """A directory of a file system, as one service sees it."""

    path: str
    """Where the container has it."""
    read_only: bool
    file_system: FileSystem
    access_point: aws.efs.AccessPoint

    @property
    def access_point_arn(self) -> pulumi.Output[str]:
        """ARN of the access point."""
        return self.file_system.environment.arn(
            "elasticfilesystem", pulumi.Output.concat("access-point/", self.access_point.id)
        )


def create_mounts(
    service: str,
    settings: TaskSettings,
    file_systems: Mapping[str, FileSystem],
    *,
    parent: pulumi.Resource,
) -> list[Mount]:
    """Create an access point for each directory that a service mounts.

    The access point makes the service's user of every client, whatever the container says, and its
    directory the root: nothing else of the file system can be reached through it.

    Args:
        service: the service's name.
        settings: its settings.
        file_systems: the stack's file systems by name.
        parent: the service's component.
    """
    return [
        Mount(
            path=path,
            read_only=mount.read_only,
            file_system=file_systems[mount.file_system],
            access_point=aws.efs.AccessPoint(
                f"{service}-{volume_name(path)}-access-point",
                file_system_id=file_systems[mount.file_system].id,
                posix_user=aws.efs.AccessPointPosixUserArgs(uid=settings.user, gid=settings.user),
                root_directory=aws.efs.AccessPointRootDirectoryArgs(
                    path=mount.directory(service),
                    creation_info=aws.efs.AccessPointRootDirectoryCreationInfoArgs(
                        owner_uid=settings.user, owner_gid=settings.user, permissions="0750"
                    ),
                ),
                tags={"service": service},
                opts=pulumi.ResourceOptions(parent=parent),
            ),
        )
        for path, mount in sorted(settings.files.items())
    ]


def connect_mounts(
    service: str,
    mounts: Sequence[Mount],
    *,
    source: pulumi.Input[str],
    parent: pulumi.Resource,
) -> list[pulumi.Resource]:
    """Let a service reach the file systems that it mounts: NFS, and one rule pair for each.

    Args:
        service: the service's name.
        mounts: what it mounts.
        source: id of its security group.
        parent: the service's component.

    Returns:
        The rules, for what needs the connection from its start to depend on.
    """
    file_systems = {mount.file_system.name: mount.file_system for mount in mounts}
    return [
        rule
        for name, file_system in file_systems.items()
        for rule in connect(
            f"{service}-to-{name}",
            f"{service} mounts {name}",
            source=source,
            target=file_system.security_group_id,
            port=NFS,
            parent=parent,
        )
    ]


def mount_prerequisites(mounts: Sequence[Mount]) -> list[pulumi.Resource]:
    """Return what has to be there before a task can mount, and until the last has stopped."""
    return [resource for mount in mounts for resource in mount.file_system.ready]


def efs_statements(mounts: Sequence[Mount]) -> list[Statement]:
    """Return what a task role may do with files: one statement for each access point.

    Only what comes through the access point is allowed, and to be root is not.
    """
    return [
        allow(
            [
                "elasticfilesystem:ClientMount",
                *([] if mount.read_only else ["elasticfilesystem:ClientWrite"]),
            ],
            [mount.file_system.arn],
            {"StringEquals": {"elasticfilesystem:AccessPointArn": mount.access_point_arn}},
        )
        for mount in mounts
    ]


def allow_mounts(
    service: str, mounts: Sequence[Mount], *, role: pulumi.Input[str], parent: pulumi.Resource
) -> list[aws.iam.RolePolicy]:
    """Create the policy that lets a task role use what its service mounts; none for no mounts.

    Ids of EFS aren't known in a first preview: in a policy of their own they leave the role's other
    policies known.

    Args:
        service: the service's name.
        mounts: what it mounts.
        role: name of its task role.
        parent: the service's component.
    """
    if not mounts:
        return []
    return [
        aws.iam.RolePolicy(
            f"{service}-files-policy",
            role=role,
            policy=document(efs_statements(mounts)),
            opts=pulumi.ResourceOptions(parent=parent),
        )
    ]


def efs_volumes(mounts: Sequence[Mount]) -> list[aws.ecs.TaskDefinitionVolumeArgs]:
    """Return a task definition's volumes: encrypted on the way, and opened with the task role."""
    return [
        aws.ecs.TaskDefinitionVolumeArgs(
            name=volume_name(mount.path),
            efs_volume_configuration=aws.ecs.TaskDefinitionVolumeEfsVolumeConfigurationArgs(
                file_system_id=mount.file_system.id,
                # The access point decides on the directory: ECS takes nothing but / beside it.
                root_directory="/",
                transit_encryption="ENABLED",
                authorization_config=(
                    aws.ecs.TaskDefinitionVolumeEfsVolumeConfigurationAuthorizationConfigArgs(
                        access_point_id=mount.access_point.id, iam="ENABLED"
                    )
                ),
            ),
        )
        for mount in mounts
    ]


def mount_points(files: Mapping[str, FileMountSettings]) -> list[dict[str, Any]]:
    """Return a container definition's mount points, known in the first preview.

    Args:
        files: what the service mounts, by the container's path.
    """
    return [
        {
            "containerPath": path,
            "readOnly": mount.read_only,
            "sourceVolume": volume_name(path),
        }
        for path, mount in sorted(files.items())
    ]
