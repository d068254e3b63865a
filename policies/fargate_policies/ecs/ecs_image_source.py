"""ecs-image-source: images come from approved registries and don't change under a running task."""

import re
from fnmatch import fnmatchcase

from pulumi_policy import Severity

from ..core.rule import Parameter, Resource, Rule
from ..core.sources import checkov, cis_eks
from ..core.values import Findings, Place, Value
from ..models.containers import CONTAINER_TYPES, judge_containers

_DIGEST = re.compile(r"[a-z0-9+._-]+:[0-9a-fA-F]{32,}")
_REGISTRIES = (
    "*.dkr.ecr.*.amazonaws.com",
    "*.dkr.ecr.*.amazonaws.com.cn",
    "*.dkr.ecr-fips.*.amazonaws.com",
    "public.ecr.aws",
)


def _check(resource: Resource) -> Findings:
    registries = resource.settings["registries"]

    def judge(container: Place) -> Findings:
        image = container.at("image")
        yield from image.require(
            lambda value: _is_from(value, registries), "comes from a registry that isn't approved"
        )
        yield from image.require(_is_fixed, "has neither a digest nor a tag other than latest")

    return judge_containers(resource, judge)


def _is_from(image: Value, registries: tuple[str, ...]) -> bool:
    if not isinstance(image, str):
        return False
    host, slash, _ = image.partition("/")
    named = slash and ("." in host or ":" in host or host == "localhost")
    registry = host if named else "docker.io"
    return any(fnmatchcase(registry.lower(), pattern.lower()) for pattern in registries)


def _is_fixed(image: Value) -> bool:
    if not isinstance(image, str):
        return False
    name, _, digest = image.partition("@")
    if digest:
        return bool(_DIGEST.fullmatch(digest))
    tag = name.rpartition("/")[2].partition(":")[2]
    return tag not in ("", "latest")


RULE = Rule(
    name="ecs-image-source",
    description="Images come from an approved registry, by digest or by a tag but latest.",
    fix=(
        "Copy the image to ECR and name it by digest or version; the parameter `registries` holds"
        " the approved hosts."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(*cis_eks("5.1.4"), *checkov("CKV_K8S_14", "CKV_K8S_43")),
    parameters={
        "registries": Parameter("approved registry hosts; * stands for any text", _REGISTRIES)
    },
    types=CONTAINER_TYPES,
    check=_check,
)
