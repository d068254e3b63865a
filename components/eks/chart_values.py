"""What Helm charts of the cluster's own pods are told alike."""

from collections.abc import Mapping
from typing import Any, Final

SMALLEST_POD: Final = {"cpu": "250m", "memory": "256M"}
"""With the 256 MB that EKS adds, a pod takes the smallest size."""

RESTRICTED: Final[Mapping[str, Any]] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
"""A container's security context, as the restricted pod security standard wants it."""


def repository_and_tag(image: str) -> tuple[str, str]:
    """Split an image with a tag, or with a tag and a digest, as charts want it.

    A digest alone is split too, where charts join both parts by a colon: at the colon after sha256.
    """
    host, slash, path = image.rpartition("/")  # a registry's port has a colon too
    name, _, tag = path.partition(":")
    return f"{host}{slash}{name}", tag
