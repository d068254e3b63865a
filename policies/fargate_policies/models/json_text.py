"""Reading JSON that a property holds as text."""

import json
import math
from typing import Any, Final

from ..core.values import Place, Secret, Violation
from ..core.wire import UNKNOWN_TEXTS, is_deeper, written

DEEPEST: Final = 100
"""Levels of lists and objects that are read; what AWS takes has far fewer."""


def parsed(place: Place) -> Place | Violation:
    """Return the place with its JSON text decoded; objects and what isn't known stay as they are.

    A violation says that it isn't JSON. Names that occur twice in an object count as such: readers
    differ in which of the two they take, so AWS might see another document than this pack. Whatever
    a secret text holds is secret.
    """
    if not isinstance(place.value, str):
        return place
    if not place.value.strip():
        return Place(None, place.path)
    try:
        decoded = json.loads(
            place.value,
            object_pairs_hook=_object,
            parse_constant=_no_such_constant,
            parse_float=_finite,
        )
    except (ValueError, RecursionError):
        # Without the parser's message: it may quote the text.
        return Violation(f"{place.path}: is not valid JSON (or names a key twice)")
    # Most texts have fewer brackets than that.
    if place.value.count("[") + place.value.count("{") > DEEPEST and is_deeper(decoded, DEEPEST):
        return Violation(f"{place.path}: is nested too deeply")
    secret = isinstance(place.value, Secret)
    if secret or any(text in place.value for text in UNKNOWN_TEXTS):
        decoded = written(decoded, secret=secret)
    return Place(decoded, place.path)


def text_list(place: Place) -> tuple[str, ...] | None:
    """Return a text or a list of texts as a tuple, an absent one as empty; None if it is neither.

    IAM writes one or many this way everywhere.
    """
    value = place.value
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError
    return result


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError
    return number


def _no_such_constant(_: str) -> None:
    raise ValueError
