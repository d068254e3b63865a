"""ecs-efs: what tasks read from file systems and write to them is encrypted and authorized."""

from collections.abc import Iterator

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, security_hub, trivy
from ..core.values import Findings, Value
from ..models.containers import TASK_DEFINITION

_CONFIGURATION = "efsVolumeConfiguration"


def _check(resource: Resource) -> Findings:
    for volume in resource.at("volumes").items():
        configuration = volume.at(_CONFIGURATION)
        if configuration.value is None:
            continue
        yield from configuration.at("transitEncryption").require(
            _is_enabled, "files travel without TLS"
        )
        yield from configuration.at("authorizationConfig", "iam").require(
            _is_enabled, "whoever reaches the file system may mount it, whatever the task role says"
        )


def _remedy(resource: Resource) -> Iterator[Change]:
    for index, volume in enumerate(resource.at("volumes").items()):
        configuration = volume.at(_CONFIGURATION)
        if not isinstance(configuration.value, dict):
            continue
        path = ("volumes", index, _CONFIGURATION)
        encryption = configuration.at("transitEncryption")
        authorization = configuration.at("authorizationConfig", "iam")
        if encryption.known and not _is_enabled(encryption.value):
            yield Change((*path, "transitEncryption"), "ENABLED")
        # The provider documents that it ignores the root directory beside an authorization: a task
        # that names one would mount another directory than before.
        own_root = configuration.at("rootDirectory").value not in (None, "", "/")
        added = configuration.at("authorizationConfig").value is None
        lacking = authorization.known and not _is_enabled(authorization.value)
        if lacking and not (own_root and added):
            yield Change((*path, "authorizationConfig", "iam"), "ENABLED")


def _is_enabled(value: Value) -> bool:
    return bool(value == "ENABLED")


RULE = Rule(
    name="ecs-efs",
    description="ECS tasks mount EFS file systems with TLS and IAM authorization.",
    fix=(
        "Set transitEncryption and authorizationConfig.iam to ENABLED in efsVolumeConfiguration,"
        " and allow the task role elasticfilesystem:ClientMount on the file system."
    ),
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=(*security_hub("ECS.18"), *checkov("CKV_AWS_97"), *trivy("T0035")),
    types=(TASK_DEFINITION,),
    check=_check,
    remedy=_remedy,
)
