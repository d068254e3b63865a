"""What the installed pulumi_aws SDK says of a resource type: its inputs and its outputs.

Read from the SDK's source text: importing the modules of the types that one platform uses takes
three seconds, reading their text some milliseconds. The code is generated and of one form; a test
compares what is read here with the annotations of the imported classes.
"""

from __future__ import annotations

import functools
import importlib.util
import keyword
import re
from dataclasses import dataclass
from pathlib import Path

_PROPERTY = re.compile(
    r"@pulumi\.getter(?:\(name=\"(?P<wire>\w+)\"\))?\n"
    r"(?:    @_utilities\.deprecated\(\"{3}(?:[^\"]|\"(?!\"\"))*\"{3}\)\n)?"
    r"    def (?P<name>\w+)\(self\) -> pulumi\.(?:Input|Output)\[(?P<type>.+)\]:"
)
_RESOURCE = re.compile(r"^class (\w+)\(pulumi\.CustomResource\):", re.MULTILINE)
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class ResourceSchema:
    """The properties of one resource type, by their names on the wire.

    Attributes:
        inputs: input property to its Python type.
        outputs: output property to its Python type, all inputs among them.
    """

    inputs: dict[str, str]
    outputs: dict[str, str]

    @property
    def computed(self) -> list[str]:
        """Outputs that always have a value, given or not: the cloud computes them."""
        required = {name for name, type_ in self.inputs.items() if not _optional(type_)}
        return [
            n for n, type_ in self.outputs.items() if not _optional(type_) and n not in required
        ]

    @property
    def taggable(self) -> bool:
        """Whether tags, and so the provider's default tags, apply."""
        return "tags" in self.inputs and "tagsAll" in self.outputs

    @property
    def autonamed(self) -> bool:
        """Whether the real provider makes up a ``name`` when none is given."""
        return self.outputs.get("name", "") == "_builtins.str" and _optional(
            self.inputs.get("name", "")
        )


@functools.cache
def schema(type_: str) -> ResourceSchema:
    """The schema of a type token such as ``aws:ecs/cluster:Cluster``.

    Raises:
        LookupError: the installed SDK has no such type.
    """
    _, module, class_ = type_.split(":")
    path = _package() / package_module(module.split("/")[0]) / f"{_file(class_)}.py"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    resource = _RESOURCE.search(text)
    if resource is None:
        message = f"the installed pulumi_aws has no resource type {type_}"
        raise LookupError(message)
    arguments = text[: max(text.find(f"\nclass _{class_}State"), 0) or resource.start()]
    return ResourceSchema(_properties(arguments), _properties(text[resource.start() :]))


def package_module(service: str) -> str:
    """The SDK's module of a service; one that is a word of Python's own ends in an underscore."""
    return f"{service}_" if keyword.iskeyword(service) else service


def _file(class_: str) -> str:
    return _WORD.sub("_", class_).lower()


@functools.cache
def _package() -> Path:
    spec = importlib.util.find_spec("pulumi_aws")
    if spec is None or not spec.submodule_search_locations:
        message = "pulumi_aws is not installed"
        raise LookupError(message)
    return Path(spec.submodule_search_locations[0])


def _properties(text: str) -> dict[str, str]:
    return {m["wire"] or m["name"]: m["type"] for m in _PROPERTY.finditer(text)}


def _optional(type_: str) -> bool:
    return type_.startswith("Optional[")
