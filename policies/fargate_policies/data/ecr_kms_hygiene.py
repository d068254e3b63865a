"""ecr-kms-hygiene: images stay what they were and are scanned; keys are rotated."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, security_hub
from ..core.values import Findings, is_false, is_true

_REPOSITORY: Final = "aws:ecr/repository:Repository"
_KEY: Final = "aws:kms/key:Key"


def _check(resource: Resource) -> Findings:
    return _check_repository(resource) if resource.type == _REPOSITORY else _check_key(resource)


def _check_repository(resource: Resource) -> Findings:
    yield from resource.at("imageTagMutability").require(
        lambda value: value == "IMMUTABLE", "a tag can be moved to another image"
    )
    yield from resource.at("imageScanningConfiguration", "scanOnPush").require(
        is_true, "images aren't scanned when they are pushed"
    )


def _check_key(resource: Resource) -> Findings:
    if _can_be_rotated(resource):
        yield from resource.at("enableKeyRotation").require(is_true, "the key is never rotated")


def _can_be_rotated(resource: Resource) -> bool:
    """Whether KMS can rotate a key: a symmetric one that encrypts, in KMS's own key store."""
    spec = resource.at("customerMasterKeySpec").value
    return spec in (None, "", "SYMMETRIC_DEFAULT") and not resource.at("customKeyStoreId").present


def _remedy(resource: Resource) -> Iterator[Change]:
    if resource.type == _KEY:
        rotation = resource.at("enableKeyRotation").value
        if _can_be_rotated(resource) and (rotation is None or is_false(rotation)):
            yield Change(("enableKeyRotation",), value=True)
        return
    # Filters of tags that may move are taken with other values only, so they are the owner's to
    # take away.
    if resource.at("imageTagMutability").value in (None, "", "MUTABLE"):
        yield Change(("imageTagMutability",), "IMMUTABLE")
    scanning = resource.at("imageScanningConfiguration", "scanOnPush").value
    if scanning is None or is_false(scanning):
        yield Change(("imageScanningConfiguration", "scanOnPush"), value=True)


RULE = Rule(
    name="ecr-kms-hygiene",
    description="ECR tags are immutable and images scanned; symmetric KMS keys are rotated.",
    fix=(
        "Set imageTagMutability to IMMUTABLE, imageScanningConfiguration.scanOnPush to true, and"
        " enableKeyRotation of symmetric keys to true."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(
        *security_hub("ECR.1", "ECR.2", "KMS.4"),
        *checkov("CKV_AWS_51", "CKV_AWS_163", "CKV_AWS_7"),
    ),
    types=(_REPOSITORY, _KEY),
    check=_check,
    remedy=_remedy,
)
