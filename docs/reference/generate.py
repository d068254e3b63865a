"""Write the reference of all settings from their models: `make reference`.

The models in components/settings/ are the only source: names, types, ranges and defaults are
pydantic's, the descriptions are the docstrings below the fields.
"""

import json
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import AfterValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from components.settings import Settings
from components.settings.base import Model
from components.settings.errors import plain
from docs.pages import write

FOLDER = Path(__file__).parent
MARK = "<!-- Written by `make reference` from components/settings/; changes here are lost. -->"
RUNTIME = re.compile(r"\((?P<runtime>ECS|EKS)(?: \w+)? only\)|\b(?P<other>ECS|EKS) only\b")


@dataclass(frozen=True)
class Key:
    """One key of the stack file.

    Attributes:
        path: its place, such as services.NAME.route.path; NAME stands for a name of one's own and
            [] for each entry of a list.
        field: what pydantic knows of it.
        model: the mapping that it holds, or None for a plain value.
    """

    path: str
    field: FieldInfo
    model: type[Model] | None


def keys(model: type[Model] = Settings, path: str = "") -> Iterator[Key]:
    """Yield all keys below a model, each mapping before its own keys."""
    for name, field in model.model_fields.items():
        place = f"{path}.{field.alias or name}" if path else str(field.alias or name)
        suffix, held = _held(field.annotation)
        yield Key(place, field, held)
        if held:
            yield from keys(held, place + suffix)


def _held(annotation: object) -> tuple[str, type[Model] | None]:
    """Return the model inside of an annotation, and how its keys are reached from it."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return "", annotation
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _held(arguments[0])
    if origin is dict:
        suffix, held = _held(arguments[1])
        return f".NAME{suffix}", held
    if origin is tuple:
        suffix, held = _held(arguments[0])
        return f"[]{suffix}", held
    for argument in arguments if origin in {Union, types.UnionType} else ():
        suffix, held = _held(argument)
        if held:
            return suffix, held
    return "", None


def kind(annotation: object, metadata: tuple[object, ...] = ()) -> str:
    """Say in plain words which values a key takes."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return kind(arguments[0], (*flat(arguments[1:]), *metadata))
    if origin in {Union, types.UnionType}:
        inner = [argument for argument in arguments if argument is not type(None)]
        return " or ".join(kind(argument, metadata) for argument in inner)
    rules = [rule for rule in _rules(metadata) if rule]
    return "; ".join([_base(annotation, origin, arguments, metadata), *rules])


def _base(
    annotation: object, origin: object, arguments: tuple[Any, ...], metadata: tuple[object, ...]
) -> str:
    if origin is Literal:
        return "one of " + ", ".join(f"`{written(argument)}`" for argument in arguments)
    if origin is tuple:
        return f"list{_size(metadata, 'entry', 'entries')} of: {kind(arguments[0])}"
    if origin is dict:
        if _held(arguments[1])[1]:
            return f"mapping of names to mappings; a name: {kind(arguments[0])}"
        return f"mapping of: {kind(arguments[0])} → {kind(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return "mapping"
    words = {
        bool: "true or false",
        int: "whole number" + _range(metadata),
        float: "number" + _range(metadata),
        Any: "anything",
        str: "text" + _size(metadata, "character", "characters"),
        IPv4Network: "IPv4 block such as 203.0.113.0/24",
    }
    return words.get(annotation, str(annotation))  # type: ignore[call-overload,no-any-return]  # a type


def flat(metadata: tuple[object, ...]) -> tuple[object, ...]:
    """Return an annotation's metadata with what `Field(...)` holds."""
    return tuple(
        inner
        for entry in metadata
        for inner in (entry.metadata if isinstance(entry, FieldInfo) else (entry,))
    )


def _rules(metadata: tuple[object, ...]) -> Iterator[str]:
    """Yield what validators demand: those that say it in a text that begins with `must`."""
    for entry in metadata:
        if isinstance(entry, AfterValidator):
            said = getattr(entry.func, "__doc__", None) or ""
            yield said if said.startswith("must") else ""


