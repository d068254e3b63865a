"""Problems between settings: what each key allows alone and all of them together don't."""

from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.relations.calls import call_problems
from components.settings.relations.draft import Draft
from components.settings.relations.grants import grant_problems
from components.settings.relations.network import network_problems
from components.settings.relations.routes import route_problems
from components.settings.relations.runtimes import runtime_problems

__all__ = ["Draft", "relation_problems"]


def relation_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what doesn't fit together in `draft`."""
    for problems in (
        network_problems,
        runtime_problems,
        call_problems,
        grant_problems,
        route_problems,
    ):
        yield from problems(draft)
