"""ECR's pull-through cache rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import ACCOUNT, Kind, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

# Upstreams that ECR pulls from with credentials only, and those that take none (Amazon ECR user
# guide, "Sync an upstream registry with an Amazon ECR private registry").
_WITH_LOGIN = ("registry-1.docker.io", "ghcr.io", "registry.gitlab.com")
_WITHOUT_LOGIN = ("public.ecr.aws", "quay.io", "registry.k8s.io")


def _credentials(inputs: Mapping[str, Any]) -> list[str]:
    url = limits.value_at(inputs, "upstreamRegistryUrl")
    given = inputs.get("credentialArn") is not None
    if url in _WITH_LOGIN and not given:
        return ["credentialArn: must be given for an upstream registry with a login"]
    if url in _WITHOUT_LOGIN and given:
        return ["credentialArn: must be absent for an upstream registry without a login"]
    return []


KINDS = {
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": Kind(
        id=lambda f: f.text("ecrRepositoryPrefix"),
        outputs=lambda _: {"registryId": ACCOUNT},
        replaces=("ecrRepositoryPrefix", "upstreamRegistryUrl", "upstreamRepositoryPrefix"),
        unique=lambda f: f.text("ecrRepositoryPrefix"),
        taken="PullThroughCacheRuleAlreadyExistsException",
        operations=(operation("ecr", "CreatePullThroughCacheRule"),),
        checks=(_credentials,),
    ),
}
