"""ecs-ebs: what tasks write to volumes of EBS is encrypted.

ECS makes such a volume for each task, and asks for encryption only if it is told to.
"""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import guide, security_hub
from ..core.values import Findings, is_false, is_true
from ..models.launches import SERVICE

_VOLUME = ("volumeConfiguration", "managedEbsVolume")


def _check(resource: Resource) -> Findings:
    volume = resource.at(*_VOLUME)
    if volume.value is not None:
        yield from volume.at("encrypted").require(is_true, "the volume may be in clear")


def _remedy(resource: Resource) -> Iterator[Change]:
    volume = resource.at(*_VOLUME)
    encrypted = volume.at("encrypted").value
    if isinstance(volume.value, dict) and (encrypted is None or is_false(encrypted)):
        yield Change((*_VOLUME, "encrypted"), value=True)


RULE = Rule(
    name="ecs-ebs",
    description="Volumes of EBS that ECS makes for tasks are encrypted.",
    fix="Set encrypted to true in volumeConfiguration.managedEbsVolume, with kmsKeyId if need be.",
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=(
        *security_hub("EC2.3"),
        *guide(
            "Amazon ECS developer guide",
            "Encrypt data stored in Amazon EBS volumes attached to Amazon ECS tasks",
            "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ebs-kms-encryption.html",
        ),
    ),
    types=(SERVICE,),
    check=_check,
    remedy=_remedy,
)
