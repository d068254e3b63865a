"""ecs-efs: what tasks read from file systems and write to them is encrypted and authorized."""

from collections.abc import Iterator
from typing import Any

from pulumi_policy import Severity

from ..core.rule import Change, Resource, Rule
from ..core.sources import checkov, security_hub, trivy
from ..core.values import Findings, Place, Value
from ..models.containers import (
    CONTAINER_TYPES,
    JOB_DEFINITION,
    judge_job,
    own_role,
    remedy_job,
    with_each,
)

_CONFIGURATION = "efsVolumeConfiguration"


def _check(resource: Resource) -> Findings:
    if resource.type == JOB_DEFINITION:
        return judge_job(resource, judge_task=_judge)
    return _judge(resource.properties)


def _judge(task: Place) -> Findings:
    for volume in task.at("volumes").items():
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
    if resource.type == JOB_DEFINITION:
        return remedy_job(resource, mend_task=_mend_job)
    return _remedy_task(resource)


def _remedy_task(resource: Resource) -> Iterator[Change]:
    for index, volume in enumerate(resource.at("volumes").items()):
        configuration = volume.at(_CONFIGURATION)
        if not isinstance(configuration.value, dict):
            continue
        path = ("volumes", index, _CONFIGURATION)
        if _lacks(configuration, "transitEncryption"):
            yield Change((*path, "transitEncryption"), "ENABLED")
        # The provider documents that it ignores the root directory beside an authorization: a task
        # that names one would mount another directory than before.
        own_root = configuration.at("rootDirectory").value not in (None, "", "/")
        added = configuration.at("authorizationConfig").value is None
        if _lacks(configuration, "authorizationConfig", "iam") and not (own_root and added):
            yield Change((*path, "authorizationConfig", "iam"), "ENABLED")


def _mend_job(task: dict[str, Any]) -> dict[str, Any]:
    """Without a role of its own a job can't be authorized: Batch refuses the definition then."""
    authorizes = bool(own_role(Place(task, "")).text)

    def mend(volume: dict[str, Any]) -> dict[str, Any]:
        configuration = Place(volume, "").at(_CONFIGURATION)
        if not isinstance(configuration.value, dict):
            return volume
        mended = dict(configuration.value)
        if _lacks(configuration, "transitEncryption"):
            mended["transitEncryption"] = "ENABLED"
        if authorizes and _lacks(configuration, "authorizationConfig", "iam"):
            given = configuration.at("authorizationConfig").value or {}
            mended["authorizationConfig"] = {**given, "iam": "ENABLED"}
        return {**volume, _CONFIGURATION: mended}

    return with_each(task, "volumes", mend)


def _lacks(configuration: Place, *keys: str) -> bool:
    setting = configuration.at(*keys)
    return setting.known and not _is_enabled(setting.value)


def _is_enabled(value: Value) -> bool:
    return bool(value == "ENABLED")


RULE = Rule(
    name="ecs-efs",
    description="Tasks of ECS and jobs of Batch mount EFS with TLS and IAM authorization.",
    fix=(
        "Set transitEncryption and authorizationConfig.iam to ENABLED in efsVolumeConfiguration,"
        " and allow the task role elasticfilesystem:ClientMount on the file system."
    ),
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=(*security_hub("ECS.18"), *checkov("CKV_AWS_97"), *trivy("T0035")),
    types=CONTAINER_TYPES,
    check=_check,
    remedy=_remedy,
)
