"""Problems between a service or job and the Dockerfile that its image is built from."""

from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.relations.draft import Draft

ARCHITECTURES = {"linux/amd64": "x86_64", "linux/arm64": "arm64", "linux/arm64/v8": "arm64"}


def build_problems(draft: Draft) -> Iterator[Problem]:
    """Yield Dockerfiles that make an image for another architecture than they run on."""
    for where, _, task in draft.tasks:
        platform = task.build.fixed_platform if task.build else None
        if platform is not None and ARCHITECTURES.get(platform) != task.architecture:
            yield Problem(
                f"{where}.architecture",
                f"given {task.architecture}, but the Dockerfile's stage is for {platform} "
                "(FROM --platform): remove --platform there, or choose the architecture that fits",
            )
