"""The patterns of a .dockerignore file: which files of a build context no image can see.

Docker's own rules (Docker documentation, "Build context", .dockerignore files): patterns are
relative to the context, the last one that matches a file or a folder above it decides, and ! takes
a file back in.
"""

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Pattern:
    """One line of an ignore file."""

    expression: re.Pattern[str]
    ignores: bool
    """False for a line that starts with !, which takes files back in."""

    def matches(self, path: str) -> bool:
        """Say whether the file, or a folder above it, is meant."""
        return any(self.expression.fullmatch(part) for part in _with_folders(path))


def parse(text: str) -> Sequence[Pattern]:
    """Return the patterns of an ignore file in its order.

    Raises:
        ValueError: a line isn't a pattern.
    """
    lines = text.removeprefix("\ufeff").split("\n")
    return [_pattern(line.strip()) for line in lines if line.strip() and not line.startswith("#")]


def is_ignored(path: str, patterns: Iterable[Pattern]) -> bool:
    """Say whether a file, its path relative to the context and with slashes, is left out."""
    ignored = False
    for pattern in patterns:
        if pattern.ignores != ignored and pattern.matches(path):
            ignored = pattern.ignores
    return ignored


def _with_folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


def _pattern(line: str) -> Pattern:
    takes_back = line.startswith("!")
    text = line.removeprefix("!").strip()
    if not text:
        raise ValueError("! takes back nothing: a pattern has to follow it")
    cleaned = posixpath.normpath(text).lstrip("/") or "/"
    return Pattern(re.compile(_expression(cleaned), re.DOTALL), ignores=not takes_back)


_TOKEN = re.compile(
    r"(?P<anywhere>\*\*/?)|(?P<many>\*)|(?P<one>\?)|(?P<class>\[\^?(?:\\.|[^\]\\])+\])"
    r"|\\(?P<escaped>.)|(?P<literal>[^\[\\])",
    re.DOTALL,
)


def _expression(pattern: str) -> str:
    found, position = "", 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            raise ValueError(f"{pattern} isn't a pattern: it ends inside of [ or after \\")
        position = token.end()
        match token.lastgroup:
            case "anywhere":
                found += ".*" if position == len(pattern) else _folders(token, pattern)
            case "many":
                found += "[^/]*"
            case "one":
                found += "[^/]"
            case "class":
                found += token["class"]
            case _:
                found += re.escape(token["escaped"] or token["literal"])
    return found


def _folders(token: re.Match[str], pattern: str) -> str:
    """Any number of folders; in front of mere text, without a slash, any beginning at all."""
    mere_text = not re.search(r"[*?\[\]\\]", pattern[token.end() :])
    return ".*" if token[0] == "**" and token.start() == 0 and mere_text else "(?:.*/)?"
