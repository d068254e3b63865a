"""Reading JSON that a property holds as text."""

import json
import math
from typing import Any

from ..core.values import Place, Violation


def parsed(place: Place) -> Place | Violation:
    """Return the place with its JSON text decoded; objects and what isn't known stay as they are.

    A violation says that it isn't JSON. Names that occur twice in an object count as such: readers
    differ in which of the two they take, so AWS might see another document than this pack.
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
