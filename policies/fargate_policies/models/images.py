"""Container images: where they come from, and whether they stay what they are."""

import re
from fnmatch import fnmatchcase
from typing import Final

from ..core.rule import Parameter
from ..core.values import Findings, Place, Value

_DIGEST: Final = re.compile(r"[a-z0-9+._-]+:[0-9a-fA-F]{32,}")
_REGISTRIES: Final = (
    "*.dkr.ecr.*.amazonaws.com",
    "*.dkr.ecr.*.amazonaws.com.cn",
    "*.dkr.ecr-fips.*.amazonaws.com",
    "public.ecr.aws",
)
PARAMETERS: Final = {
    "registries": Parameter("approved registry hosts; * stands for any text", _REGISTRIES)
}
"""What rules about images are told."""


def judge_image(image: Place, registries: tuple[str, ...]) -> Findings:
    """Yield what is wrong with an image's name."""
    yield from image.require(
        lambda value: _is_from(value, registries), "comes from a registry that isn't approved"
    )
    yield from image.require(_is_fixed, "has neither a digest nor a tag other than latest")


def _is_from(image: Value, registries: tuple[str, ...]) -> bool:
    if not isinstance(image, str):
        return False
    host, slash, _ = image.partition("/")
    named = slash and ("." in host or ":" in host or host == "localhost")
    registry = host if named else "docker.io"
    return any(fnmatchcase(registry.lower(), pattern.lower()) for pattern in registries)


def _is_fixed(image: Value) -> bool:
    if not isinstance(image, str):
        return False
    name, _, digest = image.partition("@")
    if digest:
        return bool(_DIGEST.fullmatch(digest))
    tag = name.rpartition("/")[2].partition(":")[2]
    return tag not in ("", "latest")
