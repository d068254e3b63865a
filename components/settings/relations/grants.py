"""Problems between grants and what they are for."""

from collections.abc import Iterator

from components.settings.errors import Problem
from components.settings.relations.draft import Draft
from components.settings.service import ServiceSettings


def grant_problems(draft: Draft) -> Iterator[Problem]:
    """Yield grants on what the stack file doesn't declare."""
    for name, service in draft.services.items():
        yield from _grants(f"services.{name}", service, draft)


def _grants(where: str, service: ServiceSettings, draft: Draft) -> Iterator[Problem]:
    for target in service.grants:
        if target not in draft.queue_names:
            known = ", ".join(sorted(draft.queue_names)) or "none"
            yield Problem(
                f"{where}.grants.{target}",
                f"nothing named {target} is declared; queues are: {known}",
            )
