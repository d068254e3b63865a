"""Container images and what pulling them needs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pulumi
import pulumi_aws as aws

from components.environment import Environment
from components.iam import Statement, allow

ECR_IMAGE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/"
    r"(?P<repository>[a-z0-9._/-]+?)(:[\w.-]+)?(@sha256:[0-9a-f]{64})?"
)

IMPORT: Final = ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository")
"""What the first pull through a cache needs besides reading (Amazon ECR user guide, "IAM
permissions required to sync an upstream registry")."""

DOCKER_HUB: Final = "docker.io"


@dataclass(frozen=True)
class ContainerImage:
    """The image that a service runs."""

    reference: pulumi.Input[str]
    """Registry, repository and tag or digest; the first preview knows it."""
    pull: Sequence[Statement]
    """What a role needs to pull it."""
    ready: Sequence[pulumi.Resource]
    """What has to be there before anything runs it."""


@dataclass(frozen=True)
class Images:
    """Where a stack's images come from.

    Attributes:
        environment: the account and region, and so the ECR registry.
        caches: rule of the pull-through cache by the public registry that it caches.
        internet: whether private subnets reach it; endpoints of ECR lead to this region's alone.
    """

    environment: Environment
    caches: Mapping[str, aws.ecr.PullThroughCacheRule] = field(default_factory=dict)
    internet: bool = True

    def container_image(self, image: str) -> ContainerImage:
        """Return an image that is there already: through the cache if its registry has one.

        In the cache a role may, besides reading, create exactly this repository and fill it.

        Raises:
            pulumi.RunError: it is in ECR of another region, and there is no way there.
        """
        self._check_region(image)
        host, path = registry_of(image)
        if host not in self.caches:
            return existing_image(self.environment, image)
        rule = self.caches[host]
        cached = pulumi.Output.concat(rule.ecr_repository_prefix, "/")
        repository = self.environment.arn(
            "ecr", pulumi.Output.concat("repository/", cached, without_version(path))
        )
        return ContainerImage(
            pulumi.Output.concat(registry(self.environment), "/", cached, path),
            [*read_repository(repository), allow(IMPORT, [repository])],
            [rule],
        )

    def _check_region(self, image: str) -> None:
        found, here = ECR_IMAGE.fullmatch(image), self.environment.region
        if found and found["region"] != here and not self.internet:
            raise pulumi.RunError(
                f"{image}: the image is in {found['region']}, and without a way to the internet "
                f"images come from ECR in {here} alone: copy it there, and name the copy"
            )

    def import_statements(self) -> Sequence[Statement]:
        """Return what filling the cache needs in a role that may read all of ECR already."""
        if not self.caches:
            return ()
        repositories = [
            self.environment.arn(
                "ecr", pulumi.Output.concat("repository/", rule.ecr_repository_prefix, "/*")
            )
            for _, rule in sorted(self.caches.items())
        ]
        return (allow(IMPORT, repositories),)


def existing_image(environment: Environment, image: str) -> ContainerImage:
    """Return an image that somebody else has pushed."""
    return ContainerImage(image, reading_statements(environment, image), ())


def pull_statements(images: Sequence[ContainerImage]) -> Sequence[Statement]:
    """Return what an execution role needs to pull all of a task's images, each statement once."""
    found: list[Statement] = []
    for image in images:
        found += [statement for statement in image.pull if statement not in found]
    return found


def reading_statements(environment: Environment, image: str) -> Sequence[Statement]:
    """Return what an execution role needs to pull `image`: nothing for a public registry.

    For a repository in ECR: the login (which has no resource to name) and reading exactly that
    repository.
    """
    found = ECR_IMAGE.fullmatch(image)
    if not found:
        return ()
    repository = (
        f"arn:{environment.partition}:ecr:{found['region']}:{found['account']}:"
        f"repository/{found['repository']}"
    )
    return read_repository(repository)


def read_repository(repository_arn: pulumi.Input[str]) -> Sequence[Statement]:
    """Return what pulling from exactly one ECR repository needs: the login, and to read it."""
    return (
        allow(["ecr:GetAuthorizationToken"], ["*"]),
        allow(
            [
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
            [repository_arn],
        ),
    )


def registry_of(image: str) -> tuple[str, str]:
    """Split an image into its registry's host and the rest, as Docker does.

    Without a host the registry is Docker Hub's, where images without a slash are in `library`.
    """
    first, slash, rest = image.partition("/")
    has_host = slash and ("." in first or ":" in first or first == "localhost")
    host, path = (first, rest) if has_host else (DOCKER_HUB, image)
    official = host == DOCKER_HUB and "/" not in path
    return host, f"library/{path}" if official else path


def without_version(path: str) -> str:
    """Return an image's repository, without its tag and digest."""
    return path.partition("@")[0].partition(":")[0]


def registry(environment: Environment) -> str:
    """Return the host of the account's own ECR registry in the region."""
    return environment.endpoint(f"{environment.account}.dkr.ecr")
