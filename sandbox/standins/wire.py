"""Property values as they travel between engine and provider: protobuf Structs and plain dicts.

The engine marks what a preview can't know by fixed strings; they stay ordinary strings here, so a
value can be passed on without ever being interpreted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from google.protobuf import struct_pb2

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands for an unknown value on the wire (sdk/go/common/resource/plugin/rpc.go)."""

UNKNOWNS = frozenset(
    {
        UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a type signature of the protocol
_RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

Properties: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[str | int, ...]
"""Keys and indices from the top of the properties to a value."""


def is_unknown(value: object) -> bool:
    """Whether the value itself is unknown (not merely holds something unknown)."""
    return isinstance(value, str) and value in UNKNOWNS


def has_unknown(value: object) -> bool:
    """Whether the value is unknown or holds an unknown at any depth."""
    if isinstance(value, dict):
        return any(has_unknown(v) for v in value.values())
    if isinstance(value, list):
        return any(has_unknown(v) for v in value)
    return isinstance(value, str) and any(mark in value for mark in UNKNOWNS)


def to_dict(struct: struct_pb2.Struct) -> Properties:
    """The plain form of a Struct: whole numbers as int, secret wrappers and references removed."""
    return {key: _plain(value) for key, value in struct.fields.items()}


def _plain(value: struct_pb2.Value) -> Any:  # noqa: ANN401 - any JSON value
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_plain(item) for item in value.list_value.values]
    if kind == "struct_value":
        return _unwrapped({k: _plain(v) for k, v in value.struct_value.fields.items()})
    return None


def _unwrapped(value: Properties) -> Any:  # noqa: ANN401 - any JSON value
    signature = value.get(_SIGNATURE)
    if signature in {_SECRET, _OUTPUT}:
        return value.get("value", UNKNOWN)
    if signature == _RESOURCE:
        return value.get("id", value.get("urn"))
    return value


def secret_paths(struct: struct_pb2.Struct) -> frozenset[Path]:
    """Where a Struct holds secrets."""
    return frozenset(_secrets(struct.fields, ()))


def _secrets(fields: Mapping[str, struct_pb2.Value], path: Path) -> Iterator[Path]:
    for key, value in fields.items():
        yield from _secrets_at(value, (*path, key))


def _secrets_at(value: struct_pb2.Value, path: Path) -> Iterator[Path]:
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        for index, item in enumerate(value.list_value.values):
            yield from _secrets_at(item, (*path, index))
    elif kind == "struct_value":
        fields = value.struct_value.fields
        if _SIGNATURE in fields and fields[_SIGNATURE].string_value == _SECRET:
            yield path
        else:
            yield from _secrets(fields, path)


def to_struct(
    properties: Mapping[str, Any], secrets: Collection[Path] = frozenset()
) -> struct_pb2.Struct:
    """The Struct of a plain dict; None values are left out, as the engine does.

    Args:
        properties: the plain dict.
        secrets: paths whose values are marked as secret.
    """
    struct = struct_pb2.Struct()
    for key, value in properties.items():
        if value is not None:
            _set(struct.fields[key], value, (key,), secrets)
    return struct


def _set(
    target: struct_pb2.Value,
    value: Any,  # noqa: ANN401 - any JSON value
    path: Path,
    secrets: Collection[Path],
) -> None:
    if path in secrets:
        target.struct_value.fields[_SIGNATURE].string_value = _SECRET
        _set(target.struct_value.fields["value"], value, (), frozenset())
    elif value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, int | float):
        target.number_value = value
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, dict):
        target.struct_value.SetInParent()
        for key, item in value.items():
            _set(target.struct_value.fields[key], item, (*path, key), secrets)
    else:
        target.list_value.SetInParent()
        for index, item in enumerate(value):
            _set(target.list_value.values.add(), item, (*path, index), secrets)
