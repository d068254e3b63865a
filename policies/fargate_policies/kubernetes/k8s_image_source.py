"""k8s-image-source: images of pods come from approved registries and stay what they are."""

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import checkov, cis_eks
from ..core.values import Findings
from ..models.images import PARAMETERS, judge_image
from ..models.workloads import WORKLOAD_TYPES, judge_pod_containers, pod


def _check(resource: Resource) -> Findings:
    registries = resource.settings["registries"]
    spec = pod(resource).at("spec")
    yield from judge_pod_containers(
        spec, lambda container: judge_image(container.at("image"), registries)
    )
    for volume in spec.at("volumes").items():
        if volume.at("image").present:
            yield from judge_image(volume.at("image", "reference"), registries)


RULE = Rule(
    name="k8s-image-source",
    description="Images of pods come from an approved registry, by digest or a tag but latest.",
    fix=(
        "Copy the image to ECR and name it by digest or version; the parameter `registries` holds"
        " the approved hosts."
    ),
    severity=Severity.MEDIUM,
    mandatory=False,
    sources=(*cis_eks("5.1.4"), *checkov("CKV_K8S_14", "CKV_K8S_43")),
    parameters=PARAMETERS,
    types=WORKLOAD_TYPES,
    check=_check,
)
