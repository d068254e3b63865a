"""The pull-through cache: public images by way of this account's ECR."""

import re
from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_aws as aws

from components.environment import Environment, shortened
from components.settings import PullThroughCache

LONGEST_PREFIX: Final = 30
"""Most characters of a rule's repository prefix (CreatePullThroughCacheRule, API reference)."""

UPSTREAMS: Final[Mapping[str, tuple[str, str]]] = {
    "public.ecr.aws": ("ecr-public", "public.ecr.aws"),
    "quay.io": ("quay", "quay.io"),
    "registry.k8s.io": ("k8s", "registry.k8s.io"),
    "docker.io": ("docker-hub", "registry-1.docker.io"),
    "ghcr.io": ("github", "ghcr.io"),
}
"""By registry: what its copies' repositories are named after, and the URL that ECR knows it by."""


def create_cache(
    name: str, registries: PullThroughCache, *, environment: Environment, parent: pulumi.Resource
) -> Mapping[str, aws.ecr.PullThroughCacheRule]:
    """Create a rule for each cached registry; ECR creates the repositories at the first pull.

    Args:
        name: prefix of the rules' names.
        registries: what to cache, by registry.
        environment: where the cache is.
        parent: the component that the rules belong to.

    Returns:
        The rules by registry.
    """
    return {
        registry: aws.ecr.PullThroughCacheRule(
            f"{name}-cache-{UPSTREAMS[registry][0]}",
            ecr_repository_prefix=_repository_prefix(environment, UPSTREAMS[registry][0]),
            upstream_registry_url=UPSTREAMS[registry][1],
            credential_arn=settings.credential_arn,
            opts=pulumi.ResourceOptions(parent=parent),
        )
        for registry, settings in sorted(registries.items())
    }


def _repository_prefix(environment: Environment, registry: str) -> str:
    """Return what a registry's copies are named: the stack's name, shortened, and the registry.

    ECR knows fewer characters than Pulumi's projects and stacks: others become hyphens.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", environment.prefix.lower()).strip("-")
    return f"{shortened(plain, LONGEST_PREFIX - len(registry) - 1)}/{registry}"
