"""The two searches for privilege escalation, with one kind of answer: ways, as sets of actions."""

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from cloudsplaining.scan.policy_document import PolicyDocument
from cloudsplaining.shared.constants import PRIVILEGE_ESCALATION_METHODS
from fargate_policies.core.rule import Member, Stack
from fargate_policies.core.values import Place
from fargate_policies.iam_analysis.escalation import METHODS, Method, escalations
from fargate_policies.iam_analysis.identities import POLICY, identities
from fargate_policies.models.iam_document import ROLE

from tests.policies.oracle.published import Document, Role
from tests.policies.protocol import urn

Way = frozenset[str]
"""The actions that a way takes, in lower case."""

THEIR_WAYS: Final = {name: Way(way) for name, way in PRIVILEGE_ESCALATION_METHODS.items()}
_ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def _taken(method: Method) -> Way:
    passing = ("iam:PassRole",) if method.passed_to else ()
    return Way(action.lower() for action in (*method.actions, *passing))


OUR_WAYS: Final = frozenset(map(_taken, METHODS))


def theirs(document: Document) -> frozenset[Way]:
    """Return the ways that cloudsplaining finds in a policy."""
    return _theirs(json.dumps(document))


def ours(document: Document, name: str = "policy") -> frozenset[Way]:
    """Return the ways that the pack finds in a managed policy which no role of its stack has."""
    return _ours(json.dumps(document), name)


def ours_of_role(role: Role) -> frozenset[Way]:
    """Return the ways that the pack finds in all policies of a role together."""
    holder = _member(ROLE, role.name, {"name": role.name})
    members = [holder]
    for policy in role.policies:
        held = _policy(policy.name, json.dumps(policy.document))
        refers = {"role": (holder.urn,), "policyArn": (held.urn,)}
        members += [held, _member(_ATTACHMENT, f"{role.name}-{policy.name}", {}, refers)]
    return _found(Stack(tuple(members)))


def theirs_of_role(role: Role) -> frozenset[Way]:
    """Return the ways that cloudsplaining finds in the policies of a role, each by itself."""
    return frozenset().union(*(theirs(policy.document) for policy in role.policies))


@cache
def _theirs(document: str) -> frozenset[Way]:
    found = PolicyDocument(json.loads(document)).allows_privilege_escalation
    return frozenset(Way(each["actions"]) for each in found)


@cache
def _ours(document: str, name: str) -> frozenset[Way]:
    return _found(Stack((_policy(name, document),)))


def _found(stack: Stack) -> frozenset[Way]:
    [identity] = identities(stack)
    return frozenset(map(_taken, escalations(identity)))


def _policy(name: str, document: str) -> Member:
    return _member(POLICY, name, {"name": name, "policy": document})


def _member(
    kind: str,
    name: str,
    properties: dict[str, str],
    refers: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> Member:
    return Member(kind, name, urn(kind, name), lambda: Place(properties, ""), refers)
