"""Settings of file systems, and of the directories that services mount of them."""

import re
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import NAME, Model, matching
from components.settings.grantable import PLACE, Declared

INFREQUENT_ACCESS_DAYS = (1, 7, 14, 30, 60, 90, 180, 270, 365)
"""Days after which EFS can move a file (TransitionToIA in the EFS API reference)."""

FileSystemName = Annotated[str, Field(max_length=40), NAME]

ARN = matching(
    rf"arn:aws(-cn|-us-gov)?:elasticfilesystem:{PLACE}:file-system/fs-[0-9a-f]{{8,40}}",
    "must be the full ARN of one file system, such as "
    "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0123456789abcdef0",
)
GROUP = matching(
    r"sg-[0-9a-f]{8,40}", "must be the id of a security group, such as sg-0123456789abcdef0"
)


def _known_days(days: int) -> int:
    if days not in INFREQUENT_ACCESS_DAYS:
        allowed = ", ".join(str(known) for known in INFREQUENT_ACCESS_DAYS)
        raise ValueError(
            f"EFS moves files after one of these numbers of days: {allowed}; null never"
        )
    return days


class FileSystemSettings(Declared):
    """An EFS file system that services on ECS share, over TLS and with IAM; or an existing one.

    It grows and shrinks with what it holds, and costs 0.30 USD per GB and month (us-east-1).
    """

    kind: ClassVar[str] = "file system"
    of_existing: ClassVar[frozenset[str]] = frozenset({"arn", "security_group_id"})
    only_existing: ClassVar[frozenset[str]] = of_existing

    arn: Annotated[str, ARN] | None = None
    """ARN of an existing file system of this account and region, to use instead of creating one. It
    has to have mount targets in the zones of this stack's network."""
    security_group_id: Annotated[str, GROUP] | None = None
    """Security group of an existing file system's mount targets, such as sg-0123456789abcdef0;
    needed with arn. Services that mount it are let in by a rule each."""
    throughput: Literal["elastic", "bursting"] = "elastic"
    """elastic is as fast as needed and costs 0.03 USD per GB read and 0.06 USD per GB written
    (us-east-1); bursting is free and grows with what is stored: 50 KiB/s for each GiB."""
    infrequent_access_days: Annotated[int, AfterValidator(_known_days)] | None = 30
    """Days without access after which a file moves to Infrequent Access: stored for less than a
    tenth, but each read costs. 1, 7, 14, 30, 60, 90, 180, 270 or 365; null never moves one."""
    backups: bool = True
    """Back up daily with AWS Backup and keep each backup for 35 days, billed by AWS Backup per GB
    and month."""
    deletion_protection: bool = True
    """Refuse to delete the file system and all it holds: to destroy the stack, switch it off, run
    up, then destroy."""

    @model_validator(mode="after")
    def _existing_can_be_reached(self) -> Self:
        if self.arn is not None and self.security_group_id is None:
            raise ValueError(
                "an existing file system needs securityGroupId, the group of its mount targets, so "
                "that services can be let in"
            )
        return self


Directory = Annotated[
    str,
    Field(max_length=100),
    matching(
        r"(/[A-Za-z0-9_-][A-Za-z0-9._-]*){1,4}",
        "must be a directory below /, at most four deep, such as /uploads",
    ),
]


class FileMountSettings(Model):
    """A directory of a file system, mounted into the service's container.

    A service reaches this directory and nothing else of the file system, by an access point.
    """

    file_system: str
    """Name of a file system declared below fileSystems."""
    path: Directory | None = None
    """Directory of the file system; by default one of the service's own, /SERVICE. Created when it
    is first mounted, for the service's user alone (0750). Services that name the same directory
    share it, if they have the same user."""
    read_only: bool = False
    """Whether the service may only read."""

    def directory(self, service: str) -> str:
        """Return the directory that a service of this name mounts."""
        return self.path or f"/{service}"


def volume_name(path: str) -> str:
    """Return the name of the volume that a container mounts at `path`: /var/data is var-data."""
    return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-")