def _range(metadata: tuple[object, ...]) -> str:
    words = {Ge: ("from", "ge"), Gt: ("above", "gt"), Le: ("to", "le"), Lt: ("below", "lt")}
    said = [(words[type(e)], e) for e in metadata if type(e) in words]
    return "".join(f" {word} {plain(getattr(e, limit))}" for (word, limit), e in said)


def _size(metadata: tuple[object, ...], one: str, many: str) -> str:
    least = next((e.min_length for e in metadata if isinstance(e, MinLen)), None)
    most = next((e.max_length for e in metadata if isinstance(e, MaxLen)), None)
    parts = [f"at least {least} {one if least == 1 else many}"] if least else []
    parts += [f"at most {most} {one if most == 1 else many}"] if most else []
    return f" ({', '.join(parts)})" if parts else ""


def default(field: FieldInfo) -> str:
    """Say what a key that isn't given is taken for."""
    if field.is_required():
        return "none: it must be given"
    value = field.default
    if value is PydanticUndefined:
        value = field.default_factory() if field.default_factory else None  # type: ignore[call-arg]  # takes nothing
    if isinstance(value, Model):
        differing = value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return f"`{written(differing)}`" if differing else "its keys' defaults"
    return "none" if value in (None, (), {}) else f"`{written(value)}`"


def written(value: object) -> str:
    """Return a value as it is written in a stack file."""
    if isinstance(value, Model):
        return written(value.model_dump(mode="json", by_alias=True))
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key}: {written(inner)}" for key, inner in value.items())
        return f"{{{inside}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(written(inner) for inner in value)}]"
    if isinstance(value, str) and re.fullmatch(r"[\d.]+", value):
        return f'"{value}"'
    return str(value)


def runtime(description: str) -> str:
    """Return the only runtime that offers a setting, or nothing where both do."""
    found = RUNTIME.search(description)
    return (found["runtime"] or found["other"]) if found else ""


def pages() -> Mapping[str, str]:
    """Return the reference: text by file name."""
    sections = [key for key in keys() if "." not in key.path]
    files = {f"{_kebab(key.path)}.md": _page(key) for key in sections}
    rows = "".join(
        f"| [`{key.path}`]({_kebab(key.path)}.md) | {_one_line(key.field.description)} |\n"
        for key in sections
    )
    index = (
        f"{MARK}\n\n# Settings\n\nThe keys of a stack file, below `config:`. A key that isn't "
        "known, or a value that isn't allowed, is an error that names the key and what would do, "
        "before anything starts.\n\n"
        f"| | |\n|---|---|\n{rows}"
    )
    return {"README.md": index, **files}


def _page(section: Key) -> str:
    blocks = [MARK, f"# `{section.path}`", *_about(section)]
    for key in keys():
        if key.path.startswith(section.path) and key.path[len(section.path) :][:1] in {".", "["}:
            blocks += [f"## `{key.path}`", *_about(key)]
    return "\n\n".join(blocks) + "\n"


def _about(key: Key) -> list[str]:
    described = key.field.description or ""
    lines = [f"- Value: {kind(key.field.annotation, flat(tuple(key.field.metadata)))}"]
    lines.append(f"- Default: {default(key.field)}")
    if runtime(described):
        lines.append(f"- Runtime: {runtime(described)} only")
    model = _paragraphs((key.model.__doc__ or "") if key.model else "")
    about = "" if model.startswith(_one_line(described)) else _one_line(described)
    return [text for text in (about, model, "\n".join(lines)) if text]


def _paragraphs(text: str) -> str:
    return "\n\n".join(_one_line(part) for part in text.split("\n\n"))


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _kebab(name: str) -> str:
    return re.sub(r"([A-Z])", r"-\1", name).lower()


def main() -> None:
    """Write the pages, and remove those of sections that are gone."""
    write(FOLDER, pages())


if __name__ == "__main__":
    main()
