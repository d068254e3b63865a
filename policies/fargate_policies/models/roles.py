"""The roles that task and job definitions name."""

from collections.abc import Iterable, Iterator

from ..core.rule import Member, Stack
from ..core.values import Place, Violation
from .containers import TASK_DEFINITION, job_tasks, own_role
from .iam_document import ROLE

OWN = "taskRoleArn"
EXECUTION = "executionRoleArn"


def roles(stack: Stack, definition: Member, key: str) -> Iterator[tuple[Place, Member | None]]:
    """Yield where a definition names a role, and the role if the stack has it.

    Args:
        stack: the stack.
        definition: a task definition or a job definition, whose roles stand in a JSON text.
        key: OWN or EXECUTION.
    """
    if definition.type == TASK_DEFINITION:
        found = stack.referred(definition, key, (ROLE,))
        yield definition.at(key), found[0] if found else None
    else:
        for task in job_tasks(definition):
            if isinstance(task, Violation):
                continue  # Another rule says so.
            place = own_role(task) if key == OWN else task.at(key)
            yield place, stack.named(place.text, (ROLE,))


def roles_of_families(stack: Stack, families: Iterable[str]) -> frozenset[str] | None:
    """Return the names of the roles that the task definitions of families name.

    None if there are none, the stack doesn't hold them all, or a preview doesn't know a name.
    """
    by_family = stack.with_text(TASK_DEFINITION, "family")
    found = [by_family.get(family, []) for family in families]
    named = [
        (place, role)
        for definitions in found
        for definition in definitions
        for key in (OWN, EXECUTION)
        for place, role in roles(stack, definition, key)
        if place.present
    ]
    names = frozenset(
        place.text.rpartition("/")[2] or (role.at("name").text if role else "")
        for place, role in named
    )
    return names if found and all(found) and "" not in names else None
