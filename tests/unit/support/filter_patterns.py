"""CloudWatch Logs' filter patterns for JSON, as far as this platform writes them.

Source: Amazon CloudWatch Logs user guide, "Using filter patterns to match terms in JSON log
events": comparisons in parentheses, joined by && and ||, with strings in quotes (an asterisk stands
for any text) and integers. A property that isn't there, or that is
an object or a list, matches nothing. What it doesn't describe is an error here.
"""

import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

_TOKENS: Final = re.compile(
    r"""\s*(?:
        (?P<selector>\$(?:\.[A-Za-z0-9_-]+(?:\[\d+\])?)+)
        | (?P<string>"[^"]*")
        | (?P<number>\d+)
        | (?P<symbol>&&|\|\||[>!]=|[()=])
    )""",
    re.VERBOSE,
)
LONGEST: Final = 1024
"""Characters of a pattern (PutMetricFilter in the API reference)."""

_COMPARISONS: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
}
"""Of numbers."""


def matches(pattern: str, event: object) -> bool:
    """Say whether a pattern matches an event."""
    assert len(pattern) <= LONGEST
    assert pattern.startswith("{")
    assert pattern.endswith("}")
    tokens = list(_tokens(pattern[1:-1].strip()))
    found = _any(tokens, json.loads(json.dumps(event)))
    assert not tokens, f"left over: {tokens}"
    return found


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        found = _TOKENS.match(text, at)
        assert found, f"not understood: {text[at:]}"
        yield found[0].strip()
        at = found.end()


def _any(tokens: list[str], event: Any) -> bool:  # noqa: ANN401 - any JSON
    found = _all(tokens, event)
    while tokens and tokens[0] == "||":
        tokens.pop(0)
        found = _all(tokens, event) or found
    return found


def _all(tokens: list[str], event: Any) -> bool:  # noqa: ANN401 - any JSON
    found = _one(tokens, event)
    while tokens and tokens[0] == "&&":
        tokens.pop(0)
        found = _one(tokens, event) and found
    return found


def _one(tokens: list[str], event: Any) -> bool:  # noqa: ANN401 - any JSON
    if tokens[0] == "(":
        tokens.pop(0)
        found = _any(tokens, event)
        assert tokens.pop(0) == ")"
        return found
    selector, sign, wanted = (tokens.pop(0) for _ in range(3))
    assert selector.startswith("$")
    value = _at(selector, event)
    if wanted.startswith('"'):
        assert sign == "="
        return isinstance(value, str) and fnmatchcase(value, wanted.strip('"'))
    number = isinstance(value, int) and not isinstance(value, bool)
    return number and _COMPARISONS[sign](value, int(wanted))


def _at(selector: str, event: Any) -> Any:  # noqa: ANN401 - any JSON
    value: Any = event
    for name, index in re.findall(r"\.([A-Za-z0-9_-]+)(?:\[(\d+)\])?", selector):
        value = value.get(name) if isinstance(value, dict) else None
        if index:
            elements = value if isinstance(value, list) else []
            value = elements[int(index)] if int(index) < len(elements) else None
    return value
