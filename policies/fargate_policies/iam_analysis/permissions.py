"""What an identity may do by all its policies together, minus what they deny."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from ..models.iam_document import Statement, concerns, is_everything, matches
from .actions import resource_services

_SERVICE: Final = 2
_NAME: Final = 5
"""Where an ARN has its service, and what is named."""
_WITHOUT_KIND: Final = ("s3", "sns", "sqs")
_NAME_AFTER_KIND: Final = re.compile(r"[\w-]+[/:].", re.DOTALL)


@dataclass(frozen=True)
class Grant:
    """A statement by which an identity may do something.

    Attributes:
        statement: the statement that allows it.
        resources: its patterns of resources that the action works on and nothing denies.
    """

    statement: Statement
    resources: tuple[str, ...]


@dataclass(frozen=True)
class Permissions:
    """The statements of all policies of an identity."""

    statements: tuple[Statement, ...]

    def grants(
        self, action: str, denying: Callable[[Statement], bool] = lambda deny: not deny.conditions
    ) -> Iterator[Grant]:
        """Yield what allows an action such as iam:PassRole and isn't denied.

        Args:
            action: in full, without a wildcard.
            denying: whether a statement that denies the action does so in the case at hand; by
                default only without conditions, since a condition may not hold.
        """
        denials = [s for s in self.statements if not s.allows and s.covers_action(action)]
        denials = [deny for deny in denials if denying(deny)]
        for statement in self.statements:
            if not statement.allows or not statement.covers_action(action):
                continue
            resources = tuple(
                resource
                for resource in (("*",) if statement.not_resources else statement.resources)
                if _works_on(action, resource)
                and not any(_denies(deny, resource) for deny in denials)
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


def is_unnamed(resource: str) -> bool:
    """Whether a pattern of Resource names nothing, not even how names begin.

    What stands after the account is a name (a queue's, a bucket's), or a kind and a name (role/x).
    """
    written, *rest = re.split(r"[*?]", resource, maxsplit=1)
    if not rest:
        return False
    parts = written.split(":", 5)
    if len(parts) <= _NAME:
        return True
    begun = (
        parts[_NAME] if parts[_SERVICE] in _WITHOUT_KIND else _NAME_AFTER_KIND.match(parts[_NAME])
    )
    return not begun


def _works_on(action: str, resource: str) -> bool:
    services = resource_services(action)
    if not services:
        return is_everything(resource)
    return any(concerns(resource, service) for service in services)


def _denies(deny: Statement, resource: str) -> bool:
    if deny.not_resources:
        return not any(
            covers(kept, resource) or covers(resource, kept) for kept in deny.not_resources
        ) and not is_everything(resource)
    return any(covers(pattern, resource) for pattern in deny.resources)
