"""Settings of an image that is built from a folder."""

import re
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator

from components.images.build_context import context_files
from components.images.dockerfile import built_stage, fixed_platform, stages
from components.settings.base import Model, matching
from components.settings.container import CREDENTIAL_WORDS

PROJECT_FOLDER: Final = Path(__file__).resolve().parents[2]
"""Where Pulumi.yaml is; contexts are relative to it, as Pulumi runs the program there."""

INSIDE = r"(?u:(\./)?(?!\.\.?(/|$))[\w.@+-]+(/(?!\.\.?(/|$))[\w.@+-]+)*/?)"
"""A path below a folder; folders have names in any script."""


def _normal(path: str) -> str:
    return path.removeprefix("./").removesuffix("/")


def _argument_name(name: str) -> str:
    if any(word in name.upper() for word in CREDENTIAL_WORDS):
        raise ValueError(
            "looks like a credential, and whoever can pull an image can read its build arguments; "
            "let the service read it from Secrets Manager when it runs"
        )
    return name


ArgumentName = Annotated[
    str,
    Field(max_length=128),
    matching(
        r"[A-Za-z_][A-Za-z0-9_]*",
        "must be letters, digits and underscores, and not start with a digit",
    ),
    AfterValidator(_argument_name),
]


class BuildSettings(Model):
    """An image built by the machine that deploys, and pushed to an ECR repository of its own.

    The deployment builds and pushes only what has changed. It needs Docker, or another BuildKit.
    The repository holds the last 30 images and is deleted, with them, when the service no longer
    builds. Cost: 0.10 USD per GB-month (us-east-1).
    """

    context: Annotated[
        str,
        Field(max_length=256),
        matching(
            INSIDE,
            "must be a folder below the one of Pulumi.yaml, relative to it, such as services/web",
        ),
        AfterValidator(_normal),
    ]
    """Folder that the build can read, relative to the one of Pulumi.yaml: services/web. What its
    .dockerignore names is left out."""
    dockerfile: Annotated[
        str,
        Field(max_length=256),
        matching(INSIDE, "must be a file in the context, relative to it, such as Dockerfile"),
        AfterValidator(_normal),
    ] = "Dockerfile"
    """The Dockerfile, relative to the context."""
    target: (
        Annotated[
            str,
            Field(max_length=128),
            matching(r"[A-Za-z0-9][\w.-]*", "must be the name of one of the Dockerfile's stages"),
        ]
        | None
    ) = None
    """The stage of the Dockerfile that becomes the image; the last by default."""
    arguments: dict[ArgumentName, Annotated[str, Field(max_length=4096)]] = Field(
        default_factory=dict
    )
    """Values of the Dockerfile's ARG instructions. Not for credentials: an image shows them."""

    @property
    def folder(self) -> Path:
        """The context on this machine."""
        return PROJECT_FOLDER / self.context

    @property
    def dockerfile_path(self) -> str:
        """The Dockerfile, relative to the folder of Pulumi.yaml."""
        return f"{self.context}/{self.dockerfile}"

    @property
    def fixed_platform(self) -> str | None:
        """The platform that the Dockerfile demands, such as linux/amd64; none as a rule."""
        found = stages((self.folder / self.dockerfile).read_text(encoding="utf-8"))
        stage = built_stage(found, self.target)
        return fixed_platform(found, stage) if stage else None

    @model_validator(mode="after")
    def _can_be_built(self) -> Self:
        folder, dockerfile = self.folder, self.folder / self.dockerfile
        if not folder.is_dir():
            raise ValueError(
                f"context {self.context}: there is no such folder; the path is relative to the "
                "folder of Pulumi.yaml"
            )
        for path in (folder, dockerfile):
            if not path.resolve().is_relative_to(PROJECT_FOLDER):
                raise ValueError(
                    f"{path.relative_to(PROJECT_FOLDER)} is a link to a place outside of the "
                    "project, which others who deploy don't have; copy it into the project"
                )
        if not dockerfile.is_file():
            raise ValueError(f"dockerfile {self.dockerfile}: there is no such file in the context")
        self._check_text(dockerfile)
        self._check_files(folder, dockerfile)
        return self

    def _check_text(self, dockerfile: Path) -> None:
        try:
            found = stages(dockerfile.read_text(encoding="utf-8"))
        except ValueError:
            raise ValueError(f"dockerfile {self.dockerfile}: isn't UTF-8 text") from None
        if not found:
            raise ValueError(f"dockerfile {self.dockerfile}: has no FROM instruction")
        if built_stage(found, self.target) is None:
            named = [stage.name for stage in found if not re.fullmatch(r"\d+", stage.name)]
            raise ValueError(
                f"target {self.target}: the Dockerfile has no such stage; its stages are: "
                f"{', '.join(named) or 'without names'}"
            )

    def _check_files(self, folder: Path, dockerfile: Path) -> None:
        try:
            names = context_files(folder, dockerfile)
        except OSError as error:
            raise ValueError(
                f"context {self.context}: {error.strerror}: {error.filename}"
            ) from None
        for name in names:
            if not (folder / name).exists():
                raise ValueError(
                    f"context {self.context}: {name} is a link that leads nowhere; remove it, or "
                    "name it in .dockerignore"
                )
