"""Settings of a container: its image, its size and its environment."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import Model, matching
from components.sizes import (
    EKS_LARGEST_CPU,
    EKS_POD_OVERHEAD_MIB,
    LARGEST_CPU,
    size_problem,
    smallest_size,
)

CREDENTIAL_WORDS = ("PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY")


LONGEST_IMAGE = 255
"""Characters of an image before its digest (ECS API reference, ContainerDefinition)."""

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_REGISTRY = rf"(?:{_LABEL}(?:\.{_LABEL})+(?::\d{{1,5}})?|{_LABEL}:\d{{1,5}})"
_PART = r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*"


def _pinned_image(image: str) -> str:
    name, _, digest = image.partition("@")
    if len(name) > LONGEST_IMAGE:
        raise ValueError(
            f"has {len(name)} characters before its digest; ECS takes {LONGEST_IMAGE}"
            if digest
            else f"has {len(name)} characters; ECS takes {LONGEST_IMAGE}"
        )
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
    matching(
        rf"(?:{_REGISTRY}/)?{_PART}(?:/{_PART})*(?::[A-Za-z0-9_][A-Za-z0-9._-]{{0,127}})?"
        r"(?:@sha256:[0-9a-f]{64})?",
        "must be an image reference, the repository in lower case: registry/repository:tag or "
        "registry/repository@sha256:digest",
    ),
    AfterValidator(_pinned_image),
]


class AtLeastSettings(Model):
    """What a container needs; Fargate's smallest size that holds it is taken and billed."""

    cpu: Annotated[float, Field(ge=0.01, le=32)] = 0.25
    """vCPU, any number from 0.01 to 32."""
    memory: Annotated[int, Field(ge=1, le=249_856)] = 512
    """MiB, any number from 1 to 249856. On EKS the 256 MiB that EKS takes of a pod come on top."""


class SizeSettings(Model):
    """CPU and memory of one task or pod; Fargate bills them by the second."""

    cpu: float = 0.25
    """vCPU: 0.25, 0.5, 1, 2, 4, 8, 16 or 32."""
    memory: int = 512
    """MiB; which sizes go with which cpu is a fixed table. On EKS 256 of them are EKS's own."""
    at_least: AtLeastSettings | None = None
    """Instead of cpu and memory: what is needed, in any numbers. It becomes the smallest size that
    holds it; of two, the one with less CPU, which is the cheaper one. None by default."""

    @model_validator(mode="after")
    def _fargate_has_it(self) -> Self:
        if self.at_least:
            if self.model_fields_set & {"cpu", "memory"}:
                raise ValueError("atLeast chooses cpu and memory itself; remove them, or atLeast")
            return self
        problem = size_problem(self.cpu, self.memory)
        if problem:
            raise ValueError(problem)
        return self

    def for_runtime(self, runtime: str) -> Self:
        """Return these settings with the cpu and memory that `at_least` becomes on a runtime.

        Raises:
            ValueError: no size of the runtime holds what is needed.
        """
        if self.at_least is None:
            return self
        needed, eks = self.at_least, runtime == "eks"
        size = smallest_size(
            needed.cpu,
            needed.memory,
            overhead=EKS_POD_OVERHEAD_MIB if eks else 0,
            largest_cpu=EKS_LARGEST_CPU if eks else LARGEST_CPU,
        )
        if size is None:
            raise ValueError(
                f"atLeast asks for {needed.cpu:g} vCPU and {needed.memory} MiB; a pod on EKS has "
                "at most 16 vCPU and 122880 MiB, 256 of which are EKS's own; ecs has 32 vCPU"
            )
        return self.model_copy(update={"cpu": size[0] / 1024, "memory": size[1]})


def _no_credential(name: str) -> str:
    if any(word in name.upper() for word in CREDENTIAL_WORDS):
        raise ValueError(
            "looks like a credential, and environment is readable by anybody who may describe "
            "tasks; keep it in Secrets Manager, declare it below secrets, and name it below the "
            "service's secrets"
        )
    return name


def _not_awss(name: str) -> str:
    if name.upper().startswith("AWS_"):
        raise ValueError("is set by AWS in every container; choose another name")
    return name


VariableName = Annotated[
    str,
    Field(max_length=128),
    matching(
        r"[A-Za-z_][A-Za-z0-9_]*",
        "must be letters, digits and underscores, and not start with a digit",
    ),
    AfterValidator(_not_awss),
]
EnvironmentName = Annotated[VariableName, AfterValidator(_no_credential)]


class ContainerCheckSettings(Model):
    """A command, run inside the container, that says whether it is healthy."""

    command: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=4096)], ...], Field(min_length=1)
    ]
    """The command and its arguments, run without a shell; exit code 0 is healthy. The image has to
    hold it."""
    interval: Annotated[int, Field(ge=5, le=300)] = 30
    """Seconds between two checks, 5 to 300."""
    timeout: Annotated[int, Field(ge=2, le=60)] = 5
    """Seconds after which a check has failed, 2 to 60."""
    retries: Annotated[int, Field(ge=1, le=10)] = 3
    """Failed checks in a row after which the container is unhealthy, 1 to 10."""
    start_period: Annotated[int, Field(ge=0, le=300)] = 30
    """Seconds after the start in which failed checks don't count, 0 to 300."""


class UlimitSettings(Model):
    """Limits of the operating system. Fargate lets a task choose that of open files alone."""

    nofile: Annotated[int, Field(ge=1024, le=1_048_576)] = 65_535
    """Files that the container may have open at a time, 1024 to 1048576; soft and hard limit."""


SecretReference = Annotated[
    str,
    Field(max_length=256),
    matching(
        r"[a-z](?:-?[a-z0-9])*(:[^:\s]+)?",
        "must be the name of a secret or parameter declared in this file, and for one value of a "
        "secret that holds JSON its key: database or database:password",
    ),
]


Mebibytes = Annotated[int, Field(ge=1, le=65_536)]
