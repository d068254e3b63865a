"""Container images and what pulling them needs."""

import re
from collections.abc import Sequence

from components.environment import Environment
from components.iam import Statement, allow

ECR_IMAGE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/"
    r"(?P<repository>[a-z0-9._/-]+?)(:[\w.-]+)?(@sha256:[0-9a-f]{64})?"
)


def pull_statements(environment: Environment, image: str) -> Sequence[Statement]:
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
    return (
        allow(["ecr:GetAuthorizationToken"], ["*"]),
        allow(
            [
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
            [repository],
        ),
    )
