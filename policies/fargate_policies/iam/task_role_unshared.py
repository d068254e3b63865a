"""task-role-unshared: one service's permissions are no other's."""

from collections import defaultdict
from typing import Final

from pulumi_policy import Severity

from ..core.rule import Member, Stack, StackRule
from ..core.sources import guide
from ..core.values import UNKNOWN, Findings, Place, Undecided, Violation
from ..models.containers import CONTAINER_TYPES, JOB_DEFINITION, TASK_DEFINITION
from ..models.roles import OWN, roles

_NAMES: Final = {TASK_DEFINITION: "family", JOB_DEFINITION: "name"}


def _check(stack: Stack) -> Findings:
    users: defaultdict[str, list[tuple[Member, Place]]] = defaultdict(list)
    for definition in stack.of_type(*CONTAINER_TYPES):
        for place, role in roles(stack, definition, OWN):
            if role or place.text:
                users[role.urn if role else place.text].append((definition, place))
            elif place.value is UNKNOWN:
                yield Undecided(f"{place.path} of {definition.name}")
    for uses in users.values():
        if len({_family(definition) for definition, _ in uses}) > 1:
            for definition, place in uses:
                others = sorted({other.name for other, _ in uses} - {definition.name})
                yield Violation(
                    f"{place.path}: is the role of {', '.join(others)} too", definition.urn
                )


def _family(definition: Member) -> tuple[str, str]:
    """Return what the revisions of a definition have in common."""
    name = definition.at(_NAMES[definition.type]).text
    return definition.type, name or definition.urn


RULE = StackRule(
    name="task-role-unshared",
    description="Every task family and every job has a role of its own for its program.",
    fix="Create one role for each family and job, with the permissions that it alone needs.",
    severity=Severity.HIGH,
    mandatory=False,
    sources=guide(
        "Amazon ECS developer guide",
        "IAM roles for tasks",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html",
    ),
    types=CONTAINER_TYPES,
    check=_check,
)
