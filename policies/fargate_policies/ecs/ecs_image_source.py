"""ecs-image-source: images come from approved registries and don't change under a running task."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, cis_eks
from ..core.values import Findings
from ..models.containers import CONTAINER_TYPES, judge_containers
from ..models.images import PARAMETERS, judge_image
from ..models.placements import EXPRESS_SERVICE


def _check(resource: Resource) -> Findings:
    registries = resource.settings["registries"]
    if resource.type == EXPRESS_SERVICE:
        return judge_image(resource.at("primaryContainer", "image"), registries)
    return judge_containers(
        resource, lambda container: judge_image(container.at("image"), registries)
    )


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
    parameters=PARAMETERS,
    types=(*CONTAINER_TYPES, EXPRESS_SERVICE),
    check=_check,
)
