"""Settings of the pull-through cache of public images."""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from components.settings.base import Model, matching

PublicRegistry = Literal["public.ecr.aws", "quay.io", "registry.k8s.io", "docker.io", "ghcr.io"]
REGISTRIES_WITH_LOGIN: Final = ("docker.io", "ghcr.io")
"""Registries that ECR pulls from with credentials only (Amazon ECR user guide, "Sync an upstream
registry with an Amazon ECR private registry")."""

CredentialArn = Annotated[
    str,
    Field(min_length=50, max_length=612),
    matching(
        r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache/"
        r"[A-Za-z0-9/_+=.@-]+",
        "must be the full ARN of a secret in Secrets Manager whose name begins with "
        "ecr-pullthroughcache/",
    ),
]


class CachedRegistrySettings(Model):
    """A public registry that ECR keeps copies of."""

    credential_arn: CredentialArn | None = None
    """ARN of the secret with `username` and `accessToken`, in the stack's account and region.
    docker.io and ghcr.io need one, the others take none."""


def _credentials_where_needed(
    given: dict[PublicRegistry, CachedRegistrySettings],
) -> dict[PublicRegistry, CachedRegistrySettings]:
    for registry, settings in given.items():
        needed = registry in REGISTRIES_WITH_LOGIN
        if needed and settings.credential_arn is None:
            raise ValueError(
                f"{registry} is pulled from with a login only: set credentialArn to the ARN of a "
                "secret whose name begins with ecr-pullthroughcache/"
            )
        if not needed and settings.credential_arn is not None:
            raise ValueError(f"{registry} takes no credentials; remove credentialArn")
    return given


PullThroughCache = Annotated[
    dict[PublicRegistry, CachedRegistrySettings], AfterValidator(_credentials_where_needed)
]
