"""Paths in a container."""

from typing import Annotated

from pydantic import AfterValidator, Field

from components.settings.base import matching

KERNEL_PATHS = ("/dev", "/proc", "/sys")
"""Where a container has its kernel's files, which a mount would hide."""

SHARED_MEMORY = "/dev/shm"  # noqa: S108 - a folder of the container's own
"""The one folder of the kernel's that a container may have larger."""

PATH = r"(?=.*[A-Za-z0-9])(/\.?[A-Za-z0-9_][A-Za-z0-9._-]*)+"


def _not_the_kernels(path: str) -> str:
    if any(path == kernel or path.startswith(f"{kernel}/") for kernel in KERNEL_PATHS):
        raise ValueError("is where the container has its kernel's files; choose another path")
    return path


def _shared_memory_or_not_the_kernels(path: str) -> str:
    return path if path == SHARED_MEMORY else _not_the_kernels(path)


MountPath = Annotated[
    str,
    Field(max_length=255),
    matching(
        PATH,
        "must be a path below / of letters, digits and . _ -, such as /data or /var/lib/uploads",
    ),
    AfterValidator(_not_the_kernels),
]
"""Where a container sees a directory of a file system."""

WritablePath = Annotated[
    str,
    Field(max_length=255),
    matching(PATH, "must be a path below / of letters, digits and . _ -, such as /tmp"),
    AfterValidator(_shared_memory_or_not_the_kernels),
]
"""A folder in which a container with a read-only root may write."""
