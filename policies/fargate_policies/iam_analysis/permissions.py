"""What an identity may do by all its policies together, minus what they deny."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..models.iam_document import Statement, concerns, is_everything, matches
from .actions import resource_services


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
