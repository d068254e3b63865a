"""Tags, and what patterns say of them."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from ..core.values import UNKNOWN, Place


def is_tagged(tags: Place, patterns: tuple[str, ...]) -> bool | None:
    """Whether one of a resource's tags matches a pattern; None if only unknown ones can say it.

    Args:
        tags: the resource's tags.
        patterns: key=value, in whatever case; `*` stands for any text.
    """
    if not isinstance(tags.value, dict):
        return None if tags.value is UNKNOWN else False
    return any_of(_matches(key, value, patterns) for key, value in tags.value.items())


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Whether one of some answers is yes; None if one isn't known and none of the others is."""
    found = set(answers)
    if True in found:
        return True
    return None if None in found else False


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """Whether all of some answers are yes; None if one isn't known and none of the others is no."""
    found = set(answers)
    if False in found:
        return False
    return None if None in found else True


def is_among(text: str, patterns: Iterable[str]) -> bool:
    """Whether a text matches one of some patterns, in whatever case."""
    return any(fnmatchcase(text.lower(), pattern.lower()) for pattern in patterns)


def _matches(key: str, value: object, patterns: tuple[str, ...]) -> bool | None:
    if value is UNKNOWN:
        about_key = is_among(key, (pattern.partition("=")[0] for pattern in patterns))
        return None if about_key else False
    return is_among(f"{key}={value}", patterns)
