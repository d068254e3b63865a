"""Checks of values against the shapes of AWS's own API models, as botocore installs them."""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, Any

from sandbox.standins.wire import has_unknown, is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.standins.aws.kinds import Operation

Shapes = dict[str, dict[str, Any]]
_MOST_LISTED = 40  # allowed values that a message still lists


@functools.cache
def service(name: str) -> dict[str, Any]:
    """A service's API model: its operations and shapes.

    Args:
        name: botocore's name of the service, such as ``elbv2``.
    """
    from botocore.loaders import (  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; 0.15 s
        Loader,
    )

    model = Loader().load_service_model(name, "service-2")
    return {"operations": model["operations"], "shapes": model["shapes"]}


@functools.cache
def parameters(service_name: str, operation: str) -> tuple[Shapes, str]:
    """The shapes of a service, and the name of an operation's input shape."""
    model = service(service_name)
    return model["shapes"], model["operations"][operation]["input"]["shape"]


@functools.cache
def pattern(text: str) -> re.Pattern[str] | None:
    """A pattern of a model, compiled; None if Python can't express it.

    AWS's patterns are Java's, which match the whole value and write character classes in ways
    that Python doesn't know; those that aren't translated here are pinned by a test.
    """
    translated = text
    for java, python in _JAVA:
        translated = translated.replace(java, python)
    try:
        return re.compile(rf"(?:{translated})\Z")
    except re.error:
        return None


# Java's spelling to Python's, for what occurs in the models of the services that are checked.
_JAVA = (
    (r"[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]+", r"[^\x00-\x1f\x7f]+"),  # all that is printed
    (r"\p{L}", r"\w"),  # wider by digits and the underscore: Python has no class of letters
    (r"\p{Z}", r"\s"),
    (r"\p{N}", r"\d"),
    (r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"),
    (r"[\w-_]", r"[\w\-_]"),
    (r"\p{Print}+", r"[\x20-\x7e]+"),
    (r"\p{ASCII}+", r"[\x00-\x7f]+"),
    (r"\p{ASCII}*", r"[\x00-\x7f]*"),
)


def member(shapes: Shapes, structure: str, name: str) -> str | None:
    """The parameter that a property becomes: same name but for case and a plural ending."""
    return _members(id(shapes), structure, tuple(shapes[structure].get("members", {}))).get(
        _normal(name)
    )


@functools.cache
def _members(shapes: int, structure: str, names: tuple[str, ...]) -> dict[str, str]:
    del shapes, structure  # they make the cache's key
    return {_normal(name): name for name in reversed(names)}


@functools.cache
def _normal(name: str) -> str:
    """Lower case, singular: ``capacityProviderStrategies`` is ``capacityproviderstrategy``."""
    lowered = name.lower()
    for plural, singular in (("sses", "ss"), ("ies", "y"), ("ss", "ss"), ("s", "")):
        if lowered.endswith(plural):
            return lowered.removesuffix(plural) + singular
    return lowered


def violations(operation: Operation, inputs: Mapping[str, Any]) -> Iterator[str]:
    """What an API operation would refuse about a resource's inputs."""
    shapes, root = parameters(operation.service, operation.name)
    for name in {**inputs, **operation.renames}:
        value = value_at(inputs, name)
        if value is None or name in operation.skips or name == "__defaults":
            continue
        shape = at(shapes, root, operation.renames.get(name, name))
        if shape is None:
            continue
        if name in operation.json and isinstance(value, str):
            value = _document(value)
        yield from _check(shapes, shape, value, name)


def value_at(inputs: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - any JSON value
    """The value at a dotted path; None if it is absent."""
    found: Any = inputs
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def at(shapes: Shapes, root: str, path: str) -> str | None:
    """The shape of a parameter, through structures and lists of structures."""
    shape = root
    for step in path.split("."):
        if shapes[shape]["type"] == "list":
            shape = shapes[shape]["member"]["shape"]
        found = member(shapes, shape, step)
        if found is None:
            return None
        shape = shapes[shape]["members"][found]["shape"]
    return shape


def _document(text: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(text)
    except ValueError:
        return None  # a check of its own says that it isn't JSON


def _check(shapes: Shapes, name: str, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if value is None or is_unknown(value):
        return
    shape = shapes[name]
    check = _CHECKS.get(shape["type"])
    if check is not None:
        yield from check(shapes, shape, value, path)


def _structure(shapes: Shapes, shape: dict[str, Any], value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _structure(shapes, shape, item, f"{path}[{index}]")
        return
    if not isinstance(value, dict):
        return
    known = {_normal(n): m["shape"] for n, m in shape.get("members", {}).items()}
    for key, item in value.items():
        found = known.get(_normal(key)) or known.get(_normal(key) + "config")
        if found:
            yield from _check(shapes, found, item, f"{path}.{key}")


def _list(shapes: Shapes, shape: dict[str, Any], value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict) and _is_pair(shapes, shape["member"]["shape"]):
        value = [{"key": key, "value": item} for key, item in value.items()]
    items = value if isinstance(value, list) else [value]  # the SDK flattens lists of one
    yield from _size(shape, len(items), path, "items")
    for index, item in enumerate(items):
        at = f"{path}[{index}]" if isinstance(value, list) else path
        yield from _check(shapes, shape["member"]["shape"], item, at)


def _is_pair(shapes: Shapes, name: str) -> bool:
    """Whether a shape is a key with a value, as of tags, which the SDK writes as an object."""
    return {m.lower() for m in shapes[name].get("members", {})} == {"key", "value"}


def _map(shapes: Shapes, shape: dict[str, Any], value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if not isinstance(value, dict):
        return
    yield from _size(shape, len(value), path, "entries")
    for key, item in value.items():
        yield from _check(shapes, shape["key"]["shape"], key, f"{path}, the key '{key}'")
        yield from _check(shapes, shape["value"]["shape"], item, f"{path}.{key}")


def _string(_: Shapes, shape: dict[str, Any], value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict | list | bool):
        return  # the provider writes the text, such as ENABLED for true
    text = str(value)
    if has_unknown(text):
        return
    allowed = shape.get("enum")
    if allowed and text not in allowed:
        listed = ", ".join(allowed[:_MOST_LISTED]) + (", …" if len(allowed) > _MOST_LISTED else "")
        yield f"{path}: must be one of {listed}"
        return
    yield from _size(shape, len(text), path, "characters")
    matcher = pattern(shape["pattern"]) if shape.get("pattern") else None
    if matcher and not matcher.match(text):
        yield f"{path}: must match {shape['pattern']}"


def _number(_: Shapes, shape: dict[str, Any], value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    try:
        number = float(value)
    except (TypeError, ValueError):
        yield f"{path}: must be a number"
        return
    low, high = shape.get("min"), shape.get("max")
    if (low is not None and number < low) or (high is not None and number > high):
        yield f"{path}: {_range(low, high, '')}"


def _size(shape: dict[str, Any], size: int, path: str, unit: str) -> Iterator[str]:
    low, high = shape.get("min"), shape.get("max")
    if (low is not None and size < low) or (high is not None and size > high):
        yield f"{path}: {_range(low, high, f' {unit}')}; this has {size}"


def _range(low: float | None, high: float | None, unit: str) -> str:
    if low is None:
        return f"must be at most {high}{unit}"
    if high is None:
        return f"must be at least {low}{unit}"
    return f"must be {low} to {high}{unit}"


_CHECKS = {
    "double": _number,
    "float": _number,
    "integer": _number,
    "list": _list,
    "long": _number,
    "map": _map,
    "string": _string,
    "structure": _structure,
}
