"""Values as the engine sends them, read into plain ones.

The SDK reads them too, but forgets what was secret, raises at numbers that JSON doesn't have and at
marks that it doesn't know, and an exception that leaves a policy fails the whole operation.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from google.protobuf import struct_pb2
from pulumi_policy import proxy

from .values import UNKNOWN, Value, as_secret

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key by which secrets, files and archives differ from other objects."""
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the wire's mark, no secret

UNKNOWN_TEXTS: Final = frozenset(
    {
        proxy.UNKNOWN_BOOLEAN_VALUE,
        proxy.UNKNOWN_NUMBER_VALUE,
        proxy.UNKNOWN_STRING_VALUE,
        proxy.UNKNOWN_ARRAY_VALUE,
        proxy.UNKNOWN_ASSET_VALUE,
        proxy.UNKNOWN_ARCHIVE_VALUE,
        proxy.UNKNOWN_OBJECT_VALUE,
    }
)
"""What stands for a value that isn't known before the deployment."""


def unpacked(properties: struct_pb2.Struct) -> dict[str, Any]:
    """Return a request's properties as the JSON that they stand for, with all marks in it."""
    return {key: _unpacked(value) for key, value in properties.fields.items()}


def _unpacked(value: struct_pb2.Value) -> Any:  # noqa: ANN401 - any JSON
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "number_value":
            return value.number_value
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return unpacked(value.struct_value)
        case "list_value":
            return [_unpacked(item) for item in value.list_value.values]
        case _:
            return None


def plain(value: object, *, secret: bool = False) -> Value:
    """Return a value of the engine's or the SDK's as None, bool, int, float, str, list or dict.

    What isn't known becomes UNKNOWN, and so does a file or an archive: a policy can't read it.
    Texts and numbers that are secret, or in something secret, are values.Secret besides.
    """
    if isinstance(value, str | bool | int | float):
        return _single(value, secret=secret)
    if isinstance(value, dict) and SIGNATURE in value:
        is_secret = value[SIGNATURE] == SECRET
        return plain(value.get("value"), secret=True) if is_secret else UNKNOWN
    if isinstance(value, Mapping):
        return {
            as_secret(str(key)) if secret else str(key): _item(value, key, secret=secret)
            for key in value
        }
    if isinstance(value, Sequence):
        return [_item(value, index, secret=secret) for index in range(len(value))]
    return None if value is None else UNKNOWN


def _item(container: Any, key: Any, *, secret: bool) -> Value:  # noqa: ANN401 - a proxy, a list or a dict
    try:
        return plain(container[key], secret=secret)
    except proxy.UnknownValueError:
        return UNKNOWN


def written(decoded: object, *, secret: bool) -> Value:
    """Return what a text held as JSON, where no object is a mark, but a text may be unknown."""
    if isinstance(decoded, dict):
        return {
            as_secret(key) if secret else key: written(item, secret=secret)
            for key, item in decoded.items()
        }
    if isinstance(decoded, list):
        return [written(item, secret=secret) for item in decoded]
    return decoded if decoded is None else _single(decoded, secret=secret)


def _single(value: object, *, secret: bool) -> Value:
    if value in UNKNOWN_TEXTS:
        return UNKNOWN
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return as_secret(value) if secret else value


def is_deeper(document: object, levels: int) -> bool:
    """Whether JSON has more levels of lists and objects: too many for rules that look on all."""
    level = [document]
    for _ in range(levels):
        level = [inner for each in level for inner in _inside(each)]
    return any(isinstance(each, dict | list) for each in level)


def _inside(value: Any) -> Iterable[Any]:  # noqa: ANN401 - any JSON
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
