"""efs-safe: files are encrypted at rest, and an access point holds tasks to a folder and a user.

`ecs-efs` judges how tasks mount them.
"""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, security_hub, trivy
from ..core.values import Findings, Value, as_integer, is_true

_FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"
_ACCESS_POINT = "aws:efs/accessPoint:AccessPoint"


def _check(resource: Resource) -> Findings:
    if resource.type == _FILE_SYSTEM:
        return resource.at("encrypted").require(is_true, "files aren't encrypted at rest")
    return _check_access_point(resource)


def _check_access_point(resource: Resource) -> Findings:
    yield from resource.at("rootDirectory", "path").require(
        _is_folder, "whoever mounts it reaches the whole file system"
    )
    yield from resource.at("posixUser", "uid").require(
        lambda uid: as_integer(uid) is not None, "whoever mounts it chooses a user"
    )


def _is_folder(path: Value) -> bool:
    return isinstance(path, str) and path.strip("/") != ""


RULE = Rule(
    name="efs-safe",
    description="File systems are encrypted, and access points hold to a folder and a user.",
    fix=(
        "Set encrypted to true, which can't be done later; give an access point rootDirectory.path"
        " and posixUser."
    ),
    severity=Severity.MEDIUM,
    mandatory=True,
    sources=(
        *security_hub("EFS.1", "EFS.3", "EFS.4", "EFS.8"),
        *checkov("CKV_AWS_42", "CKV_AWS_329", "CKV_AWS_330"),
        *trivy("T0037"),
    ),
    types=(_FILE_SYSTEM, _ACCESS_POINT),
    check=_check,
)
