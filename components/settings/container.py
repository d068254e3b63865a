"""Settings of a container: its image, its size and its environment."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import Model, matching
from components.sizes import size_problem

CREDENTIAL_WORDS = ("PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY")


def _pinned_image(image: str) -> str:
    name, _, digest = image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    if not tag and not digest:
        raise ValueError(
            "an image needs a tag or a digest, so that a deployment says what runs: "
            "repository/name:1.2.3 or repository/name@sha256:…"
        )
    if tag == "latest" and not digest:
        raise ValueError(
            "the tag latest means another image tomorrow; name a version or a digest instead"
        )
    return image


Image = Annotated[
    str,
    Field(max_length=512),
    matching(
        r"[a-z0-9][A-Za-z0-9._/-]*(:\d{1,5}/[a-z0-9._/-]+)?(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?"
        r"(@sha256:[0-9a-f]{64})?",
        "must be an image reference: registry/repository:tag or registry/repository@sha256:digest",
    ),
    AfterValidator(_pinned_image),
]


class SizeSettings(Model):
    """CPU and memory of one task or pod; Fargate bills them by the second."""

    cpu: float = 0.25
    """vCPU: 0.25, 0.5, 1, 2, 4, 8, 16 or 32."""
    memory: int = 512
    """MiB; which sizes go with which cpu is a fixed table."""

    @model_validator(mode="after")
    def _fargate_has_it(self) -> Self:
        problem = size_problem(self.cpu, self.memory)
        if problem:
            raise ValueError(problem)
        return self


def _no_credential(name: str) -> str:
    if any(word in name.upper() for word in CREDENTIAL_WORDS):
        raise ValueError(
            "looks like a credential, and environment is readable by anybody who may describe "
            "tasks; keep it in Secrets Manager and let the service read it"
        )
    if name.upper().startswith("AWS_"):
        raise ValueError("is set by AWS in every container; choose another name")
    return name


EnvironmentName = Annotated[
    str,
    Field(max_length=128),
    matching(
        r"[A-Za-z_][A-Za-z0-9_]*",
        "must be letters, digits and underscores, and not start with a digit",
    ),
    AfterValidator(_no_credential),
]
