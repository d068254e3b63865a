"""File systems that services share."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.iam import Statement, document
from components.network.network import Network
from components.reach import security_group
from components.settings import FileSystemSettings

CLIENT_ACTIONS: Final = (
    "elasticfilesystem:ClientMount",
    "elasticfilesystem:ClientRootAccess",
    "elasticfilesystem:ClientWrite",
)
"""All that a client can do with files (EFS user guide, "Using IAM to control access to file
systems"). Backups and the EFS API are other actions, which the policy leaves alone."""


class FileSystem(pulumi.ComponentResource):
    """An EFS file system that no client uses without TLS, an IAM role and an access point.

    Creates the file system, encrypted with AWS's key for EFS; a mount target in a private subnet of
    each zone; their security group, which admits nobody until a service mounts a directory; a file
    system policy; and the choice of backups. Having a policy ends anonymous access: what a client
    may do is then said by its role alone. Of an existing file system it creates nothing.

    EFS advises to wait 90 seconds after a mount target's creation, since its DNS name spreads
    slowly. Creating it takes as long, usually; a task that starts too early fails and ECS starts it
    again, and after three of them the first deployment has failed and is to be repeated.

    Cost (us-east-1): 0.30 USD per GB and month; with elastic throughput 0.03 USD per GB read and
    0.06 USD per GB written (sources: reports/cost/prices.py). Mount targets cost nothing.
    """

    name: str
    environment: Environment
    """Where it is."""
    id: pulumi.Output[str]
    """Id, which only a created file system has."""
    arn: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    """Group of the mount targets."""
    ready: Sequence[pulumi.Resource]
    """What a service that mounts a directory depends on: without it, its tasks fail to start."""

    def __init__(
        self,
        name: str,
        settings: FileSystemSettings,
        *,
        network: Network,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fargate:files:FileSystem", name, None, opts)
        self.name = name
        self.environment = network.environment
        self._network = network
        if settings.arn and settings.security_group_id:
            self.id = pulumi.Output.from_input(settings.arn.rpartition("/")[2])
            self.arn = pulumi.Output.from_input(settings.arn)
            self.security_group_id = pulumi.Output.from_input(settings.security_group_id)
            self.ready = ()
        else:
            self.id = self._create_file_system(settings).id
            self.arn = self.environment.arn(
                "elasticfilesystem", pulumi.Output.concat("file-system/", self.id)
            )
            self.security_group_id = self._create_security_group()
            self.ready = (*self._create_mount_targets(), self._create_policy())
            self._choose_backups(enabled=settings.backups)
        self.register_outputs({"id": self.id})

    def _create_file_system(self, settings: FileSystemSettings) -> aws.efs.FileSystem:
        days = settings.infrequent_access_days
        return aws.efs.FileSystem(
            f"{self.name}-file-system",
            encrypted=True,
            performance_mode="generalPurpose",
            throughput_mode=settings.throughput,
            lifecycle_policies=[
                aws.efs.FileSystemLifecyclePolicyArgs(
                    transition_to_ia=f"AFTER_{days}_DAY{'' if days == 1 else 'S'}"
                )
            ]
            if days is not None
            else [],
            # EFS shows this tag as the name: a file system has no other.
            tags={"Name": self.environment.regional_name(self.name)},
            opts=pulumi.ResourceOptions(parent=self, protect=settings.deletion_protection),
        )

    def _create_security_group(self) -> pulumi.Output[str]:
        return security_group(
            f"{self.name}-files-group",
            f"Mount targets of file system {self.name}",
            network=self._network,
            parent=self,
        ).id

    def _create_mount_targets(self) -> Sequence[aws.efs.MountTarget]:
        return [
            aws.efs.MountTarget(
                f"{self.name}-mount-target-{number + 1}",
                file_system_id=self.id,
                subnet_id=self._network.endpoint_subnet_ids[number],
                ip_address_type="IPV4_ONLY",
                security_groups=[self.security_group_id],
                # A zone holds one mount target of a file system: the old one goes first.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
            for number in range(self._network.zones)
        ]

    def _create_policy(self) -> aws.efs.FileSystemPolicy:
        return aws.efs.FileSystemPolicy(
            f"{self.name}-files-policy",
            file_system_id=self.id,
            policy=document(
                [
                    self._deny("WithoutTls", {"Bool": {"aws:SecureTransport": "false"}}),
                    self._deny(
                        "WithoutAccessPoint",
                        {"Null": {"elasticfilesystem:AccessPointArn": "true"}},
                    ),
                    self._deny(
                        "WithoutMountTarget",
                        {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "false"}},
                    ),
                ]
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _deny(self, sid: str, condition: object) -> Statement:
        return {
            "Sid": sid,
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": list(CLIENT_ACTIONS),
            "Resource": self.arn,
            "Condition": condition,
        }

    def _choose_backups(self, *, enabled: bool) -> None:
        aws.efs.BackupPolicy(
            f"{self.name}-backups",
            file_system_id=self.id,
            backup_policy=aws.efs.BackupPolicyBackupPolicyArgs(
                status="ENABLED" if enabled else "DISABLED"
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
