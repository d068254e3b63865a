"""By what the properties of other resources name a resource."""

import re
from collections.abc import Iterator
from typing import Final

from .values import Place, Value

_KEYS: Final = ("id", "arn", "url")
_OF_IAM: Final = {"aws:iam/policy:Policy": "policy", "aws:iam/role:Role": "role"}
_IAM_ARN: Final = re.compile(r"arn:[^:]*:iam::[0-9]{12}:(policy|role)/(?:.*/)?([^/]+)")


def names(kind: str, properties: Place) -> Iterator[str]:
    """Yield what names a resource of a type: its id, ARN and URL, as far as they are known.

    A role or a policy whose ARN a preview doesn't know, by its name too: it is unique in an account
    whatever the path, and others may have written the ARN out.
    """
    yield from (text for key in _KEYS if (text := properties.at(key).text))
    name = properties.at("name").text
    if kind in _OF_IAM and name and not properties.at("arn").text:
        yield f"{_OF_IAM[kind]}/{name}"


def named_by(text: str) -> Iterator[str]:
    """Yield which of these a text may be."""
    yield text
    if arn := _IAM_ARN.fullmatch(text):
        yield f"{arn[1]}/{arn[2]}"


def texts(value: Value) -> set[str]:
    """Return all texts in a value that aren't empty."""
    if isinstance(value, str):
        return {value} - {""}
    children = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        return {text for child in children for text in texts(child)}
    return set()
