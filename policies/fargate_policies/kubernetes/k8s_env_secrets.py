"""k8s-env-secrets: credentials of pods come from a secret, not from an object's text.

Whoever may read a workload or a ConfigMap reads what they hold; reading Secrets is a right of its
own, and `eks-secrets-kms` has them encrypted.
"""

from typing import Final

from pulumi_policy import Severity

from ..core.rule import Resource, Rule
from ..core.sources import guide
from ..core.values import Findings, Place
from ..models.credentials import judge_settings, judge_texts, judge_variables
from ..models.workloads import PATCH_TYPES, WORKLOAD_TYPES, judge_pod_containers, pod

_CONFIG_MAP: Final = "kubernetes:core/v1:ConfigMap"


def _check(resource: Resource) -> Findings:
    if resource.type == _CONFIG_MAP:
        return judge_settings(resource.at("data"))
    return judge_pod_containers(pod(resource).at("spec"), _judge)


def _judge(container: Place) -> Findings:
    yield from judge_variables(container.at("env"))
    yield from judge_texts(container.at("command"))
    yield from judge_texts(container.at("args"))


RULE = Rule(
    name="k8s-env-secrets",
    description="Pods and ConfigMaps hold no credentials.",
    fix=(
        "Put the value into a Secret, or into Secrets Manager with an operator that makes one of"
        " it, and name it by secretKeyRef; a value that was in an object has to be changed."
    ),
    severity=Severity.HIGH,
    mandatory=True,
    sources=guide(
        "Kubescape",
        "C-0012, applications credentials in configuration files",
        "https://kubescape.io/docs/controls/c-0012/",
    ),
    types=(*WORKLOAD_TYPES, *PATCH_TYPES, _CONFIG_MAP),
    check=_check,
)
