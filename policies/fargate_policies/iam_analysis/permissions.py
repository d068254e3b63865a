"""What an identity may do by all its policies together, minus what they deny."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..models.iam_document import Statement, concerns, has_wildcard, is_everything, matches
from .actions import resource_patterns

_SERVICE: Final = 2
_NAME: Final = 5
"""Where an ARN has its service, and what is named."""
_WITHOUT_KIND: Final = ("s3", "sns", "sqs")
_PARTITION: Final = re.compile(r"^arn:[^:]*:")
_STARS: Final = re.compile(r"\*+")
_NAME_AFTER_KIND: Final = re.compile(r"[\w-]+[/:].", re.DOTALL)


@dataclass(frozen=True)
class Grant:
    """A statement by which an identity may do something.

    Attributes:
        statement: the statement that allows it.
        resources: its patterns of resources of the kinds in question that nothing denies.
    """

    statement: Statement
    resources: tuple[str, ...]


@dataclass(frozen=True)
class Permissions:
    """What an identity may do.

    Attributes:
        statements: those of all its policies.
        limits: those of its permissions boundary, which allow nothing by themselves: what they
            don't allow, and what they deny, it may not. None without a boundary that is known.
    """

    statements: tuple[Statement, ...]
    limits: tuple[Statement, ...] | None = None

    def grants(
        self,
        action: str,
        denying: Callable[[Statement], bool] = lambda deny: not deny.conditions,
        kinds: tuple[str, ...] = (),
    ) -> Iterator[Grant]:
        """Yield what allows an action such as iam:PassRole and isn't denied.

        Args:
            action: in full, without a wildcard.
            denying: whether a statement that denies the action does so in the case at hand; by
                default only without conditions, since a condition may not hold.
            kinds: patterns of the ARNs in question, such as arn:*:iam::*:role/*; by default of
                those that the action can be restricted to.
        """
        kinds = kinds or resource_patterns(action)
        limits = [s for s in self.limits or () if s.covers_action(action)]
        if self.limits is not None and not any(limit.allows for limit in limits):
            return
        concerned = [s for s in self.statements if s.covers_action(action)]
        denials = [s for s in (*concerned, *limits) if not s.allows]
        denials = [deny for deny in denials if denying(deny)]
        for statement in concerned:
            if not statement.allows:
                continue
            resources = tuple(
                resource
                for resource in (("*",) if statement.not_resources else statement.resources)
                if _is_of(kinds, resource)
                and not any(_denies(deny, resource, kinds) for deny in denials)
            )
            if resources:
                yield Grant(statement, resources)


def covers(general: str, special: str) -> bool:
    """Whether a pattern matches whatever another pattern matches.

    Wildcards of the other stand for nothing, and for more than any `?` can match.
    """
    shortest = special.replace("*", "").replace("?", "\0")
    longest = special.replace("*", "\0" * 256).replace("?", "\0")
    return matches(general, shortest) and matches(general, longest)


@lru_cache(maxsize=32768)
def can_match(resource: str, kind: str) -> bool:
    """Whether a pattern of Resource can match an ARN of a kind, such as arn:*:iam::*:role/*."""
    parts, of_kind = resource.split(":", _NAME), kind.split(":", _NAME)
    if len(parts) <= _NAME:  # a wildcard that stands for several parts
        return concerns(resource, of_kind[_SERVICE])
    return all(map(overlap, parts, of_kind))


def overlap(one: str, other: str) -> bool:
    """Whether a text can match both of two patterns, whatever its case."""
    one, other = (_STARS.sub("*", pattern.lower()) for pattern in (one, other))
    # Up to where the other pattern can have matched what the read part of the first one stands for.
    reached = _past_stars({0}, other)
    for char in one:
        if char == "*":
            reached = set(range(min(reached), len(other) + 1))
        else:
            read = {
                place if other[place] == "*" else place + 1
                for place in reached
                if place < len(other) and (char == "?" or other[place] in (char, "*", "?"))
            }
            reached = _past_stars(read, other)
        if not reached:
            return False
    return len(other) in reached


def _past_stars(places: set[int], pattern: str) -> set[int]:
    """Add the places behind stars, which can stand for nothing."""
    return places | {place + 1 for place in places if pattern[place : place + 1] == "*"}


def is_unnamed(resource: str) -> bool:
    """Whether a pattern of Resource names nothing, not even how names begin.

    What stands after the account is a name (a queue's, a bucket's), or a kind and a name (role/x).
    A name in any region or account is one.
    """
    parts = resource.split(":", _NAME)
    if len(parts) <= _NAME:
        return has_wildcard(resource)
    if not has_wildcard(parts[_NAME]):
        return False
    begun = re.split(r"[*?]", parts[_NAME])[0]
    return not (begun if parts[_SERVICE] in _WITHOUT_KIND else _NAME_AFTER_KIND.match(begun))


def _is_of(kinds: tuple[str, ...], resource: str) -> bool:
    """Whether a pattern of Resource is about one of some kinds; only `*` is where there is none."""
    return is_everything(resource) or any(can_match(resource, kind) for kind in kinds)


def _denies(deny: Statement, resource: str, kinds: tuple[str, ...]) -> bool:
    if deny.not_resources:
        return not any(
            covers(kept, resource) or covers(resource, kept) for kept in deny.not_resources
        )
    if any(covers(pattern, resource) for pattern in deny.resources):
        return True
    # Whatever else a pattern such as `*` stands for, the action is about these kinds alone.
    return bool(kinds) and all(
        any(_covers_kind(pattern, kind) for pattern in deny.resources) for kind in kinds
    )


def _covers_kind(pattern: str, kind: str) -> bool:
    """Whether a pattern matches all ARNs of a kind; an identity acts in one partition alone."""
    return covers(_PARTITION.sub("", pattern), _PARTITION.sub("", kind))
