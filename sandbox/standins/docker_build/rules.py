"""What the real provider refuses about an image's inputs, no value of theirs in any message."""

from __future__ import annotations

import functools
import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.standins.docker_build import context
from sandbox.standins.wire import has_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.standins.wire import Properties

# The reference grammar of github.com/distribution/reference, as far as tags use it.
_TAG = re.compile(
    r"(?:[A-Za-z0-9.-]+(?::\d+)?/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
    r"(?:/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?\Z"
)
_PLATFORMS = re.compile(r"(?:linux|windows|darwin|freebsd|netbsd|openbsd|plan9|solaris|dragonfly)/")
_COMPRESSIONS = ("gzip", "estargz", "zstd")
_EXPORTS = ("cacheonly", "docker", "image", "local", "oci", "raw", "registry", "tar")
_INSTRUCTIONS = frozenset(
    {
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL",
        "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    }
)  # fmt: skip
_PROPERTY = re.compile(r"@pulumi\.getter(?:\(name=\"(\w+)\"\))?\n    def (\w+)\(self\)")


def problems(inputs: Properties) -> list[str]:
    """Every violation, one sentence each."""
    return [
        *_names(inputs),
        *_context(inputs),
        *_exports(inputs),
        *_platforms(inputs),
        *_tags(inputs),
    ]


def is_pushed(inputs: Properties) -> bool:
    """Whether the image goes to a registry."""
    return bool(inputs.get("push")) or any(_pushes(e) for e in inputs.get("exports") or [])


def _pushes(export: dict[str, Any]) -> bool:
    if export.get("disabled"):
        return False
    if export.get("raw"):
        return "type=registry" in str(export["raw"]) or "push=true" in str(export["raw"])
    if export.get("registry") is not None:
        return export["registry"].get("push") is not False
    return (export.get("image") or {}).get("push") is True


def _names(inputs: Properties) -> Iterator[str]:
    known = _inputs()
    for key in inputs:
        if key not in known and not key.startswith("__"):
            yield f"{key}: no such property; the installed pulumi_docker_build knows " + ", ".join(
                sorted(known)
            )
    if inputs.get("push") is None:
        yield "push: must be given"


@functools.cache
def _inputs() -> frozenset[str]:
    """Inputs of an image by their names on the wire, from the SDK's source text."""
    spec = importlib.util.find_spec("pulumi_docker_build")
    if spec is None or not spec.submodule_search_locations:
        message = "pulumi_docker_build is not installed"
        raise LookupError(message)
    text = (Path(spec.submodule_search_locations[0]) / "image.py").read_text(encoding="utf-8")
    arguments = text[: text.index("class Image(pulumi.CustomResource)")]
    return frozenset(wire or name for wire, name in _PROPERTY.findall(arguments))


def _context(inputs: Properties) -> Iterator[str]:
    if has_unknown(inputs.get("context")) or has_unknown(inputs.get("dockerfile")):
        return
    where, named = context.location(inputs), inputs["dockerfile"]
    if not context.is_remote(where) and not Path(where).is_dir():
        yield "context.location: must be a folder or an address"
    if named.get("location") and named.get("inline"):
        yield "dockerfile: must have a location or be inline, not both"
    elif named.get("inline"):
        yield from _syntax("dockerfile.inline", str(named["inline"]))
    elif named.get("location") and not context.is_remote(str(named["location"])):
        file = Path(str(named["location"]))
        if not file.is_file():
            yield "dockerfile.location: must be a file that exists"
        else:
            yield from _syntax("dockerfile.location", file.read_text(encoding="utf-8"))


def _syntax(path: str, text: str) -> Iterator[str]:
    """The beginning alone: an ARG or a FROM; what follows the builder itself reads."""
    lines = [line.strip() for line in text.splitlines()]
    first = next((line for line in lines if line and not line.startswith("#")), "")
    word = first.split(" ", 1)[0].upper()
    if word not in _INSTRUCTIONS:
        yield f"{path}: must begin with an instruction of Dockerfiles"
    elif word not in {"ARG", "FROM"}:
        yield f"{path}: must begin with FROM, or with an ARG for it"


def _exports(inputs: Properties) -> Iterator[str]:
    for index, export in enumerate(inputs.get("exports") or []):
        if not isinstance(export, dict):
            continue
        path, kinds = f"exports[{index}]", [kind for kind in _EXPORTS if kind in export]
        if len(kinds) > 1:
            yield f"{path}: must be of one type; it has {', '.join(kinds)}"
        for kind in kinds:
            yield from _compression(f"{path}.{kind}", export[kind])
        if _pushes(export) and not inputs.get("tags") and not _named(export):
            yield f"{path}: at least one tag is needed when pushing to a registry"


def _named(export: dict[str, Any]) -> bool:
    return any(isinstance(e, dict) and e.get("names") for e in export.values()) or (
        "name=" in str(export.get("raw") or "")
    )


def _compression(path: str, export: object) -> Iterator[str]:
    if not isinstance(export, dict):
        return
    chosen = export.get("compression")
    if chosen is not None and not has_unknown(chosen) and chosen not in _COMPRESSIONS:
        yield f"{path}.compression: must be one of {', '.join(_COMPRESSIONS)}"


def _platforms(inputs: Properties) -> Iterator[str]:
    for index, platform in enumerate(inputs.get("platforms") or []):
        if not has_unknown(platform) and not _PLATFORMS.match(str(platform)):
            yield f"platforms[{index}]: must be an operating system and an architecture"


def _tags(inputs: Properties) -> Iterator[str]:
    for index, tag in enumerate(inputs.get("tags") or []):
        if not has_unknown(tag) and not _TAG.match(str(tag)):
            yield f"tags[{index}]: must be a reference, such as registry/repository:tag"
