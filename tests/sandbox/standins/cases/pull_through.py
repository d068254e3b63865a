"""Cases of ECR's pull-through cache."""

from __future__ import annotations

from typing import Any

RULE = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule"
CREDENTIAL = "arn:aws:secretsmanager:us-east-1:123456789012:secret:{}/docker-hub-AbCdEf"

GOOD: dict[str, tuple[dict[str, Any], str, str]] = {
    RULE: (
        {
            "ecrRepositoryPrefix": "platform-dev/docker-hub",
            "upstreamRegistryUrl": "registry-1.docker.io",
            "credentialArn": CREDENTIAL.format("ecr-pullthroughcache"),
        },
        "platform-dev/docker-hub",
        "",
    ),
}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (
        RULE,
        {"ecrRepositoryPrefix": "a" * 31, "upstreamRegistryUrl": "quay.io"},
        "ecrRepositoryPrefix: must be 2 to 30 characters",
    ),
    (
        RULE,
        {"ecrRepositoryPrefix": "Platform", "upstreamRegistryUrl": "quay.io"},
        "ecrRepositoryPrefix: must match",
    ),
    (
        RULE,
        {"ecrRepositoryPrefix": "hub", "upstreamRegistryUrl": "registry-1.docker.io"},
        "credentialArn: must be given",
    ),
    (
        RULE,
        {
            "ecrRepositoryPrefix": "hub",
            "upstreamRegistryUrl": "registry-1.docker.io",
            "credentialArn": CREDENTIAL.format("team"),
        },
        "credentialArn: must match",
    ),
    (
        RULE,
        {
            "ecrRepositoryPrefix": "public",
            "upstreamRegistryUrl": "public.ecr.aws",
            "credentialArn": CREDENTIAL.format("ecr-pullthroughcache"),
        },
        "credentialArn: must be absent",
    ),
]
